/** reset: every block is free, and the heap as new. */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { chosenVariants, guardedVariants, variantOf } from "../support/variants.ts";

const able = [...chosenVariants, ...guardedVariants].filter(({ resolved }) => resolved.kernel.api.reset);

describe.each(able)("$name", (variant) => {
  /** What a script comes to: where its blocks lie, and what the heap says of itself. */
  function placesOf(heap: Heap, seed: number) {
    const ledger = new Ledger(heap, variant.alignment);
    const script = randomScript(seed, 500, 60, 100_000);
    // Who has detached from a heap of several threads gets no block any more.
    play(
      ledger,
      script.filter(({ call }) => call !== "detach"),
      100,
    );
    return { places: [...ledger.live].map(({ ptr }) => ptr), stats: heap.stats() };
  }

  test("a heap that was reset is as one that is new", async () => {
    const heap = await variant.createHeap();
    const fresh = heap.stats();
    const first = placesOf(heap, 31);
    heap.reset();
    heap.check();
    expect(heap.stats()).toEqual(fresh);
    expect([...heap.blocks()]).toEqual([]);
    placesOf(heap, 32);
    heap.reset();
    expect(placesOf(heap, 31)).toEqual(first);
  });

  test("memory that was used is not taken for zero", async () => {
    const heap = await variant.createHeap();
    for (const size of [100, 5000, 3 * variant.superSlabBytes]) {
      const ptr = heap.malloc(size);
      heap.u8.fill(255, ptr, ptr + size);
      heap.reset();
      const again = heap.calloc(1, size);
      expect(heap.u8.subarray(again, again + size).some((byte) => byte !== 0)).toBe(false);
      heap.reset();
    }
  });
});

describe.each(["shared", "shared-wasm", "shared-immortal", "hakmem"] as const)("%s", (name) => {
  test("only the thread that is left may reset", async () => {
    const { createHeap, attachHeap } = await variantOf(name).module();
    const heap = createHeap();
    const other = attachHeap(heap.handle);
    const message =
      "reset: every other thread must have detached, and this one be attached; no slot may be reserved";
    const before = heap.malloc(100);
    other.malloc(100);
    expect(() => heap.reset()).toThrow(message);
    other.detach();
    expect(() => other.reset()).toThrow(message);
    heap.reset();
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
    expect(heap.malloc(100)).toBe(before);
    const late = attachHeap(heap.handle);
    const blocks = Array.from({ length: 100 }, () => late.malloc(3000));
    for (const ptr of blocks) heap.free(ptr);
    late.detach();
    heap.check();
    expect(heap.stats().liveBlocks).toBe(1);
    expect(late.threadSlot).not.toBe(heap.threadSlot);
  });
});
