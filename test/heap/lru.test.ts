/**
 * The LRU (L3): of empty SuperSlabs those emptied last are kept, as many as the spec says, and no
 * others.
 */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";

/** SuperSlabs kept at most, when every page of them has been used. */
function limitOf({ resolved, superSlabBytes, pageBytes }: Variant): number {
  const { entries, pages } = resolved.kernel.lru;
  return Math.min(entries, Math.floor((pages * pageBytes) / superSlabBytes));
}

/**
 * With a header no block fills a SuperSlab from its first byte on; and some LRUs keep more than a
 * test can fill.
 */
const suitable = chosenVariants.filter(
  (variant) => variant.resolved.kernel.headerBytes === 0 && limitOf(variant) <= 32,
);

describe.each(suitable)("$name", (variant) => {
  const { superSlabBytes, pageBytes, baseBytes } = variant;
  const limit = limitOf(variant);
  const count = limit + 4;

  /** A heap with blocks that each fill a SuperSlab, by address. */
  async function setUp() {
    const heap = await variant.createHeap({ maxBytes: baseBytes + (count + 3) * superSlabBytes });
    const blocks = Array.from({ length: count }, () => heap.memalign(superSlabBytes, superSlabBytes));
    expect(blocks).not.toContain(0);
    expect(blocks).toEqual([...blocks].sort((one, two) => one - two));
    return { heap, blocks };
  }

  /** Every third one first: age has nothing to do with addresses. */
  function mixed<T>(items: readonly T[]): T[] {
    return [0, 1, 2].flatMap((rest) => items.filter((_, i) => i % 3 === rest));
  }

  test("keeps as many as it may, and the oldest ones go", async () => {
    const { heap, blocks } = await setUp();
    const full = heap.stats().committedBytes;
    const order = mixed(blocks);
    const figures = order.map((block) => {
      heap.free(block);
      heap.check?.();
      return heap.stats().committedBytes;
    });
    const each = (full - figures[count - 1]) / (count - limit);
    expect(each).toBeGreaterThanOrEqual(superSlabBytes);
    expect(each).toBeLessThan(superSlabBytes * 1.2);
    expect(figures).toEqual(order.map((_, i) => full - Math.max(0, i + 1 - limit) * each));
    countsAre(heap, { created: count, reused: 0, returned: count - limit });
    // Those kept are taken first, by address: so the addresses tell which they are.
    const kept = order.slice(count - limit).sort((one, two) => one - two);
    const gone = order.slice(0, count - limit).sort((one, two) => one - two);
    const again = order.map(() => heap.memalign(superSlabBytes, superSlabBytes));
    expect(again).toEqual([...kept, ...gone]);
    expect(heap.stats().committedBytes).toBe(full);
    countsAre(heap, { created: count + gone.length, reused: limit, returned: count - limit });
    heap.check?.();
  });

  test("what was taken out of it is as young as any when it comes back", async () => {
    if (limit < 2) return;
    const { heap, blocks } = await setUp();
    const full = heap.stats().committedBytes;
    for (const block of blocks.slice(0, limit)) heap.free(block);
    // The first one by address is the oldest, too; it serves again, and comes back last.
    expect(heap.malloc(superSlabBytes)).toBe(blocks[0]);
    heap.free(blocks[0]);
    heap.check?.();
    expect(heap.stats().committedBytes).toBe(full);
    heap.free(blocks[limit]);
    heap.check?.();
    const kept = [blocks[0], ...blocks.slice(2, limit + 1)];
    expect(kept.map(() => heap.malloc(superSlabBytes))).toEqual(kept);
    expect(heap.malloc(superSlabBytes)).toBe(blocks[1]);
    heap.check?.();
  });

  test("a SuperSlab in use serves before one that is kept, and one that is kept before the memory", async () => {
    const { heap, blocks } = await setUp();
    // The first SuperSlab, beside the metadata, has no room any more.
    while (heap.malloc(pageBytes * 3) !== 0);
    for (const block of [blocks[1], blocks[3]]) heap.free(block);
    const some = heap.memalign(superSlabBytes, superSlabBytes / 2);
    expect(some).toBe(limit === 1 ? blocks[3] : blocks[1]);
    heap.free(blocks[0]);
    heap.check?.();
    const before = heap.stats().committedBytes;
    const run = heap.malloc(superSlabBytes / 4);
    expect(run - some).toBe(superSlabBytes / 2);
    expect(heap.stats().committedBytes - before).toBeLessThanOrEqual(superSlabBytes / 4);
    heap.check?.();
  });
});

/**
 * G6, where it is chosen. The SuperSlab of the metadata counts or not, as the heap is for many
 * threads or for one.
 */
function countsAre(heap: Heap, wanted: { created: number; reused: number; returned: number }): void {
  const { superSlabs } = heap.stats();
  if (superSlabs === undefined) return;
  const { created, reused, returned } = superSlabs;
  expect({ reused, returned }).toEqual({ reused: wanted.reused, returned: wanted.returned });
  expect([0, 1]).toContain(created - wanted.created);
}
