/**
 * R5, active tracking: per slab the blocks that users hold. At quiescence `active = used -
 * cached`, so a slab that users have emptied is known although its blocks sit in caches, and
 * these are drained only where that frees a slab.
 */
import { load32, store32 } from "./intrinsics";
import { slabOf, thread } from "./memory-map";
import { Slab, ThreadSlot } from "./records";
import type { Ptr } from "./types";

/** A user gets a block, if there is one. */
export function raiseActive(block: Ptr): Ptr {
  if (block !== 0) {
    const slab = slabOf(block);
    store32(slab + Slab.active, load32(slab + Slab.active) + 1);
  }
  return block;
}

/** Users have given `blocks` blocks back. */
export function lowerActive(slab: Slab, blocks: number): void {
  const active = load32(slab + Slab.active) - blocks;
  store32(slab + Slab.active, active);
  if (active === 0) store32(thread + ThreadSlot.inactive, 1);
}
