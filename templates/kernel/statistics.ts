/** Statistics (G6): what is counted while the heap works. All of it happens off the fast path. */
import { load32, store32 } from "./intrinsics";
import { FIXED_METADATA_BYTES, firstPage, HEAP, SUPER_SLAB_METADATA_BYTES } from "./memory-map";
import { addressOf } from "./page";
import { Heap } from "./records";
import type { Size, Word } from "./types";

/** Adds one to a counter of the heap. */
export function count(counter: Word): void {
  store32(HEAP + counter, load32(HEAP + counter) + 1);
}

/** `pages` more pages are committed, in a SuperSlab that had none of its own or some. */
export function countCommitted(pages: number, first: boolean): void {
  store32(HEAP + Heap.committedPages, load32(HEAP + Heap.committedPages) + pages);
  if (first) count(Heap.committedSuperSlabs);
  const committed = committedBytes();
  if (committed > load32(HEAP + Heap.peakCommittedBytes)) store32(HEAP + Heap.peakCommittedBytes, committed);
}

/** Slabs and page runs in use or kept, and the metadata that they need, of which a small heap has less. */
export function committedBytes(): Size {
  const metadata = FIXED_METADATA_BYTES + load32(HEAP + Heap.committedSuperSlabs) * SUPER_SLAB_METADATA_BYTES;
  return Math.min(metadata, addressOf(firstPage) - HEAP * 4) + addressOf(load32(HEAP + Heap.committedPages));
}
