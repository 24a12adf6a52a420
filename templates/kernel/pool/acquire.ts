/**
 * Acquire: free slabs for a class or for a large block. In this order:
 * {@when spec.pool.stage1} an EMPTY one that served the class (P7), {@end} a free one of a
 * SuperSlab in use (P8), {@when spec.lru.entries > 0} one of a SuperSlab in the LRU, {@end} one
 * of a SuperSlab that is not committed (P9).
 */
import { hasPages, heapEnd } from "../growth";
import { mayFitIdle, releaseIdle } from "../idle";
import { load32, loadRacy32, store32 } from "../intrinsics";
import { claimTails } from "../large-block";
import {
  endSuperSlab,
  FULL_BITS,
  firstSuperSlab,
  KEPT_BITS,
  LIVE_BITS,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  self,
  slabAt,
  superSlabOf,
  superSlabWords,
} from "../memory-map";
import { claim, isFree, ownerOf } from "../ownership";
import { addressOf } from "../page";
import { behindLastUsed, findFree, findInWord, lowestBit } from "../page-bitmap";
import { wordsOf } from "../record";
import { Slab, SuperSlab } from "../records";
import { spec } from "../spec";
import { shortenLists } from "../tiers/tls-sll";
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

/**
 * `count` slabs in a row from a multiple of `align` pages on, the first owned by this thread; or
 * 0.
 */
export function acquireRun(count: number, align: number): Page {
  let page = findSlots(count, align);
  if (page !== 0 && mayFitIdle(count) && !areTouched(page, count) && releaseIdle()) {
    page = findSlots(count, align);
  }
  const asked = spec.refill.mmapGate > 0 && page !== 0 && !areTouched(page, 1);
  if (asked && !isGateOpen()) return 0;
  // Somebody else was quicker, or the heap is shorter than it was thought to be.
  while (page !== 0 && !claimSlots(page, count)) page = findSlots(count, align);
  if (spec.refill.mmapGate > 0) passGate(asked);
  if (spec.listRoutes) shortenLists();
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
  // The bit that led here was stale. Unless the slab is free again by now, it must not lead here
  // once more.
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

/**
 * In SuperSlabs in use, in kept ones, in any; each time the first by address, not by age, which
 * leaves room for long runs behind it. Bound: a step for 32 SuperSlabs where one slab is wanted,
 * and one for each word of the page bitmap for a run.
 */
function findSlots(count: number, align: number): Page {
  if (count <= SUPER_SLAB_PAGES && align <= SUPER_SLAB_PAGES) {
    const page = findAmong(LIVE, count, align) || findAmong(KEPT, count, align) || findAmong(0, count, align);
    return page !== 0 || count === 1 || align > 1 ? page : findAcross(count);
  }
  return findFree(pageOf(firstSuperSlab), heapEnd(), count, align);
}

/**
 * In the first SuperSlab of a state that has free slabs: LIVE, KEPT, or 0 for any, since states
 * change meanwhile.
 */
function findAmong(state: number, count: number, align: number): Page {
  for (let w = 0; w < superSlabWords; w++) {
    let found = withFreeSlabs(state, w);
    while (found !== 0) {
      const from = pageOf(firstSuperSlab + (w * 32 + lowestBit(found)) * wordsOf(SuperSlab));
      if (from + count > heapEnd()) return 0;
      found &= found - 1;
      const to = from + SUPER_SLAB_PAGES;
      const page = findInPages(from, to < heapEnd() ? to : heapEnd(), count, align);
      if (page !== 0) return page;
    }
  }
  return 0;
}

/** The last resort for a run: one across the border of two SuperSlabs. */
function findAcross(count: number): Page {
  let border = pageOf(nextSuperSlab(firstSuperSlab));
  while (border < heapEnd()) {
    const start = behindLastUsed(border - SUPER_SLAB_PAGES, border);
    if (start < border && start + count <= heapEnd() && behindLastUsed(border, start + count) === border) {
      return start;
    }
    border += SUPER_SLAB_PAGES;
  }
  return 0;
}

/** In the pages `from … to - 1` of a SuperSlab. */
function findInPages(from: Page, to: Page, count: number, align: number): Page {
  return SUPER_SLAB_PAGES <= 32 && align === 1
    ? findInWord(from, to, count)
    : findFree(from, to, count, align);
}

/** A bit for each of 32 SuperSlabs: it is in that state, and not full. */
function withFreeSlabs(state: number, w: number): number {
  const free = ~loadRacy32(FULL_BITS + w);
  if (state === LIVE) return free & loadRacy32(LIVE_BITS + w);
  if (state === KEPT) return free & loadRacy32(KEPT_BITS + w);
  return free;
}

function areTouched(page: Page, count: number): boolean {
  if (page === 0) return false;
  const superSlab = superSlabOf(page + count - 1);
  return (
    superSlab < endSuperSlab &&
    page + count - pageOf(superSlab) <= touchedPages(loadRacy32(superSlab + SuperSlab.state))
  );
}
