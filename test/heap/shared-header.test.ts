/**
 * Headers (M5) in a heap of several threads: there is no page map, and blocks may begin behind
 * their run's first page.
 */
import { expect, test } from "vitest";
import { firstNonZero } from "../support/ledger.ts";
import { variantOf } from "../support/variants.ts";

const variant = variantOf("shared-header");
const { pageBytes, superSlabBytes } = variant;
const { headerBytes } = variant.resolved.kernel;
const pages = superSlabBytes / pageBytes;
/** The largest block that has one page. */
const onePage = pageBytes - headerBytes;

const pageOf = (ptr: number) => Math.floor(ptr / pageBytes);

test("a block behind its run's first page is resized, measured and freed as one that begins there, by whom ever", async () => {
  const { createHeap, attachHeap } = await variant.module();
  const heap = createHeap();
  const other = attachHeap(heap.handle);
  const before = heap.stats().liveBytes;
  for (const alignment of [pageBytes, 4 * pageBytes, 2 * superSlabBytes]) {
    const ptr = heap.memalign(alignment, 3 * pageBytes);
    expect(ptr % alignment).toBe(0);
    expect(other.usableSize(ptr)).toBe(3 * pageBytes);
    expect(other.realloc(ptr, 5 * pageBytes)).toBe(ptr);
    expect(heap.usableSize(ptr)).toBe(5 * pageBytes);
    expect(heap.realloc(ptr, onePage)).toBe(ptr);
    const size = heap.usableSize(ptr);
    expect([...heap.blocks()].filter(({ used }) => used)).toEqual([{ ptr, size, used: true }]);
    heap.check();
    other.free(ptr);
    heap.check();
    expect(heap.stats().liveBytes).toBe(before);
  }
});

test("calloc looks whether the last page of a run was used, which the header has moved the block into", async () => {
  const heap = await variant.createHeap({ maxBytes: 3 * superSlabBytes });
  const fillUpTo = (last: number) => {
    const blocks: number[] = [];
    do blocks.push(heap.malloc(onePage));
    while (pageOf(blocks[blocks.length - 1]) < last);
    return blocks;
  };
  // The second SuperSlab is used but for its last page; it becomes empty, and is kept.
  const virgin = 2 * pages - 1;
  const second = fillUpTo(virgin - 1).filter((ptr) => pageOf(ptr) >= pages);
  const aligned = heap.memalign(2 * pageBytes, onePage);
  heap.malloc(onePage + 1);
  expect(pageOf(aligned)).toBe(virgin + 3);
  heap.free(aligned);
  for (const ptr of second) heap.free(ptr);
  // The third one is full, from a slab on, and then the second but for that page. The slab is
  // empty, but for its first header.
  const small = heap.malloc(1);
  expect(pageOf(small)).toBe(virgin + 1);
  fillUpTo(3 * pages - 1);
  fillUpTo(virgin - 1);
  heap.free(small);

  const block = heap.calloc(1, pageBytes);
  expect(pageOf(block)).toBe(virgin);
  expect(firstNonZero(heap, block, pageBytes)).toBe(-1);
});
