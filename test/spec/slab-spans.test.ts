import fc from "fast-check";
import { expect, test } from "vitest";
import { largestSlab, slabPages } from "../../spec/slab-spans.ts";

const KiB = 1024;
const geometry = {
  superSlabBytes: 1024 * KiB,
  slabBytes: 16 * KiB,
  pageBytes: 4 * KiB,
  spans: true,
} as const;

test.each([
  { block: 16, pages: 4, why: "tiny: a slab of the usual size" },
  { block: 2048, pages: 4, why: "the largest tiny block" },
  { block: 2304, pages: 3, why: "5 blocks, 768 bytes over" },
  { block: 4096, pages: 4, why: "at least 4 blocks" },
  { block: 8192, pages: 8, why: "the largest of which there must be 4" },
  { block: 12288, pages: 3, why: "1 block that is whole pages" },
  { block: 13312, pages: 10, why: "3 blocks, 1024 bytes over" },
  { block: 256 * KiB, pages: 64, why: "the largest slab" },
])("$block bytes: $pages pages ($why)", ({ block, pages }) => {
  expect(slabPages(block, geometry)).toBe(pages);
});

test("without spans every slab has the usual size", () => {
  for (const block of [16, 2048, 16 * KiB]) expect(slabPages(block, { ...geometry, spans: false })).toBe(4);
});

test("a block that fits no number of pages well gets the slab with the smallest share over", () => {
  const narrow = { ...geometry, slabBytes: 64 * KiB, pageBytes: 64 * KiB } as const;
  // 144 KiB on pages of 64 KiB: in 192 KiB a quarter is over, and 256 KiB would leave more.
  expect(slabPages(144 * KiB, narrow)).toBe(3);
});

test("every slab holds a block, fits its SuperSlab, and its pages fit a byte", () => {
  const any = fc.record({
    block: fc.integer({ min: 1, max: 16384 }).map((units) => units * 16),
    superSlabBytes: fc.constantFrom<1048576 | 2097152>(1048576, 2097152),
    slabBytes: fc.constantFrom(4 * KiB, 16 * KiB, 64 * KiB),
  });
  fc.assert(
    fc.property(any, ({ block, superSlabBytes, slabBytes }) => {
      const choice = { superSlabBytes, slabBytes, pageBytes: 4 * KiB, spans: true } as const;
      const pages = slabPages(block, choice);
      expect(pages * 4 * KiB).toBeGreaterThanOrEqual(block);
      expect(pages * 4 * KiB).toBeLessThanOrEqual(largestSlab(choice));
      expect(pages).toBeLessThan(256);
    }),
  );
});
