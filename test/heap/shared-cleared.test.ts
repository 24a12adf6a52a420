/**
 * M7, clearing at once in a heap of several threads: what a SuperSlab held is gone when it is kept,
 * and calloc knows.
 */
import { describe, expect, test } from "vitest";
import { firstNonZero } from "../support/ledger.ts";
import { variantOf } from "../support/variants.ts";

/** Fills a SuperSlab, the second one, and gives it back. */
async function usedHeap(name: Parameters<typeof variantOf>[0]) {
  const { superSlabBytes, ...variant } = variantOf(name);
  const heap = await variantOf(name).createHeap({ maxBytes: 4 * superSlabBytes });
  const block = heap.memalign(superSlabBytes, superSlabBytes);
  expect(block).toBe(superSlabBytes);
  heap.u8.fill(0xff, block, block + superSlabBytes);
  heap.free(block);
  heap.check();
  return { heap, block, superSlabBytes, ...variant };
}

describe("a SuperSlab that was used", () => {
  test("is zero when it is kept, and not cleared once more", async () => {
    const { heap, block, superSlabBytes } = await usedHeap("shared-cleared");
    expect(firstNonZero(heap, block, superSlabBytes)).toBe(-1);
    // Nobody but this test writes into free memory: so it sees that calloc did not.
    heap.u8[block + 100_000] = 1;
    expect(heap.calloc(1, superSlabBytes)).toBe(block);
    expect(firstNonZero(heap, block, superSlabBytes)).toBe(100_000);
  });

  test("serves a class with blocks known to be zero", async () => {
    const { heap, block, superSlabBytes } = await usedHeap("shared-cleared");
    // The first SuperSlab has no room for anything then.
    while (heap.malloc(1 << 15) < block);
    heap.u8[block + superSlabBytes - 1000] = 1;
    let last = 0;
    while (last < block + superSlabBytes - 1000) last = heap.calloc(1, 8000);
    expect(heap.u8.indexOf(1, block)).toBe(block + superSlabBytes - 1000);
  });

  test("is not known to be zero after it was used again", async () => {
    const { heap, block, superSlabBytes } = await usedHeap("shared-cleared");
    // The last of these keeps the SuperSlab in use: it is not cleared.
    while (heap.malloc(1 << 15) < block);
    const half = superSlabBytes / 2;
    const used = heap.malloc(half);
    heap.u8.fill(0xff, used, used + half);
    heap.free(used);
    expect(firstNonZero(heap, used, half)).toBe(0);
    expect(heap.calloc(1, half)).toBe(used);
    expect(firstNonZero(heap, used, half)).toBe(-1);
  });

  test("is cleared on reuse where that is chosen", async () => {
    const { heap, block, superSlabBytes } = await usedHeap("shared");
    expect(firstNonZero(heap, block, superSlabBytes)).toBe(0);
    expect(heap.calloc(1, superSlabBytes)).toBe(block);
    expect(firstNonZero(heap, block, superSlabBytes)).toBe(-1);
  });
});
