/**
 * Lists of free blocks: a word that holds the first one's address, or 0; each block links to the
 * next.
 */
import { link, next } from "../block";
import { load32, store32 } from "../intrinsics";
import { slabOf } from "../memory-map";
import { Slab } from "../records";
import { freeToSlab } from "../slab";
import type { Ptr, Word } from "../types";

/** Puts a block first. */
export function pushFirst(list: Word, block: Ptr): void {
  link(block, load32(list));
  store32(list, block);
}

/** Gives every block of a list of this thread's back to its slab. */
export function drainList(list: Word): void {
  let block = load32(list);
  while (block !== 0) {
    const following = next(block);
    // {@when spec.manyThreads} One by one: a thread that dies here loses no more than this block.
    // {@end}
    store32(list, following);
    freeToSlab(slabOf(block), block);
    block = following;
  }
}

/**
 * Gives up to `most` blocks of a list of this thread's that are behind one of them back to their
 * slabs.
 */
export function drainBehind(last: Ptr, most: number): void {
  let left = most;
  for (let block = next(last); block !== 0 && left > 0; block = next(last)) {
    left--;
    // {@when spec.manyThreads} One by one: a thread that dies here loses no more than this block.
    // {@end}
    link(last, next(block));
    freeToSlab(slabOf(block), block);
  }
}

/** Puts the blocks of a list back into their slabs, whose counts are made anew. */
export function returnList(list: Word): void {
  let block = load32(list);
  while (block !== 0) {
    const following = next(block);
    store32(list, following);
    returnBlock(block);
    block = following;
  }
}

/** Puts one block back into its slab, whose counts are made anew. */
export function returnBlock(block: Ptr): void {
  const slab = slabOf(block);
  link(block, load32(slab + Slab.free));
  store32(slab + Slab.free, block);
}
