/** Leaks: the blocks that users have not given back, those that are alike together. */

import { ATTACHED_SLOT } from "../kernel/attach";
import { seeMemory } from "../kernel/growth";
import { allocatedBy, bytesAskedFor } from "../kernel/guards/block-states";
import { load32 } from "../kernel/intrinsics";
import { THREAD_SLOTS } from "../kernel/memory-map";
import { wordsOf } from "../kernel/record";
import { ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";
import type { Leak } from "./api";
import { blocksOfUsers } from "./guarded-blocks";
import { allocationStack } from "./stacks";

/** The largest group first. */
export function leaks(): Leak[] {
  seeMemory();
  const groups = new Map<string, { -readonly [K in keyof Leak]: Leak[K] }>();
  for (const ptr of blocksOfUsers()) {
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

/** Whether nobody is attached to the slot of a thread any more. */
function hasEnded(index: number): boolean {
  return load32(THREAD_SLOTS + index * wordsOf(ThreadSlot) + ThreadSlot.state) < ATTACHED_SLOT;
}
