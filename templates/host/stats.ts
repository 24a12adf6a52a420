/**
 * stats: the heap's figures. Slabs know how many of their blocks are out; what this thread keeps
 * is not live.
 */
import { seeMemory } from "../kernel/growth";
import { bytesAskedFor } from "../kernel/guards/block-states";
import { load32 } from "../kernel/intrinsics";
import { slabOfBlock } from "../kernel/large-block";
import { HEAP, thread } from "../kernel/memory-map";
import { addressOf } from "../kernel/page";
import { usableIn } from "../kernel/realloc";
import { Heap, Slab } from "../kernel/records";
import { remoteBlocks } from "../kernel/remote-queue";
import { CLASS_BYTES } from "../kernel/size-class";
import { carvedBlocks } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { committedBytes } from "../kernel/statistics";
import { virginBlocks } from "../kernel/virgin";
import type { HeapStats } from "./api";
import { counters } from "./counters";
import { blocksOfUsers } from "./guarded-blocks";
import { cachedBlocks, slabs, threadSlots } from "./heap-walk";
import { endPage } from "./memory";
import { expect, expectEnd, expectSlab, isSlab } from "./soundness";

/**
 * {@when spec.manyThreads}
 * Only what this thread keeps is held against the rules: the others may be at work, and what can
 * be followed of theirs counts. {@else} Of a damaged heap an error says where. {@end}
 */
export function stats(): HeapStats {
  seeMemory();
  if (spec.heapWalk || spec.threads > 1) expectEnd();
  let liveBlocks = 0;
  let liveBytes = 0;
  for (const slab of slabs()) {
    if (spec.threads > 1) {
      if (!isSlab(slab)) continue;
    } else if (spec.heapWalk) {
      expectSlab(slab);
      expectOut(slab);
    }
    let out = load32(slab + Slab.left) + load32(slab + Slab.rest);
    if (spec.threads > 1) out -= remoteBlocks(load32(slab + Slab.remote));
    const block = spec.headerBytes > 0 ? load32(slab + Slab.next) : load32(slab + Slab.start);
    liveBlocks += out;
    liveBytes += out * usableIn(slab, block);
  }
  if (spec.cacheLast > 0 || spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      for (let c = 1; c <= spec.classCount; c++) {
        const kept = keptIn(slot, c) + (spec.tlsSll.on ? virginBlocks(slot, c) : 0);
        liveBlocks -= kept;
        liveBytes -= kept * (CLASS_BYTES[c] - spec.headerBytes);
      }
    }
  }
  if (spec.guards.states) {
    // What a guard keeps from reuse is out of its slab, and nobody's.
    liveBlocks = 0;
    liveBytes = 0;
    for (const ptr of blocksOfUsers()) {
      liveBlocks++;
      liveBytes += spec.guards.redZone > 0 ? bytesAskedFor(ptr) : usableIn(slabOfBlock(ptr), ptr);
    }
  }
  return {
    reservedBytes: addressOf(endPage),
    committedBytes: committedBytes(),
    peakCommittedBytes: load32(HEAP + Heap.peakCommittedBytes),
    liveBytes,
    liveBlocks,
    /** @when spec.osStatistics */
    superSlabs: {
      created: load32(HEAP + Heap.superSlabsCreated),
      reused: load32(HEAP + Heap.superSlabsReused),
      returned: load32(HEAP + Heap.superSlabsReturned),
    },
    /** @when !spec.guards.throws */
    guardHits: load32(HEAP + Heap.guardHits),
    /** @when spec.observe.counters */
    counters: counters(),
  };
}

function expectOut(slab: number): void {
  const c = load32(slab + Slab.class);
  const most = c === 0 ? 1 : carvedBlocks(slab, c);
  const out = load32(slab + Slab.left) + load32(slab + Slab.rest);
  expect(out <= most, "no more blocks are out than were carved", load32(slab + Slab.start));
}

/** Blocks of a class in a thread's tiers. */
function keptIn(slot: number, c: number): number {
  let blocks = 0;
  if (spec.threads > 1 && slot !== thread) {
    try {
      for (const _ of cachedBlocks(slot, c)) blocks++;
    } catch {
      // It moved meanwhile, or is damaged: `check` can tell, when all is quiet.
    }
  } else {
    for (const _ of cachedBlocks(slot, c)) blocks++;
  }
  return blocks;
}
