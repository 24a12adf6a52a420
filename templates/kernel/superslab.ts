/** SuperSlabs: which of their pages are in use, committed, known to be zero. */

import { clearBytes } from "./bytes";
import { heapEnd } from "./growth";
import { load32, store32 } from "./intrinsics";
import { keepInLru, surplusOfLru, unlinkFromLru } from "./lru";
import { endSuperSlab, firstSuperSlab, HEAP, nextSuperSlab, pageOf, SUPER_SLAB_PAGES } from "./memory-map";
import { addressOf } from "./page";
import { longestFree } from "./page-bitmap";
import { Heap, SuperSlab } from "./records";
import { clearRooms, ROOM_GONE, ROOM_IN_USE, ROOM_KEPT, setRoom } from "./rooms";
import { spec } from "./spec";
import { count, countCommitted } from "./statistics";
import type { Page, Word } from "./types";

/**
 * Counts the free pages `from … to - 1` of a SuperSlab as in use. Returns whether they are zero
 * for sure.
 */
export function claimPages(superSlab: SuperSlab, from: number, to: number): boolean {
  const touched = load32(superSlab + SuperSlab.touched);
  if (load32(superSlab + SuperSlab.used) === 0) enliven(superSlab, touched);
  if (to > touched) {
    store32(superSlab + SuperSlab.touched, to);
    countCommitted(to - touched, touched === 0);
  }
  store32(superSlab + SuperSlab.used, load32(superSlab + SuperSlab.used) + (to - from));
  noteRoom(superSlab);
  if (spec.zeroKnowledge) {
    const dirty = load32(superSlab + SuperSlab.dirty);
    if (to > dirty) store32(superSlab + SuperSlab.dirty, to);
    return from >= dirty;
  }
  return false;
}

/** Counts pages of a SuperSlab as free. */
export function releasePages(superSlab: SuperSlab, count: number): void {
  const used = load32(superSlab + SuperSlab.used) - count;
  store32(superSlab + SuperSlab.used, used);
  if (used === 0) retire(superSlab);
  else noteRoom(superSlab);
}

/** Measures the longest run of a SuperSlab anew, and says so in the tree of its state. */
export function noteRoom(superSlab: SuperSlab): void {
  if (!spec.pool.wordSearch) return;
  const isFull = load32(superSlab + SuperSlab.used) === SUPER_SLAB_PAGES;
  const from = pageOf(superSlab);
  setRoom(treeOf(superSlab), superSlab, isFull ? 0 : longestFree(from, endIn(superSlab, heapEnd())));
}

/** Measures every SuperSlab anew: nothing is believed of what was known. */
export function renewRooms(): void {
  clearRooms();
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    noteRoom(superSlab);
  }
}

/** The smaller of `end` and the end of a SuperSlab. */
export function endIn(superSlab: SuperSlab, end: Page): Page {
  const next = pageOf(superSlab) + SUPER_SLAB_PAGES;
  return next < end ? next : end;
}

/** The tree of a SuperSlab's state. */
function treeOf(superSlab: SuperSlab): Word {
  if (load32(superSlab + SuperSlab.used) !== 0) return ROOM_IN_USE;
  return spec.lru.entries > 0 && load32(superSlab + SuperSlab.touched) !== 0 ? ROOM_KEPT : ROOM_GONE;
}

/**
 * An empty SuperSlab is put to use{@when spec.lru.entries > 0}: out of the LRU, if it was kept
 * there {@end}.
 */
function enliven(superSlab: SuperSlab, touched: number): void {
  if (spec.pool.wordSearch) setRoom(treeOf(superSlab), superSlab, 0);
  if (spec.lru.entries > 0 && touched !== 0) {
    unlinkFromLru(superSlab);
    if (spec.osStatistics) count(Heap.superSlabsReused);
  } else if (spec.osStatistics) {
    count(Heap.superSlabsCreated);
  }
}

/** @inline A SuperSlab has become empty. */
function retire(superSlab: SuperSlab): void {
  if (spec.zeroKnowledge && !spec.lazyZero) {
    clearBytes(addressOf(pageOf(superSlab)), addressOf(load32(superSlab + SuperSlab.dirty)));
    store32(superSlab + SuperSlab.dirty, 0);
  }
  if (spec.pool.wordSearch) setRoom(ROOM_IN_USE, superSlab, 0);
  if (spec.lru.entries > 0) {
    keepInLru(superSlab);
    noteRoom(superSlab);
    for (let surplus = surplusOfLru(); surplus !== 0; surplus = surplusOfLru()) {
      unlinkFromLru(surplus);
      if (spec.pool.wordSearch) setRoom(ROOM_KEPT, surplus, 0);
      giveBack(surplus);
    }
  } else {
    giveBack(superSlab);
  }
}

/** Gives an empty SuperSlab back to the memory: it is no longer committed. */
function giveBack(superSlab: SuperSlab): void {
  const kept = load32(superSlab + SuperSlab.touched);
  store32(HEAP + Heap.committedPages, load32(HEAP + Heap.committedPages) - kept);
  store32(HEAP + Heap.committedSuperSlabs, load32(HEAP + Heap.committedSuperSlabs) - 1);
  store32(superSlab + SuperSlab.touched, 0);
  noteRoom(superSlab);
  if (spec.osStatistics) count(Heap.superSlabsReturned);
}
