/**
 * Guarded blocks, for who reads the heap, and what {@when spec.heapWalk} `check()` {@else} a
 * check {@end} asks of them.
 */
import { BLOCK_FREED, BLOCK_LIVE, blockState, bytesAskedFor } from "../kernel/guards/block-states";
import { quarantined, quarantineWord } from "../kernel/guards/quarantine";
import { expectHeader, expectZones, firstWritten } from "../kernel/guards/zones";
import { load32 } from "../kernel/intrinsics";
import { slabOfBlock } from "../kernel/large-block";
import { arraysOf } from "../kernel/memory-map";
import { usableIn } from "../kernel/realloc";
import { Slab, ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import { slabs, threadSlots } from "./heap-walk";
import { expect, isSlab } from "./soundness";

/** What is filled is as it was filled: around live blocks, and in freed ones that are kept. */
export function checkStates(): void {
  if (spec.guards.headers || spec.guards.redZone > 0) {
    for (const ptr of blocksOfUsers()) checkAround(ptr);
  }
  if (spec.guards.quarantineBytes > 0) {
    for (const slot of threadSlots()) checkQuarantine(slot);
  }
}

/** The blocks that users have, by address. */
export function* blocksOfUsers(): Generator<number> {
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

function checkAround(ptr: number): void {
  const slab = slabOfBlock(ptr);
  if (spec.guards.headers) expectHeader(ptr, load32(slab + Slab.class));
  if (spec.guards.redZone > 0) {
    const usable = usableIn(slab, ptr);
    expect(bytesAskedFor(ptr) <= usable, "a block holds what was asked for", ptr);
    expectZones(ptr, ptr + bytesAskedFor(ptr), ptr + usable);
  }
}

function checkQuarantine(slot: number): void {
  const blocks = quarantined(slot);
  const places = (slot + ThreadSlot.quarantineEnd) * 4;
  expect(blocks <= spec.guards.quarantinePlaces, "a quarantine holds no more than it has places for", places);
  let bytes = 0;
  const first = load32(slot + ThreadSlot.quarantineFirst);
  for (let i = 0; i < blocks; i++) {
    const ptr = load32(quarantineWord(arraysOf(slot), (first + i) >>> 0));
    expect(blockState(ptr) === BLOCK_FREED, "what waits in quarantine was freed", ptr);
    const usable = usableIn(slabOfBlock(ptr), ptr);
    bytes += usable;
    expect(
      firstWritten(ptr, ptr + usable) === ptr + usable,
      "a freed block is left alone: use after free",
      ptr,
    );
  }
  expect(bytes === load32(slot + ThreadSlot.quarantineBytes), "a quarantine knows its bytes", places);
}
