/**
 * realloc: from every kind of block to every other; in place where that is possible, linear
 * overall.
 */
import { describe, expect, test } from "vitest";
import { Ledger } from "../support/ledger.ts";
import { chosenAndTwins, guardedVariants, isUnguarded } from "../support/variants.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

describe.each([...chosenAndTwins, ...guardedVariants])("$name", (variant) => {
  const { classSizes, pageBytes, superSlabBytes } = variant;
  const largestClass = classSizes.at(-1) as number;

  test("from every size to every other", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    const middle = classSizes[classSizes.length >>> 1];
    const sizes = [
      ...[1, classSizes[0] + 1, 100, middle, middle + 1, largestClass - 1, largestClass, largestClass + 1],
      ...[largestClass + pageBytes, 5 * pageBytes, superSlabBytes / 2, superSlabBytes, superSlabBytes + 1],
      2.5 * superSlabBytes,
    ];
    for (const from of sizes) {
      for (const to of sizes) {
        const block = ledger.malloc(from);
        const resized = block && ledger.realloc(block, to);
        expect(resized?.size, `${from} to ${to}`).toBe(to);
        // Not much more than was asked for: a class, or a third and a page.
        if (to > largestClass) expect(resized?.usable).toBeLessThan((to * 4) / 3 + 2 * pageBytes);
        if (resized !== undefined) ledger.free(resized);
      }
      ledger.audit();
    }
  });

  test.runIf(isUnguarded(variant))("nothing to resize, nothing to keep", async () => {
    const heap = await variant.createHeap();
    for (const size of [0, 40, largestClass + 1]) {
      const ptr = heap.realloc(0, size);
      expect(heap.usableSize(ptr)).toBeGreaterThanOrEqual(Math.max(size, 1));
      expect(heap.stats().liveBlocks).toBe(1);
      expect(heap.realloc(ptr, 0)).toBe(0);
      expect(heap.stats().liveBlocks).toBe(0);
      heap.check?.();
    }
    expect(heap.realloc(0, 0)).not.toBe(0);
  });

  test.runIf(isUnguarded(variant))(
    "page blocks grow and shrink in place where the pages behind them are free",
    async () => {
      const heap = await variant.createHeap();
      const ledger = new Ledger(heap, variant.alignment);
      const first = largestClass + 4 * pageBytes;
      let block = ledger.malloc(first);
      for (const size of [
        2 * first,
        3 * first,
        2 * superSlabBytes,
        3 * superSlabBytes,
        superSlabBytes,
        first,
      ]) {
        const before = block?.ptr;
        block = block && ledger.realloc(block, size);
        expect(block?.ptr, `to ${size}`).toBe(before);
        ledger.audit();
      }
    },
  );

  test("a small block stays where it is while its class fits", async () => {
    const heap = await variant.createHeap();
    const ptr = heap.malloc(classSizes[4]);
    for (let size = classSizes[3] + 1; size <= classSizes[4]; size++)
      expect(heap.realloc(ptr, size)).toBe(ptr);
    heap.check?.();
  });

  test.runIf(isUnguarded(variant))(
    "blocks that grow side by side, bit by bit, move a bounded multiple of their bytes",
    async () => {
      const heap = await variant.createHeapOf(48 * MiB);
      const last = MiB;
      const blocks = Array.from({ length: 12 }, () => heap.malloc(1));
      let moved = 0;
      for (let size = 2; size <= last; size += size < 8 * KiB ? 1 : 509) {
        blocks.forEach((block, which) => {
          const ptr = heap.realloc(block, size);
          if (ptr === 0) expect.fail(`realloc(${block}, ${size}) found no room`);
          if (ptr === block) return;
          moved += size;
          blocks[which] = ptr;
          // Room to grow in proportion to the size is what makes the whole linear, whoever is in the
          // way.
          if (size > largestClass)
            expect(heap.usableSize(ptr)).toBeGreaterThanOrEqual(Math.floor((size * 9) / 8));
        });
      }
      expect(moved).toBeLessThan(12 * 5 * last);
      heap.check?.();
    },
  );
});
