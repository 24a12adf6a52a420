/**
 * M7: calloc clears what may not be zero, and nothing else. Nobody but these tests writes into
 * memory that no block has: a byte planted there is still there if calloc knew that its block is
 * zero, and gone if it cleared.
 */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { firstNonZero } from "../support/ledger.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";

/** Where memory grows there is none to plant in beforehand. */
const fixed = chosenVariants.filter(({ resolved }) => resolved.kernel.memory.kind === "fixed");

const knows = ({ resolved }: Variant) => resolved.kernel.zeroKnowledge;

/** Bytes in the middle of every page from `from` on: more than a header takes. */
function plant(heap: Heap, { pageBytes }: Variant, from: number, to = heap.u8.length): void {
  for (let at = from + pageBytes / 2; at < to; at += pageBytes) heap.u8.fill(1, at, at + 200);
}

/** Whether a block with a whole page in it shows a planted byte. */
const shows = (heap: Heap, ptr: number, bytes: number) => firstNonZero(heap, ptr, bytes) >= 0;

describe.each(fixed)("$name", (variant) => {
  const { pageBytes, superSlabBytes, baseBytes, classSizes } = variant;
  const largest = classSizes.at(-1) as number;
  const header = variant.resolved.kernel.headerBytes;
  const runBytes = (pages: number) => pages * pageBytes - header;
  const many = variant.resolved.kernel.manyThreads;

  /** A new heap, and the first address that none of its metadata lies before. */
  async function setUp(bytes = 4 * superSlabBytes) {
    const heap = await variant.createHeap({ maxBytes: baseBytes + bytes });
    const first = heap.malloc(largest + 2 * pageBytes);
    return { heap, behind: first + heap.usableSize(first) };
  }

  test("a run of pages that nobody has used is not cleared, one that somebody has used is", async () => {
    const { heap, behind } = await setUp();
    plant(heap, variant, behind);
    const bytes = Math.max(runBytes(4), largest + 1);
    const first = heap.calloc(1, bytes);
    expect(shows(heap, first, bytes)).toBe(knows(variant));
    heap.u8.fill(0xff, first, first + bytes);
    heap.free(first);
    const again = heap.calloc(1, bytes);
    expect(again).toBe(first);
    expect(firstNonZero(heap, again, bytes)).toBe(-1);
    const other = heap.calloc(1, bytes);
    expect(shows(heap, other, bytes)).toBe(knows(variant));
    heap.check?.();
  });

  test("a run is cleared if a part of it was used", async () => {
    const { heap } = await setUp();
    const short = Math.max(runBytes(3), largest + 1);
    const first = heap.malloc(short);
    heap.u8.fill(0xff, first, first + heap.usableSize(first));
    heap.free(first);
    const long = 3 * short;
    const again = heap.calloc(1, long);
    expect(again).toBe(first);
    expect(firstNonZero(heap, again, long)).toBe(-1);
    const behind = heap.usableSize(again) + again;
    plant(heap, variant, behind);
    const other = heap.calloc(1, short);
    expect(other).toBeGreaterThanOrEqual(behind);
    expect(shows(heap, other, short)).toBe(knows(variant));
  });

  test("blocks of a new slab are not cleared; blocks that were freed are", async () => {
    const { heap, behind } = await setUp();
    plant(heap, variant, behind);
    for (const size of [classSizes[0], classSizes[classSizes.length >>> 1], largest]) {
      // Two pages and more, so that planted bytes lie in them.
      const blocks = Array.from({ length: Math.ceil((3 * pageBytes) / size) + 1 }, () =>
        heap.calloc(1, size),
      );
      expect(blocks).not.toContain(0);
      expect(
        blocks.some((ptr) => shows(heap, ptr, size)),
        `blocks of ${size}`,
      ).toBe(knows(variant));
      for (const ptr of blocks) heap.u8.fill(0xff, ptr, ptr + size);
      for (const ptr of blocks) heap.free(ptr);
      const again = blocks.map(() => heap.calloc(1, size));
      // What is in a tier for longer may come later; of these some are old ones.
      const old = again.filter((ptr) => blocks.includes(ptr));
      expect(old.length, `blocks of ${size} that come back`).toBeGreaterThan(0);
      for (const ptr of old) expect(firstNonZero(heap, ptr, size)).toBe(-1);
    }
    heap.check?.();
  });

  test("a new slab in pages that were used is not taken for zero", async () => {
    const { heap } = await setUp();
    const bytes = Math.max(superSlabBytes / 4, largest + 1);
    const run = heap.malloc(bytes);
    heap.u8.fill(0xff, run, run + bytes);
    heap.free(run);
    for (const size of [classSizes[1], largest]) {
      for (let i = 0; i < 20; i++) expect(firstNonZero(heap, heap.calloc(1, size), size)).toBe(-1);
    }
    heap.check?.();
  });

  // Behind a header no block fills a SuperSlab from its first byte on.
  test.each(
    header > 0
      ? []
      : [
          ["a whole one", 1],
          ["a part of one", 0.5],
        ],
  )("a SuperSlab that becomes empty is cleared then or when it is used again, once: %s", async (_, part) => {
    const { heap } = await setUp(8 * superSlabBytes);
    const { lazyZero, lru } = variant.resolved.kernel;
    const bytes = Math.max(superSlabBytes * part, largest + 1);
    const block = heap.memalign(superSlabBytes, bytes);
    expect(block).not.toBe(0);
    heap.u8.fill(0xff, block, block + bytes);
    heap.free(block);
    heap.check?.();
    const isEager = knows(variant) && !lazyZero && (!many || lru.entries > 0);
    expect(shows(heap, block, bytes)).toBe(!isEager);
    if (isEager) plant(heap, variant, block, block + bytes);
    const second = heap.memalign(superSlabBytes, bytes);
    expect(second).toBe(block);
    heap.free(second);
    if (isEager && !many) plant(heap, variant, block, block + bytes);
    // The room before it is taken: calloc comes to the same pages.
    while (heap.malloc(bytes) < block);
    const anew = await setUp(8 * superSlabBytes);
    const used = anew.heap.memalign(superSlabBytes, bytes);
    anew.heap.u8.fill(0xff, used, used + bytes);
    anew.heap.free(used);
    if (isEager) plant(anew.heap, variant, used, used + bytes);
    let last = anew.heap.calloc(1, bytes);
    while (last !== 0 && last < used) last = anew.heap.calloc(1, bytes);
    if (last === used) expect(shows(anew.heap, last, bytes)).toBe(isEager);
  });

  test("calloc of a size that is no multiple of eight leaves no byte", async () => {
    const { heap } = await setUp();
    for (const size of [1, 3, 7, 13, 33, largest - 3, largest + 5, largest + pageBytes + 1]) {
      const block = heap.malloc(size);
      heap.u8.fill(0xff, block, block + heap.usableSize(block));
      heap.free(block);
      const again = [heap.calloc(1, size), heap.calloc(1, size)];
      for (const ptr of again) expect(firstNonZero(heap, ptr, size), `calloc(1, ${size})`).toBe(-1);
    }
  });
});
