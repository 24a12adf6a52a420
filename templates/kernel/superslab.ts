/**
 * SuperSlabs: which pages of them are in use, committed, known to be zero; and the LRU that keeps the
 * empty ones for a while (L3).
 */
import { load32, store32 } from "./intrinsics";
import { clearBytes } from "./bytes";
import { growTo } from "./growth";
import { addressOf, HEAP, pageOf } from "./memory-map";
import { setFree, setUsed } from "./page-bitmap";
import { Heap, SuperSlab } from "./records";
import { spec } from "./spec";
import { count, countCommitted } from "./statistics";

/**
 * Puts the free pages `from … to - 1` of a SuperSlab to use. Returns 0 when the memory cannot grow that
 * far, 1 when it did, 2 when these pages are known to be zero.
 */
export function claimPages(superSlab: SuperSlab, from: number, to: number): number {
  const touched = load32(superSlab + SuperSlab.touched);
  if (spec.memory.kind === "growable") {
    if (to > touched && !growTo(pageOf(superSlab) + to)) return 0;
  }
  if (load32(superSlab + SuperSlab.used) === 0) enliven(superSlab, touched);
  if (to > touched) {
    store32(superSlab + SuperSlab.touched, to);
    countCommitted(to - touched, touched === 0);
  }
  store32(superSlab + SuperSlab.used, load32(superSlab + SuperSlab.used) + (to - from));
  setUsed(superSlab, from, to);
  if (spec.zeroKnowledge) {
    const dirty = load32(superSlab + SuperSlab.dirty);
    if (to > dirty) store32(superSlab + SuperSlab.dirty, to);
    if (from >= dirty) return 2;
  }
  return 1;
}

/** Takes the pages `from … to - 1` of a SuperSlab out of use. */
export function releasePages(superSlab: SuperSlab, from: number, to: number): void {
  setFree(superSlab, from, to);
  const used = load32(superSlab + SuperSlab.used) - (to - from);
  store32(superSlab + SuperSlab.used, used);
  if (used === 0) retire(superSlab);
}

/** An empty SuperSlab is put to use: out of the LRU, if it was kept there. */
function enliven(superSlab: SuperSlab, touched: number): void {
  if (touched !== 0) {
    unlinkFromLru(superSlab);
    if (spec.osStatistics) count(Heap.superSlabsReused);
  } else if (spec.osStatistics) {
    count(Heap.superSlabsCreated);
  }
}

/** A SuperSlab has become empty: the LRU keeps it, and gives up its oldest ones past its limits. */
function retire(superSlab: SuperSlab): void {
  if (spec.zeroKnowledge && !spec.lazyZero) {
    clearBytes(addressOf(pageOf(superSlab)), addressOf(load32(superSlab + SuperSlab.dirty)));
    store32(superSlab + SuperSlab.dirty, 0);
  }
  const newest = load32(HEAP + Heap.lruNewest);
  store32(superSlab + SuperSlab.newer, 0);
  store32(superSlab + SuperSlab.older, newest);
  if (newest !== 0) store32(newest + SuperSlab.newer, superSlab);
  else store32(HEAP + Heap.lruOldest, superSlab);
  store32(HEAP + Heap.lruNewest, superSlab);
  store32(HEAP + Heap.lruEntries, load32(HEAP + Heap.lruEntries) + 1);
  store32(HEAP + Heap.lruPages, load32(HEAP + Heap.lruPages) + load32(superSlab + SuperSlab.touched));
  while (
    load32(HEAP + Heap.lruEntries) > spec.lru.entries ||
    load32(HEAP + Heap.lruPages) > spec.lru.pages
  ) {
    giveBack(load32(HEAP + Heap.lruOldest));
  }
}

/** Gives an empty SuperSlab back to the memory: it is no longer committed. */
function giveBack(superSlab: SuperSlab): void {
  unlinkFromLru(superSlab);
  const kept = load32(superSlab + SuperSlab.touched);
  store32(HEAP + Heap.committedPages, load32(HEAP + Heap.committedPages) - kept);
  store32(superSlab + SuperSlab.touched, 0);
  if (spec.osStatistics) count(Heap.superSlabsReturned);
}

function unlinkFromLru(superSlab: SuperSlab): void {
  const newer = load32(superSlab + SuperSlab.newer);
  const older = load32(superSlab + SuperSlab.older);
  if (newer !== 0) store32(newer + SuperSlab.older, older);
  else store32(HEAP + Heap.lruNewest, older);
  if (older !== 0) store32(older + SuperSlab.newer, newer);
  else store32(HEAP + Heap.lruOldest, newer);
  store32(HEAP + Heap.lruEntries, load32(HEAP + Heap.lruEntries) - 1);
  store32(HEAP + Heap.lruPages, load32(HEAP + Heap.lruPages) - load32(superSlab + SuperSlab.touched));
}
