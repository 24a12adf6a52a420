/**
 * Block states (G3): for every place where a block may start a word that says what the block is,
 * and whose; the word behind it says how many bytes were asked for. They lie apart from the
 * blocks, so no write into a block damages them.
 *
 * {@when spec.manyThreads} Whoever frees a block changes its word by compare-and-swap: of several
 * threads that free it at once, one succeeds. {@end}
 */
import { atomicCas, atomicLoad, atomicStore, load32, store32 } from "../intrinsics";
import { blockStates, firstPage, indexOf, thread, usedPages } from "../memory-map";
import { addressOf } from "../page";
import { isNoSize } from "../page-block";
import { ALIGNMENT } from "../size-class";
import { spec } from "../spec";
import type { Ptr, Size, Word } from "../types";

/** Bits 0 and 1 of a state: no block that starts here was handed out since its slab was carved; */
export const BLOCK_UNUSED = 0;
/** a user has it; */
export const BLOCK_LIVE = 1;
/** it was freed. */
export const BLOCK_FREED = 2;
const STATE_BITS = 3;

/** Above them the thread that allocated the block, and above that the one that freed it. */
const OWNER_SHIFT = 2;
const FREER_SHIFT = 13;
const THREAD_BITS = 0x7ff;

function wordOfBlock(ptr: Ptr): Word {
  return blockStates + (ptr >>> spec.alignShift);
}

/** Whether a block may start at an address, which may be any number. */
export function mayBeBlock(ptr: Ptr): boolean {
  return (
    !isNoSize(ptr) &&
    (ptr & (ALIGNMENT - 1)) === 0 &&
    ptr >= addressOf(firstPage) &&
    ptr < addressOf(usedPages())
  );
}

/** @inline */
function stateOfBlock(ptr: Ptr): number {
  return spec.threads > 1 ? atomicLoad(wordOfBlock(ptr)) : load32(wordOfBlock(ptr));
}

/** What the block that starts at a place is. */
export function blockState(ptr: Ptr): number {
  return stateOfBlock(ptr) & STATE_BITS;
}

/** The thread that allocated a block, … */
export function allocatedBy(ptr: Ptr): number {
  return (stateOfBlock(ptr) >>> OWNER_SHIFT) & THREAD_BITS;
}

/** … the one that freed it, … */
export function freedBy(ptr: Ptr): number {
  return (stateOfBlock(ptr) >>> FREER_SHIFT) & THREAD_BITS;
}

/** … and how many bytes were asked for. Whoever has the block may ask. */
export function bytesAskedFor(ptr: Ptr): Size {
  return load32(wordOfBlock(ptr) + 1);
}

/** A user gets a block. */
export function setLive(ptr: Ptr, size: Size): void {
  const w = wordOfBlock(ptr);
  store32(w + 1, size);
  if (spec.threads > 1) atomicStore(w, BLOCK_LIVE | (indexOf(thread) << OWNER_SHIFT));
  else store32(w, BLOCK_LIVE);
}

/** A user gives a block back. False: no user has it. */
export function setFreed(ptr: Ptr): boolean {
  const seen = stateOfBlock(ptr);
  if ((seen & STATE_BITS) !== BLOCK_LIVE) return false;
  const freed = seen ^ (BLOCK_LIVE | BLOCK_FREED);
  if (spec.threads > 1) {
    const w = wordOfBlock(ptr);
    return atomicCas(w, seen, freed | (indexOf(thread) << FREER_SHIFT)) === seen;
  } else {
    store32(wordOfBlock(ptr), freed);
    return true;
  }
}

/** A slab is carved anew: nothing is known of the blocks that start in `from … to - 1`. */
export function forgetBlocks(from: Ptr, to: Ptr): void {
  const end = wordOfBlock(to);
  for (let w = wordOfBlock(from); w < end; w++) store32(w, 0);
}
