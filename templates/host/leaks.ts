/** Leaks: the blocks that users have not given back, those that are alike together. */

import { ATTACHED_SLOT } from "../kernel/attach";
import { seeMemory } from "../kernel/growth";
import { allocatedBy, BLOCK_LIVE, blockState, bytesAskedFor } from "../kernel/guards/block-states";
import { load32 } from "../kernel/intrinsics";
import { THREAD_SLOTS } from "../kernel/memory-map";
import { wordsOf } from "../kernel/record";
import { Slab, ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import type { Leak } from "./api";
import { slabs } from "./heap-walk";
import { isSlab } from "./soundness";
import { allocationStack } from "./stacks";

/** The largest group first. */
export function leaks(): Leak[] {
  seeMemory();
  const groups = new Map<string, { -readonly [K in keyof Leak]: Leak[K] }>();
  for (const ptr of liveBlocks()) {
    const size = bytesAskedFor(ptr);
    const thread = spec.threads > 1 ? allocatedBy(ptr) : 0;
    const stack = spec.guards.stacks ? allocationStack(ptr) : "";
    const key = `${size} ${thread} ${stack}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        size,
        blocks: 0,
        bytes: 0,
        first: ptr,
        /** @when spec.manyThreads */
        thread,
        /** @when spec.manyThreads */
        hasEnded: hasEnded(thread),
        /** @when spec.guards.stacks */
        stack,
      };
      groups.set(key, group);
    }
    group.blocks++;
    group.bytes += size;
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
}

function* liveBlocks(): Generator<number> {
  for (const slab of slabs()) {
    if (!isSlab(slab)) continue;
    const c = load32(slab + Slab.class);
    const start = load32(slab + Slab.start);
    if (c === 0) {
      const ptr = spec.headerBytes > 0 ? load32(slab + Slab.next) : start;
      if (blockState(ptr) === BLOCK_LIVE) yield ptr;
    } else {
      const end = load32(slab + Slab.carved);
      for (let ptr = start + spec.headerBytes; ptr < end; ptr += CLASS_BYTES[c]) {
        if (blockState(ptr) === BLOCK_LIVE) yield ptr;
      }
    }
  }
}

/** Whether nobody is attached to the slot of a thread any more. */
function hasEnded(index: number): boolean {
  return load32(THREAD_SLOTS + index * wordsOf(ThreadSlot) + ThreadSlot.state) < ATTACHED_SLOT;
}
