/**
 * Statistics {@when spec.osStatistics} (G6) {@end}: what is counted while the heap works. All of
 * it happens off the fast path.
 */
import { atomicAdd, atomicCas, atomicLoad, load32, loadRacy32, store32 } from "./intrinsics";
import {
  FIXED_METADATA_BYTES,
  firstPage,
  firstSuperSlab,
  HEAP,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_METADATA_BYTES,
  usedSuperSlabs,
} from "./memory-map";
import { addressOf } from "./page";
import { touchedPages } from "./pool/superslab-state";
import { Heap, SuperSlab } from "./records";
import { spec } from "./spec";
import type { Size } from "./types";

/** Adds one to a counter of the heap. */
export function count(counter: number): void {
  if (spec.threads > 1) atomicAdd(HEAP + counter, 1);
  else store32(HEAP + counter, load32(HEAP + counter) + 1);
}

/** `pages` more pages are committed, in a SuperSlab that had none of its own or some. */
export function countCommitted(pages: number, first: boolean): void {
  store32(HEAP + Heap.committedPages, load32(HEAP + Heap.committedPages) + pages);
  if (first) count(Heap.committedSuperSlabs);
  const committed = committedBytes();
  if (committed > load32(HEAP + Heap.peakCommittedBytes)) store32(HEAP + Heap.peakCommittedBytes, committed);
}

/** A SuperSlab has more committed pages. */
export function notePeak(): void {
  const committed = committedBytes();
  let peak = atomicLoad(HEAP + Heap.peakCommittedBytes);
  while (peak < committed) {
    const seen = atomicCas(HEAP + Heap.peakCommittedBytes, peak, committed);
    peak = seen === peak ? committed : seen;
  }
}

/**
 * Slabs and page runs in use or kept, and the metadata that they need, of which a small heap has
 * less.
 */
export function committedBytes(): Size {
  if (spec.threads > 1) {
    return readOffSuperSlabs();
  } else {
    const metadata =
      FIXED_METADATA_BYTES + load32(HEAP + Heap.committedSuperSlabs) * SUPER_SLAB_METADATA_BYTES;
    return (
      Math.min(metadata, addressOf(firstPage) - HEAP * 4) + addressOf(load32(HEAP + Heap.committedPages))
    );
  }
}

function readOffSuperSlabs(): Size {
  let pages = pageOf(firstSuperSlab) - firstPage;
  let metadata = FIXED_METADATA_BYTES;
  const end = usedSuperSlabs();
  for (let superSlab = firstSuperSlab; superSlab < end; superSlab = nextSuperSlab(superSlab)) {
    const touched = touchedPages(loadRacy32(superSlab + SuperSlab.state));
    pages += touched;
    if (touched > 0) metadata += SUPER_SLAB_METADATA_BYTES;
  }
  return Math.min(metadata, addressOf(firstPage) - HEAP * 4) + addressOf(pages);
}
