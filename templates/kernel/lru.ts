/**
 * LRU of empty SuperSlabs (L3): the ones emptied last stay committed, for whoever needs a
 * SuperSlab next.
 */
import { load32, store32 } from "./intrinsics";
import { HEAP } from "./memory-map";
import { Heap, SuperSlab } from "./records";
import { spec } from "./spec";

/** Keeps a SuperSlab that has become empty. */
export function keepInLru(superSlab: SuperSlab): void {
  const newest = load32(HEAP + Heap.lruNewest);
  store32(superSlab + SuperSlab.newer, 0);
  store32(superSlab + SuperSlab.older, newest);
  if (newest !== 0) store32(newest + SuperSlab.newer, superSlab);
  else store32(HEAP + Heap.lruOldest, superSlab);
  store32(HEAP + Heap.lruNewest, superSlab);
  store32(HEAP + Heap.lruEntries, load32(HEAP + Heap.lruEntries) + 1);
  store32(HEAP + Heap.lruPages, load32(HEAP + Heap.lruPages) + load32(superSlab + SuperSlab.touched));
}

/** The SuperSlab kept longest, while more than the limits allow are kept; or 0. */
export function surplusOfLru(): SuperSlab {
  const isOver =
    load32(HEAP + Heap.lruEntries) > spec.lru.entries || load32(HEAP + Heap.lruPages) > spec.lru.pages;
  return isOver ? load32(HEAP + Heap.lruOldest) : 0;
}

/** Takes a SuperSlab out: it is put to use, or given back. */
export function unlinkFromLru(superSlab: SuperSlab): void {
  const newer = load32(superSlab + SuperSlab.newer);
  const older = load32(superSlab + SuperSlab.older);
  if (newer !== 0) store32(newer + SuperSlab.older, older);
  else store32(HEAP + Heap.lruNewest, older);
  if (older !== 0) store32(older + SuperSlab.newer, newer);
  else store32(HEAP + Heap.lruOldest, newer);
  store32(HEAP + Heap.lruEntries, load32(HEAP + Heap.lruEntries) - 1);
  store32(HEAP + Heap.lruPages, load32(HEAP + Heap.lruPages) - load32(superSlab + SuperSlab.touched));
}
