/**
 * Several attachments to one heap, in one thread and in turn: blocks pass between them, and all of
 * them come home.
 */
import { describe, expect, test } from "vitest";
import { Crowd } from "../support/crowd.ts";
import { mostWhenEmpty } from "../support/footprint.ts";
import { randomScript } from "../support/script.ts";
import { variants } from "../support/variants.ts";
import { waves } from "../support/waves.ts";

const shared = variants.filter(({ resolved }) => resolved.kernel.manyThreads);

describe.each(shared)("$name", (variant) => {
  const { classSizes, superSlabBytes, resolved } = variant;
  const { threads, reclaim } = resolved.kernel;
  const size = Math.min(threads, 4);
  const largest = classSizes.at(-1) as number;

  test.each([
    ["small blocks", randomScript(51, 1500, 300, 2048)],
    ["blocks of one size", waves(52, [Math.min(1000, largest)], 200, 1500)],
    ["blocks of two sizes", waves(53, [classSizes[1], largest], 150, 1200, true)],
    ["long runs", randomScript(54, 400, 12, 2 * superSlabBytes)],
  ])("%s", async (_, script) => {
    const crowd = new Crowd(await variant.module(), variant, 24 * superSlabBytes);
    const fresh = crowd.first.stats().committedBytes;
    crowd.play(script, size, 5);
    crowd.end(6);
    crowd.first.detach();
    expect(crowd.first.stats().committedBytes).toBeLessThanOrEqual(mostWhenEmpty(variant, fresh));
    expect(crowd.first.stats().liveBlocks).toBe(0);
  });

  test("a heap that is nearly full serves all of them", async () => {
    const crowd = new Crowd(await variant.module(), variant, 2 * superSlabBytes);
    crowd.play(waves(55, [largest, classSizes[0]], 260, 1200), size, 7);
    crowd.end(8);
    const again = (await variant.module()).attachHeap(crowd.first.handle);
    crowd.first.detach();
    expect(again.malloc(superSlabBytes / 2)).not.toBe(0);
    again.check?.();
  });

  test("what others freed comes back to the owner before new pages are touched", async () => {
    const { createHeap, attachHeap } = await variant.module();
    const heap = createHeap();
    const other = attachHeap(heap.handle);
    const blocks = Array.from({ length: 400 }, () => heap.malloc(largest));
    const { peakCommittedBytes: peak } = heap.stats();
    for (let round = 0; round < 3; round++) {
      for (const ptr of blocks) other.free(ptr);
      heap.check?.();
      blocks.forEach((_, i) => {
        blocks[i] = heap.malloc(largest);
      });
      expect(blocks).not.toContain(0);
    }
    // A SuperSlab that was kept counts as a whole.
    expect(heap.stats().peakCommittedBytes - peak).toBeLessThan(superSlabBytes);
    heap.check?.();
  });

  test("who leaves, leaves nothing behind; who has left frees, and gets nothing", async () => {
    const { createHeap, attachHeap } = await variant.module();
    const heap = createHeap();
    const fresh = heap.stats().committedBytes;
    const other = attachHeap(heap.handle);
    const blocks = [classSizes[0], 200, largest, largest + 1, 3 * superSlabBytes].flatMap((bytes) =>
      Array.from({ length: 9 }, () => other.malloc(bytes)),
    );
    expect(blocks).not.toContain(0);
    for (const ptr of blocks.filter((_, i) => i % 3 === 0)) other.free(ptr);
    other.detach();
    expect([
      other.malloc(10),
      other.calloc(1, 10),
      other.memalign(64, 100),
      other.malloc(largest + 1),
    ]).toEqual([0, 0, 0, 0]);
    for (const ptr of blocks.filter((_, i) => i % 3 === 1)) other.free(ptr);
    for (const ptr of blocks.filter((_, i) => i % 3 === 2)) heap.free(ptr);
    heap.check?.();
    expect(heap.stats().liveBlocks).toBe(0);
    heap.detach();
    other.detach();
    heap.check?.();
    expect(heap.stats().committedBytes).toBeLessThanOrEqual(mostWhenEmpty(variant, fresh));
  });

  test.runIf(reclaim)("whoever vanishes between two calls loses nothing", async () => {
    const { createHeap, attachHeap } = await variant.module();
    const heap = createHeap();
    for (let round = 0; round < 6; round++) {
      const mortal = attachHeap(heap.reserve());
      const blocks = Array.from({ length: 60 }, (_, i) =>
        mortal.malloc([classSizes[1], 500, largest][i % 3]),
      );
      for (const ptr of blocks.filter((_, i) => i % 2 === round % 2)) (round < 3 ? mortal : heap).free(ptr);
      heap.reclaim(mortal.threadSlot);
      heap.check?.();
      expect(heap.stats().liveBlocks).toBe(30);
      for (const ptr of blocks.filter((_, i) => i % 2 !== round % 2)) heap.free(ptr);
      expect(heap.stats().liveBlocks).toBe(0);
    }
  });
});
