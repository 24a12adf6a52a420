/** Guarded blocks: what `check()` looks at in a build with guards. */
import { BLOCK_FREED, blockState, bytesAskedFor } from "../kernel/guards/block-states";
import { quarantined, quarantineWord } from "../kernel/guards/quarantine";
import { expectHeader, expectZones, firstWritten } from "../kernel/guards/zones";
import { load32 } from "../kernel/intrinsics";
import { slabOfBlock } from "../kernel/large-block";
import { arraysOf } from "../kernel/memory-map";
import { usableIn } from "../kernel/realloc";
import { Slab, ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";
import { blocks } from "./blocks";
import { threadSlots } from "./heap-walk";
import { expect } from "./soundness";

/** Live blocks have whole zones, and what waits in quarantine is as it was filled. */
export function checkStates(): void {
  for (const { ptr, size, used } of blocks()) {
    if (!used) continue;
    if (spec.guards.headers) expectHeader(ptr, load32(slabOfBlock(ptr) + Slab.class));
    if (spec.guards.redZone > 0) {
      expect(bytesAskedFor(ptr) <= size, "a block holds what was asked for", ptr);
      expectZones(ptr, ptr + bytesAskedFor(ptr), ptr + size);
    }
  }
  if (spec.guards.quarantineBytes > 0) {
    for (const slot of threadSlots()) checkQuarantine(slot);
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
      "nobody writes a freed block: use after free",
      ptr,
    );
  }
  expect(bytes === load32(slot + ThreadSlot.quarantineBytes), "a quarantine knows its bytes", places);
}
