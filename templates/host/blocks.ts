/** blocks: every block carved so far, free or not. */
import { seeMemory } from "../kernel/growth";
import { BLOCK_LIVE, blockState, bytesAskedFor } from "../kernel/guards/block-states";
import { load32 } from "../kernel/intrinsics";
import { Slab } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import type { Block } from "./api";
import { isMarked, keptBlocks, markFreeBlocks, newMarks } from "./free-blocks";
import { slabs, unopenedBlocks } from "./heap-walk";
import { expectEnd, expectSlab } from "./soundness";

/** @inline Whether a user has a block: one that a guard keeps nobody has. */
function isUsed(ptr: number, isFree: boolean): boolean {
  return spec.guards.states ? blockState(ptr) === BLOCK_LIVE : !isFree;
}

/**
 * @inline What a user may write of a block{@when spec.guards.redZone > 0}: the rest is guarded
 * {@end}.
 */
function shownSize(ptr: number, usable: number): number {
  return spec.guards.redZone > 0 ? sizeAskedFor(ptr, usable) : usable;
}

function sizeAskedFor(ptr: number, usable: number): number {
  return blockState(ptr) === BLOCK_LIVE ? bytesAskedFor(ptr) : usable;
}

export function* blocks(): Generator<Block> {
  seeMemory();
  expectEnd();
  const kept = keptBlocks();
  const marks = newMarks();
  let behind = 0;
  for (const slab of slabs()) {
    expectSlab(slab);
    const c = load32(slab + Slab.class);
    const start = load32(slab + Slab.start);
    const carved = load32(slab + Slab.carved);
    if (c === 0) {
      const ptr = spec.headerBytes > 0 ? load32(slab + Slab.next) : start;
      yield { ptr, size: shownSize(ptr, carved - ptr), used: isUsed(ptr, false) };
      continue;
    }
    // Of kept blocks none is left behind but in a damaged heap.
    while (kept[behind] < start) behind++;
    behind += markFreeBlocks(slab, c, marks, kept, behind).kept;
    const usable = CLASS_BYTES[c] - spec.headerBytes;
    const end = carved - unopenedBlocks(slab, c) * CLASS_BYTES[c];
    for (let ptr = start + spec.headerBytes; ptr < end; ptr += CLASS_BYTES[c]) {
      yield { ptr, size: shownSize(ptr, usable), used: isUsed(ptr, isMarked(slab, c, marks, ptr)) };
    }
  }
}
