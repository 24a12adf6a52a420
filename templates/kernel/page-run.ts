/**
 * Page runs: contiguous free pages, for slabs and for blocks above the classes.
 *
 * First fit by address among the SuperSlabs in use (P8), then an empty SuperSlab, from the LRU if it keeps
 * one, else from the memory (P9). Before pages are touched for the first time, idle slabs give theirs back.
 * A run longer than a SuperSlab takes whole SuperSlabs and the first pages of the next.
 */
import { endPage } from "../host/memory";
import { load32, store32 } from "./intrinsics";
import {
  endSuperSlab,
  firstSuperSlab,
  HEAP,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGE_SHIFT,
  SUPER_SLAB_PAGES,
  superSlabOf,
} from "./memory-map";
import { behindLastUsed, findFree } from "./page-bitmap";
import { releaseIdleSlabs } from "./idle";
import { Heap, SuperSlab } from "./records";
import { claimPages, releasePages } from "./superslab";
import type { Page } from "./types";

/** Whether the run taken last is known to be zero. */
export let runIsZero = false;

/** Takes `count` pages that begin at a multiple of `align` pages. Returns the first, or 0: no room. */
export function takeRun(count: number, align: number): Page {
  let page = findRun(count, align);
  if (!isCommitted(page, count) && releaseIdleSlabs()) page = findRun(count, align);
  return page !== 0 && claimRun(page, count) ? page : 0;
}

/** Takes the `count` pages from `page` on, if all of them are free. */
export function extendRun(page: Page, count: number): boolean {
  return page + count <= endPage && behindUsed(page, count) === page && claimRun(page, count);
}

/** Takes `count` pages from `page` on out of use. */
export function releaseRun(page: Page, count: number): void {
  const end = page + count;
  let from = page;
  while (from < end) {
    const to = endInSuperSlab(from, end);
    const superSlab = superSlabOf(from);
    releasePages(superSlab, offsetOf(from), offsetOf(to - 1) + 1);
    if (superSlab < load32(HEAP + Heap.roomFrom)) store32(HEAP + Heap.roomFrom, superSlab);
    from = to;
  }
}

function findRun(count: number, align: number): Page {
  if (count > SUPER_SLAB_PAGES || align > SUPER_SLAB_PAGES) return findLongRun(count, align);
  const page = findAmongUsed(count, align);
  return page !== 0 ? page : findEmpty(count, align);
}

/** First fit among the SuperSlabs in use. */
function findAmongUsed(count: number, align: number): Page {
  const end = load32(HEAP + Heap.usedTo);
  let superSlab = load32(HEAP + Heap.roomFrom);
  while (superSlab < end && load32(superSlab + SuperSlab.used) === SUPER_SLAB_PAGES) {
    superSlab = nextSuperSlab(superSlab);
  }
  store32(HEAP + Heap.roomFrom, superSlab);
  while (superSlab < end) {
    const used = load32(superSlab + SuperSlab.used);
    if (used !== 0 && used + count <= SUPER_SLAB_PAGES) {
      const offset = findFree(superSlab, count, align);
      if (offset < SUPER_SLAB_PAGES) return pageOf(superSlab) + offset;
    }
    superSlab = nextSuperSlab(superSlab);
  }
  return 0;
}

/** The empty SuperSlab that was in use last, or else the first that is not committed. */
function findEmpty(count: number, align: number): Page {
  let superSlab = load32(HEAP + Heap.lruNewest);
  while (superSlab !== 0) {
    const offset = findFree(superSlab, count, align);
    if (offset < SUPER_SLAB_PAGES) return pageOf(superSlab) + offset;
    superSlab = load32(superSlab + SuperSlab.older);
  }
  superSlab = firstSuperSlab;
  while (superSlab < endSuperSlab) {
    if (load32(superSlab + SuperSlab.used) + load32(superSlab + SuperSlab.touched) === 0) {
      const offset = findFree(superSlab, count, align);
      if (offset < SUPER_SLAB_PAGES) return pageOf(superSlab) + offset;
    }
    superSlab = nextSuperSlab(superSlab);
  }
  return 0;
}

/** First fit at the start of a SuperSlab. */
function findLongRun(count: number, align: number): Page {
  const step = align > SUPER_SLAB_PAGES ? align : SUPER_SLAB_PAGES;
  let page = (pageOf(firstSuperSlab) + step - 1) & -step;
  while (page + count <= endPage) {
    const behind = behindUsed(page, count);
    if (behind === page) return page;
    page = (behind + step) & -step;
  }
  return 0;
}

/** The page behind one in use among `count` pages from `page` on, or `page` when all of them are free. */
function behindUsed(page: Page, count: number): Page {
  const end = page + count;
  let from = page;
  while (from < end) {
    const to = endInSuperSlab(from, end);
    const offset = offsetOf(from);
    const behind = behindLastUsed(superSlabOf(from), offset, offsetOf(to - 1) + 1);
    if (behind !== offset) return from - offset + behind;
    from = to;
  }
  return page;
}

/** Puts free pages to use. When the memory cannot grow that far, nothing has happened. */
function claimRun(page: Page, count: number): boolean {
  const end = page + count;
  let from = page;
  runIsZero = true;
  while (from < end) {
    const to = endInSuperSlab(from, end);
    const claimed = claimPages(superSlabOf(from), offsetOf(from), offsetOf(to - 1) + 1);
    if (claimed === 0) {
      releaseRun(page, from - page);
      return false;
    }
    if (claimed === 1) runIsZero = false;
    from = to;
  }
  const behind = nextSuperSlab(superSlabOf(end - 1));
  if (behind > load32(HEAP + Heap.usedTo)) store32(HEAP + Heap.usedTo, behind);
  return true;
}

function isCommitted(page: Page, count: number): boolean {
  const last = page + count - 1;
  return page !== 0 && offsetOf(last) < load32(superSlabOf(last) + SuperSlab.touched);
}

/** The smaller of `end` and the end of the SuperSlab that `page` is in. */
function endInSuperSlab(page: Page, end: Page): Page {
  const next = ((page >>> SUPER_SLAB_PAGE_SHIFT) + 1) << SUPER_SLAB_PAGE_SHIFT;
  return next < end ? next : end;
}

/** @inline Place of a page in its SuperSlab. */
function offsetOf(page: Page): number {
  return page & (SUPER_SLAB_PAGES - 1);
}
