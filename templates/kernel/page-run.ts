/**
 * Page runs: contiguous free pages, for slabs and for blocks above the classes.
 *
 * First fit by address among the SuperSlabs in use (P8), then an empty SuperSlab: from the LRU if
 * it keeps one, else from the memory (P9). Before pages are touched for the first time, idle
 * slabs give theirs back. A run longer than a SuperSlab takes whole SuperSlabs and the first
 * pages of the next.
 */
import { growTo, heapEnd } from "./growth";
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
import { findRoom, ROOM_GONE, ROOM_IN_USE, ROOM_KEPT } from "./rooms";
import { spec } from "./spec";
import { claimPages, endIn, noteRoom, releasePages } from "./superslab";
import { shortenLists } from "./tiers/tls-sll";
import type { Page } from "./types";

/** Whether the run taken last is known to be zero. */
export let runIsZero = false;

/**
 * Takes `count` pages that begin at a multiple of `align` pages. Returns the first, or 0: no
 * room.
 */
export function takeRun(count: number, align: number): Page {
  let page = findRun(count, align);
  if (page !== 0 && mayFitIdle(count) && !isCommitted(page, count) && releaseIdle()) {
    page = findRun(count, align);
  }
  // {@when spec.memory.kind === "growable"} A growth that is refused has shortened the heap: the
  // next run found ends before that. {@end}
  while (page !== 0 && !claimRun(page, count)) page = findRun(count, align);
  if (spec.listRoutes) shortenLists();
  return page;
}

/** Takes the `count` pages from `page` on, if all of them are free. */
export function extendRun(page: Page, count: number): boolean {
  return page + count <= heapEnd() && behindLastUsed(page, page + count) === page && claimRun(page, count);
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
    from = to;
  }
}

/**
 * Puts free pages to use. {@when spec.memory.kind === "growable"} False when the memory cannot
 * grow that far: nothing has happened. {@end}
 */
function claimRun(page: Page, count: number): boolean {
  const end = page + count;
  if (spec.memory.kind === "growable" && !growTo(end)) {
    shorten();
    return false;
  }
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

/** The memory is as long as it can be: the SuperSlab in which it ends has less room. */
function shorten(): void {
  const last = superSlabOf(heapEnd());
  if (spec.pool.wordSearch && last < endSuperSlab) noteRoom(last);
}

function findRun(count: number, align: number): Page {
  if (count > SUPER_SLAB_PAGES || align > SUPER_SLAB_PAGES) {
    return findLong(count, align > SUPER_SLAB_PAGES ? align : SUPER_SLAB_PAGES);
  }
  if (!spec.pool.wordSearch) return lookFor(1, count, align) || lookFor(0, count, align);
  // A run of so many pages more holds an aligned one wherever it begins.
  const superSlab = findRoom(ROOM_IN_USE, count + align - 1);
  if (superSlab !== 0) return findIn(superSlab, count, align);
  const page = align > 1 ? lookFor(1, count, align) : 0;
  if (page !== 0) return page;
  const empty = (spec.lru.entries > 0 ? findRoom(ROOM_KEPT, count) : 0) || findRoom(ROOM_GONE, count);
  // {@when spec.memory.kind === "growable"} Behind the place where the memory refused to grow
  // there are none. {@end}
  const isThere = empty !== 0 && (spec.memory.kind !== "growable" || pageOf(empty) + count <= heapEnd());
  return isThere ? pageOf(empty) : 0;
}

/**
 * In the first SuperSlab that has at least so many committed pages. Bound: a look into each
 * SuperSlab.
 */
function lookFor(committed: number, count: number, align: number): Page {
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const used = load32(superSlab + SuperSlab.used);
    if (load32(superSlab + SuperSlab.touched) >= committed && used + count <= SUPER_SLAB_PAGES) {
      const page = findIn(superSlab, count, align);
      if (page !== 0) return page;
    }
  }
  return 0;
}

/**
 * A run of whole SuperSlabs and the first pages of the next. Bound: two looks at each SuperSlab.
 */
function findLong(count: number, align: number): Page {
  let start = (pageOf(firstSuperSlab) + align - 1) & -align;
  let page = start;
  while (start + count <= heapEnd()) {
    const superSlab = superSlabOf(page);
    const to = endIn(superSlab, start + count);
    const isFree =
      load32(superSlab + SuperSlab.used) === 0 ||
      (to - page < SUPER_SLAB_PAGES && behindLastUsed(page, to) === page);
    if (isFree && to === start + count) return start;
    page = isFree ? to : (page + align) & -align;
    if (!isFree) start = page;
  }
  return 0;
}

function findIn(superSlab: SuperSlab, count: number, align: number): Page {
  const from = pageOf(superSlab);
  const to = endIn(superSlab, heapEnd());
  if (spec.pool.wordSearch && SUPER_SLAB_PAGES >= 32) {
    if (count <= 32 && align === 1 && to - from === SUPER_SLAB_PAGES) return findShort(from, to, count);
  }
  return findFree(from, to, count, align);
}

function isCommitted(page: Page, count: number): boolean {
  const last = page + count - 1;
  const superSlab = superSlabOf(last);
  return last - pageOf(superSlab) < load32(superSlab + SuperSlab.touched);
}
