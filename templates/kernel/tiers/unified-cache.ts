/**
 * F5, the unified cache: per class a ring of addresses. The block freed longest ago is handed out
 * first; nothing is written into the blocks.
 */
import { load32, store32, table32 } from "../intrinsics";
import { arrays, arraysOf, slabOf, thread } from "../memory-map";
import { ThreadSlot } from "../records";
import { freeToSlab } from "../slab";
import { spec } from "../spec";
import type { ClassIndex, Ptr, Word } from "../types";
import { returnBlock } from "./block-list";

/** Blocks a ring may hold, per class; … */
export const RING_CAP = table32(spec.unifiedCache.caps);
/**
 * … where it begins in the thread's arrays, and its length less one; the length is a power of
 * two.
 */
const RING_START = table32(spec.unifiedCache.starts);
const RING_MASK = table32(spec.unifiedCache.masks);

/** A block of the class, or 0. */
export function takeRing(c: ClassIndex): Ptr {
  const first = load32(thread + ThreadSlot.ringFirst + c);
  if (first === load32(thread + ThreadSlot.ringEnd + c)) return 0;
  const block = load32(ringWord(arrays, c, first));
  store32(thread + ThreadSlot.ringFirst + c, (first + 1) >>> 0);
  return block;
}

/** Keeps a freed block, unless the ring holds as many as it may. */
export function keepRing(c: ClassIndex, block: Ptr): boolean {
  const end = load32(thread + ThreadSlot.ringEnd + c);
  if ((end - load32(thread + ThreadSlot.ringFirst + c)) >>> 0 >= RING_CAP[c]) return false;
  store32(ringWord(arrays, c, end), block);
  store32(thread + ThreadSlot.ringEnd + c, (end + 1) >>> 0);
  return true;
}

/** Gives the class's blocks back to their slabs. */
export function drainRing(c: ClassIndex): void {
  for (let block = takeRing(c); block !== 0; block = takeRing(c)) freeToSlab(slabOf(block), block);
}

/** The same for a thread that leaves or has died. */
export function returnRing(slot: ThreadSlot, c: ClassIndex): void {
  const end = load32(slot + ThreadSlot.ringEnd + c);
  for (let i = load32(slot + ThreadSlot.ringFirst + c); i !== end; i = (i + 1) >>> 0) {
    store32(slot + ThreadSlot.ringFirst + c, (i + 1) >>> 0);
    returnBlock(load32(ringWord(arraysOf(slot), c, i)));
  }
}

/** @inline The word of the `i`-th block ever put into a ring. */
export function ringWord(from: Word, c: ClassIndex, i: number): Word {
  return from + RING_START[c] + (i & RING_MASK[c]);
}
