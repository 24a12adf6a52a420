/** Threads that come, go and die. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { variants } from "../support/variants.ts";
import { Team } from "./team.ts";

const MiB = 1 << 20;
const shared = variants.filter(({ resolved }) => resolved.lowering === "shared");
/** Workers killed per variant; `npm run evidence:stress` asks for more. */
const KILLS = Number(process.env.STRESS_KILLS ?? 25);

describe.each(shared)("$name", (variant) => {
  test("workers killed anywhere lose at most a block each, and block nobody", async () => {
    const team = await Team.of(variant, 64 * MiB);
    const { heap } = team;
    const count = Math.min(3, variant.resolved.kernel.threads - 1);
    const startMortal = async () => {
      const handle = heap.reserve();
      return { slot: handle.threadSlot, ...(await team.start(Number.MAX_SAFE_INTEGER, handle)) };
    };
    const mortals = await Promise.all(Array.from({ length: count }, startMortal));
    const kill = async ({ slot, worker }: (typeof mortals)[number]) => {
      await worker.terminate();
      heap.reclaim(slot);
    };
    for (let i = 0; i < KILLS; i++) {
      await pause((i * 7) % 10);
      await kill(mortals[i % count]);
      mortals[i % count] = await startMortal();
      const ptr = heap.malloc(100);
      expect(ptr).not.toBe(0);
      heap.free(ptr);
    }
    for (const mortal of mortals) await kill(mortal);
    heap.check();
    const lost = heap.stats().liveBlocks - team.live;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(KILLS + count);

    // Everything else can be allocated: with what was lost, the blocks fill the heap as well as in a new one.
    team.freeAll();
    const lostBytes = heap.stats().liveBytes;
    const { slabBytes } = variant.resolved.spec.geometry;
    const room = fill(heap.malloc, slabBytes);
    const fresh = await variant.createHeap({ maxBytes: 64 * MiB });
    // A lost block keeps its slab, or the slabs of its run.
    const kept = lost * slabBytes + lostBytes + lost * slabBytes;
    expect(room).toBeGreaterThanOrEqual(fill(fresh.malloc, slabBytes) - kept / slabBytes);
  });

  test("attaching and detaching 10,000 times leaks no slot", async () => {
    const { attachHeap } = await variant.module();
    const heap = await variant.createHeap({ maxBytes: 8 * MiB });
    for (let i = 0; i < 10_000; i++) {
      const other = attachHeap(heap.handle);
      other.free(other.malloc(40));
      other.detach();
    }
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
  });

  test("all slots taken, a slot reserved, a slot given back", async () => {
    const { attachHeap } = await variant.module();
    const heap = await variant.createHeap({ maxBytes: 8 * MiB });
    const { threads } = variant.resolved.kernel;
    const others = Array.from({ length: threads - 1 }, () => attachHeap(heap.handle));
    expect(new Set([heap, ...others].map(({ threadSlot }) => threadSlot)).size).toBe(threads);
    expect(() => attachHeap(heap.handle)).toThrow(`all ${threads} thread slots are taken`);
    expect(() => heap.reserve()).toThrow(RangeError);
    others[0].detach();
    const reserved = heap.reserve();
    expect(() => attachHeap(heap.handle)).toThrow(RangeError);
    expect(attachHeap(reserved).threadSlot).toBe(reserved.threadSlot);
    expect(() => attachHeap(reserved)).toThrow(`thread slot ${reserved.threadSlot} is not reserved`);
  });

  test("a slab that its owner has left is adopted with what was freed meanwhile", async () => {
    const { attachHeap } = await variant.module();
    const heap = await variant.createHeap({ maxBytes: 8 * MiB });
    const other = attachHeap(heap.handle);
    const blocks = Array.from({ length: 100 }, () => other.malloc(1000));
    for (const ptr of blocks.slice(0, 50)) heap.free(ptr);
    other.detach();
    for (const ptr of blocks.slice(50)) heap.free(ptr);
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
    const again = new Set(Array.from({ length: 100 }, () => heap.malloc(1000)));
    expect(blocks.filter((ptr) => again.has(ptr)).length).toBeGreaterThan(0);
  });
});

/** How many blocks of so many bytes there is room for. */
function fill(malloc: (size: number) => number, size: number): number {
  let blocks = 0;
  while (malloc(size) !== 0) blocks++;
  return blocks;
}
