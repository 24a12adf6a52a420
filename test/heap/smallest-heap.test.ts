/** The smallest heap that can serve a request does; and when all is freed, it can do so again. */
import { describe, expect, test } from "vitest";
import { Ledger, type LiveBlock } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";
import { waves } from "../support/waves.ts";

/** The largest block that a heap of so many bytes has room for, by trying. */
async function largestBlock(variant: Variant, bytes: number): Promise<number> {
  const heap = await variant.createHeapOf(bytes);
  const { pageBytes } = variant;
  const bytesOf = (pages: number) => pages * pageBytes - variant.resolved.kernel.headerBytes;
  let pages = 0;
  for (let step = 2 ** Math.floor(Math.log2(bytes / pageBytes)); step >= 1; step /= 2) {
    const block = heap.malloc(bytesOf(pages + step));
    if (block === 0) continue;
    pages += step;
    heap.free(block);
  }
  return bytesOf(pages);
}

function fill(ledger: Ledger, size: number): LiveBlock[] {
  const blocks: LiveBlock[] = [];
  for (let block = ledger.malloc(size); block !== undefined; block = ledger.malloc(size)) blocks.push(block);
  return blocks;
}

describe.each(chosenVariants)("$name", (variant) => {
  const { superSlabBytes, pageBytes, classSizes, resolved } = variant;
  const { headerBytes, classBytes, classPages, classCount, manyThreads } = resolved.kernel;
  /**
   * To the end of a SuperSlab, wherever the base is; of many threads' heaps metadata takes more.
   */
  const bytes =
    superSlabBytes + (manyThreads ? superSlabBytes / 2 : 0) - (variant.baseBytes % superSlabBytes);
  /** Of tiny blocks a heap holds so many that it takes long to look at them all. */
  const classes = [...new Set([classBytes.findIndex((length) => length >= 512), classCount])];

  test("a block of all there is, and nothing beside it", async () => {
    const most = await largestBlock(variant, bytes);
    expect(most).toBeGreaterThan(superSlabBytes / 4);
    const ledger = new Ledger(await variant.createHeapOf(bytes), variant.alignment);
    for (let round = 0; round < 3; round++) {
      expect(ledger.heap.malloc(most + 1)).toBe(0);
      const block = ledger.malloc(most) as LiveBlock;
      expect(block).toBeDefined();
      expect([ledger.malloc(1), ledger.malloc(most), ledger.calloc(1, pageBytes)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      ledger.audit();
      ledger.free(block);
      ledger.audit();
    }
  });

  test.each(classes)("as many blocks of class %s as its slabs have room for", async (c) => {
    const most = await largestBlock(variant, bytes);
    const pages = (most + headerBytes) / pageBytes;
    const size = classSizes[c - 1];
    const capacity = Math.floor((classPages[c] * pageBytes) / classBytes[c]);
    const ledger = new Ledger(await variant.createHeapOf(bytes), variant.alignment);
    const expected = Math.floor(pages / classPages[c]) * capacity;
    const blocks = fill(ledger, size);
    // Slabs of several pages may not fit where one SuperSlab ends.
    expect(blocks.length).toBeLessThanOrEqual(expected);
    expect(blocks.length).toBeGreaterThanOrEqual(expected - 2 * capacity);
    ledger.audit();
    for (const block of blocks.filter((_, i) => i % 2 === 1)) ledger.free(block);
    ledger.auditAccounts();
    // Each free block is found, in whatever slab it is.
    expect(fill(ledger, size).length).toBe(blocks.length >>> 1);
    ledger.freeAll();
    expect(fill(ledger, size).length).toBe(blocks.length);
    ledger.freeAll();
    ledger.audit();
    expect(ledger.malloc(most)).toBeDefined();
    ledger.audit();
  });

  test("whatever was done, when all is freed there is room for the largest block again", async () => {
    const most = await largestBlock(variant, bytes);
    const sizes = classes.map((c) => classSizes[c - 1]);
    for (const script of [
      randomScript(31, 600, 30, most / 2),
      waves(32, sizes, 200, 800),
      waves(33, [...sizes, most / 8], 60, 500, true),
    ]) {
      const ledger = new Ledger(await variant.createHeapOf(bytes), variant.alignment);
      // With threads a thread that has left gets nothing more.
      play(ledger, manyThreads ? script.filter(({ call }) => call !== "detach") : script, 200);
      ledger.audit();
      ledger.freeAll();
      expect(ledger.malloc(most)).toBeDefined();
      ledger.audit();
    }
  });

  test("a block that is aligned more than a page is found although one as long and not aligned would not be", async () => {
    const most = await largestBlock(variant, 2 * superSlabBytes);
    const ledger = new Ledger(await variant.createHeapOf(2 * superSlabBytes), variant.alignment);
    const part = Math.floor(most / 4 / pageBytes) * pageBytes - headerBytes;
    const first = ledger.malloc(part);
    ledger.malloc(part >>> 1);
    const align = superSlabBytes / 2;
    while (ledger.memalign(align, part) !== undefined);
    ledger.audit();
    // That none of them was to be had says nothing about others.
    const rest = fill(
      ledger,
      pageBytes - headerBytes > classSizes[classCount - 1]
        ? pageBytes - headerBytes
        : classSizes[classCount - 1] + 1,
    );
    expect(rest.length).toBeGreaterThan(0);
    if (first !== undefined) ledger.free(first);
    expect(ledger.malloc(part)).toBeDefined();
    ledger.audit();
  });
});
