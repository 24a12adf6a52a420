/**
 * Acquire: free slabs for a class or for a large block. An EMPTY one that served the class (P7), a free one of a
 * SuperSlab in use (P8), a SuperSlab from the LRU or from the memory (P9).
 */
import { endPage } from "../../host/memory";
import { hasPages } from "../growth";
import { mayFitIdle, releaseIdle } from "../idle";
import { load32, loadRacy32, store32 } from "../intrinsics";
import { claimTails } from "../large-block";
import {
  endSuperSlab,
  firstSuperSlab,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  self,
  slabAt,
  superSlabOf,
  usedSuperSlabs,
} from "../memory-map";
import { claim, isFree, ownerOf } from "../ownership";
import { addressOf } from "../page";
import { findFree } from "../page-bitmap";
import { Slab, SuperSlab } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Page } from "../types";
import { popEmpty } from "./empty-list";
import { markFree, markUsed } from "./hints";
import { isGateOpen, passGate } from "./mmap-gate";
import { releaseSlot } from "./release";
import { enlivenAt, KEPT, LIVE, reach, touchedPages } from "./superslab-state";

/** A slab for a class, owned by this thread; its page, or 0: no room. */
export function acquireSlab(c: ClassIndex): Page {
  const page = spec.pool.stage1 ? popEmpty(c) : 0;
  return page !== 0 ? page : acquireRun(1, 1);
}

/** `count` slabs in a row from a multiple of `align` pages on, the first owned by this thread; or 0. */
export function acquireRun(count: number, align: number): Page {
  let page = findSlots(count, align);
  if (mayFitIdle(count) && !areTouched(page, count) && releaseIdle()) page = findSlots(count, align);
  const asked = spec.refill.mmapGate > 0 && page !== 0 && !areTouched(page, 1);
  if (asked && !isGateOpen()) return 0;
  while (page !== 0 && !claimSlots(page, count)) page = hasPages(page + count) ? findSlots(count, align) : 0;
  if (spec.refill.mmapGate > 0) passGate(asked);
  return page;
}

/** Claims a slab, if it is free. The caller puts its SuperSlab to use then. */
export function claimSlot(page: Page, as: number): boolean {
  const slab = slabAt(page);
  const seen = ownerOf(slab);
  if (isFree(seen)) {
    reach(page);
    if (claim(slab, seen, as)) {
      markUsed(page);
      return true;
    }
  }
  // The bit that led here was stale. Unless the slab is free again by now, it must not lead here once more.
  markUsed(page);
  if (isFree(ownerOf(slab))) markFree(page);
  return false;
}

function claimSlots(page: Page, count: number): boolean {
  if (!hasPages(page + count) || !claimSlot(page, self)) return false;
  enlivenAt(page);
  const slab = slabAt(page);
  store32(slab + Slab.carved, addressOf(page + count));
  if (claimTails(slab, page + 1, page + count)) return true;
  releaseSlot(slab);
  return false;
}

/** Whether slabs just claimed were never used. */
export function isNew(page: Page, count: number): boolean {
  for (let i = 0; i < count; i++) {
    if (load32(slabAt(page + i) + (spec.lazyZero ? Slab.generation : Slab.dirty)) !== 0) return false;
  }
  return true;
}

function findSlots(count: number, align: number): Page {
  if (count <= SUPER_SLAB_PAGES && align <= SUPER_SLAB_PAGES) {
    const page = findAmong(LIVE, count, align) || findAmong(KEPT, count, align);
    if (page !== 0) return page;
  }
  return findFree(pageOf(firstSuperSlab), endPage, count, align);
}

/** In the first SuperSlab by address that is in use, or kept: not by age, which leaves room for long runs behind it. */
function findAmong(state: number, count: number, align: number): Page {
  const end = usedSuperSlabs();
  for (let superSlab = firstSuperSlab; superSlab < end; superSlab = nextSuperSlab(superSlab)) {
    if ((loadRacy32(superSlab + SuperSlab.state) & state) !== 0) {
      const from = pageOf(superSlab);
      const to = from + SUPER_SLAB_PAGES;
      const page = findFree(from, to < endPage ? to : endPage, count, align);
      if (page !== 0) return page;
    }
  }
  return 0;
}

function areTouched(page: Page, count: number): boolean {
  if (page === 0) return false;
  const superSlab = superSlabOf(page + count - 1);
  return (
    superSlab < endSuperSlab &&
    page + count - pageOf(superSlab) <= touchedPages(loadRacy32(superSlab + SuperSlab.state))
  );
}
