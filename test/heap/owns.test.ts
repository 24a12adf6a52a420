/**
 * owns: true where a block of the heap starts, false anywhere else, and no number makes it throw.
 */
import { describe, expect, test } from "vitest";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { chosenVariants, guardedVariants, isUnguarded, variantOf } from "../support/variants.ts";

const able = [...chosenVariants, ...guardedVariants].filter(({ resolved }) => resolved.kernel.api.owns);

describe.each(able)("$name", (variant) => {
  test("every block starts where the heap says, and nowhere else", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    play(ledger, randomScript(23, 2000, 120, 200_000));
    for (const { ptr } of ledger.live) expect(heap.owns(ptr)).toBe(true);
    const shown = [...heap.blocks()].filter(({ used }) => used || isUnguarded(variant));
    const starts = new Set(shown.map(({ ptr }) => ptr));
    const end = Math.max(...starts) + 4 * variant.pageBytes;
    const told: number[] = [];
    for (let ptr = 0; ptr < end; ptr += 8) if (heap.owns(ptr)) told.push(ptr);
    expect(told).toEqual([...starts].sort((one, other) => one - other));
  });

  test("nothing else is a block", async () => {
    const heap = await variant.createHeap();
    const small = heap.malloc(100);
    const large = heap.malloc(3 * variant.superSlabBytes);
    const none = [0, 1, small + 1, small - 8, large + variant.pageBytes, large - 1, 2 ** 32 - 4096, 2 ** 32];
    const noAddress = [-1, -small, small + 0.5, small + 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY];
    for (const ptr of [...none, ...noAddress]) expect([ptr, heap.owns(ptr)]).toEqual([ptr, false]);
    heap.free(large);
    expect(heap.owns(large)).toBe(false);
    expect(heap.owns(small)).toBe(true);
  });
});

test("of several threads each knows the blocks of all", async () => {
  const variant = variantOf("shared");
  const { createHeap, attachHeap } = await variant.module();
  const one = createHeap();
  const other = attachHeap(one.handle);
  const blocks = [one.malloc(40), one.malloc(200_000), other.malloc(40), other.malloc(3000)];
  for (const ptr of blocks) expect([one.owns(ptr), other.owns(ptr)]).toEqual([true, true]);
  expect(one.owns(blocks[2] + 48)).toBe(false);
  other.detach();
  for (const ptr of blocks) expect(one.owns(ptr)).toBe(true);
});
