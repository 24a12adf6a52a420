/** Page runs: which free pages are taken, and what is collected for them. */
import { expect, test } from "vitest";
import { layoutOf } from "../support/layout.ts";
import { variantOf } from "../support/variants.ts";

const variant = variantOf("single");
const { superSlabBytes, pageBytes } = variant;

test("of empty SuperSlabs the first one by address is taken again, not the one emptied last", async () => {
  const heap = await variant.createHeap();
  const [one, two] = [1, 2, 3].map(() => heap.malloc(superSlabBytes));
  heap.free(one);
  heap.free(two);
  expect(heap.malloc(superSlabBytes - pageBytes)).toBe(one);
});

test("for a run longer than a SuperSlab no idle blocks are collected, for a shorter one they are", async () => {
  const heap = await variant.createHeap();
  const { entry } = await layoutOf(variant);
  const blocks = Array.from({ length: 100 }, () => heap.malloc(1000));
  const list = heap.u32[entry(blocks[0]) + 1];
  for (const block of blocks) heap.free(block);
  heap.malloc(superSlabBytes + pageBytes);
  expect(heap.u32[list]).toBe(blocks[99]);
  heap.malloc(superSlabBytes);
  expect(heap.u32[list]).toBe(0);
  heap.check();
});

test("that no aligned run was found says nothing about runs that need not be aligned", async () => {
  const heap = await variant.createHeap({ maxBytes: 2 * superSlabBytes });
  const KiB = 1024;
  expect([heap.malloc(1000 * KiB), heap.malloc(300 * KiB)]).not.toContain(0);
  expect(heap.memalign(512 * KiB, 516 * KiB)).toBe(0);
  expect(heap.malloc(600 * KiB)).not.toBe(0);
  heap.check();
});
