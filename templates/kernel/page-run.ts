/**
 * Page runs: contiguous free pages, for slabs and for blocks above the classes.
 *
 * First fit by address among the SuperSlabs in use (P8), then an empty SuperSlab, from the LRU if it keeps
 * one, else from the memory (P9). Before pages are touched for the first time, idle slabs give theirs back.
 * A run longer than a SuperSlab takes whole SuperSlabs and the first pages of the next.
 */
import { endPage } from "../host/memory";
import { growTo } from "./growth";
import { mayFitIdle, releaseIdle } from "./idle";
import { load32, store32 } from "./intrinsics";
import {
  endSuperSlab,
  firstSuperSlab,
  HEAP,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  superSlabOf,
} from "./memory-map";
import { behindLastUsed, findFree, findShort, togglePages } from "./page-bitmap";
import { Heap, SuperSlab } from "./records";
import { spec } from "./spec";
import { claimPages, releasePages } from "./superslab";
import type { Page } from "./types";

/** Whether the run taken last is known to be zero. */
export let runIsZero = false;

/** Takes `count` pages that begin at a multiple of `align` pages. Returns the first, or 0: no room. */
export function takeRun(count: number, align: number): Page {
  let page = findRun(count, align);
  if (mayFitIdle(count) && !isCommitted(page, count) && releaseIdle()) page = findRun(count, align);
  return page !== 0 && claimRun(page, count) ? page : 0;
}

/** Takes the `count` pages from `page` on, if all of them are free. */
export function extendRun(page: Page, count: number): boolean {
  return page + count <= endPage && behindLastUsed(page, page + count) === page && claimRun(page, count);
}

/** Takes `count` pages from `page` on out of use. */
export function releaseRun(page: Page, count: number): void {
  const end = page + count;
  togglePages(page, end);
  let from = page;
  while (from < end) {
    const superSlab = superSlabOf(from);
    const to = endIn(superSlab, end);
    releasePages(superSlab, to - from);
    if (superSlab < load32(HEAP + Heap.roomFrom)) store32(HEAP + Heap.roomFrom, superSlab);
    from = to;
  }
}

/** Puts free pages to use; false, and nothing has happened, when the memory cannot grow that far. */
function claimRun(page: Page, count: number): boolean {
  const end = page + count;
  if (spec.memory.kind === "growable" && !growTo(end)) return false;
  togglePages(page, end);
  runIsZero = true;
  let from = page;
  while (from < end) {
    const superSlab = superSlabOf(from);
    const to = endIn(superSlab, end);
    if (!claimPages(superSlab, from - pageOf(superSlab), to - pageOf(superSlab))) runIsZero = false;
    from = to;
  }
  const behind = nextSuperSlab(superSlabOf(end - 1));
  if (behind > load32(HEAP + Heap.usedTo)) store32(HEAP + Heap.usedTo, behind);
  return true;
}

function findRun(count: number, align: number): Page {
  if (count > SUPER_SLAB_PAGES || align > SUPER_SLAB_PAGES) {
    return findFree(
      pageOf(firstSuperSlab),
      endPage,
      count,
      align > SUPER_SLAB_PAGES ? align : SUPER_SLAB_PAGES,
    );
  }
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
    if (used !== 0 && used + count <= SUPER_SLAB_PAGES && !isTight(superSlab, count)) {
      const page = findIn(superSlab, count, align);
      if (page !== 0) return page;
      if (spec.pool.wordSearch && align === 1) store32(superSlab + SuperSlab.tight, count);
    }
    superSlab = nextSuperSlab(superSlab);
  }
  return 0;
}

/** Whether so long a run was looked for in vain, and nothing was released since. */
function isTight(superSlab: SuperSlab, count: number): boolean {
  const tight = spec.pool.wordSearch ? load32(superSlab + SuperSlab.tight) : 0;
  return tight !== 0 && count >= tight;
}

/** In an empty SuperSlab that is kept, or else in the first that is not committed. */
function findEmpty(count: number, align: number): Page {
  if (spec.lru.entries > 0) {
    const page = findKept(count, align);
    if (page !== 0) return page;
  }
  let superSlab = firstSuperSlab;
  while (superSlab < endSuperSlab) {
    if (load32(superSlab + SuperSlab.used) + load32(superSlab + SuperSlab.touched) === 0) {
      const page = findIn(superSlab, count, align);
      if (page !== 0) return page;
    }
    superSlab = nextSuperSlab(superSlab);
  }
  return 0;
}

/** In the first SuperSlab of the LRU's by address, not by age: that leaves room for long runs behind it. */
function findKept(count: number, align: number): Page {
  const end = load32(HEAP + Heap.usedTo);
  let superSlab = firstSuperSlab;
  while (superSlab < end) {
    if (load32(superSlab + SuperSlab.used) === 0 && load32(superSlab + SuperSlab.touched) !== 0) {
      const page = findIn(superSlab, count, align);
      if (page !== 0) return page;
    }
    superSlab = nextSuperSlab(superSlab);
  }
  return 0;
}

function findIn(superSlab: SuperSlab, count: number, align: number): Page {
  const from = pageOf(superSlab);
  const to = endIn(superSlab, endPage);
  if (spec.pool.wordSearch && SUPER_SLAB_PAGES >= 32) {
    if (count <= 32 && align === 1 && to - from === SUPER_SLAB_PAGES) return findShort(from, to, count);
  }
  return findFree(from, to, count, align);
}

function isCommitted(page: Page, count: number): boolean {
  const last = page + count - 1;
  const superSlab = superSlabOf(last);
  return page !== 0 && last - pageOf(superSlab) < load32(superSlab + SuperSlab.touched);
}

/** The smaller of `end` and the end of a SuperSlab. */
function endIn(superSlab: SuperSlab, end: Page): Page {
  const next = pageOf(superSlab) + SUPER_SLAB_PAGES;
  return next < end ? next : end;
}
