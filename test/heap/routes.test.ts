/**
 * R1 where routes lead to lists: a free asks nothing but the page map, or with threads the thread's
 * own.
 */
import { describe, expect, test } from "vitest";
import { layoutOf } from "../support/layout.ts";
import { type Variant, variantOf, variants } from "../support/variants.ts";

const isRouted = ({ resolved: { kernel } }: Variant) =>
  kernel.routes && !kernel.manyThreads && kernel.heapWalk;

describe.each(variants.filter(isRouted))("$name", (variant) => {
  const { first, last } = variant.resolved.kernel.tlsSll;
  const sizes = variant.resolved.kernel.classBytes;

  test("pages of listed classes lead to the class's list, others to their slab; so does a slab of another class", async () => {
    const heap = await variant.createHeap();
    const { entry } = await layoutOf(variant);
    const lists = new Map<number, number>();
    for (let c = 1; c < sizes.length; c++) {
      const block = heap.malloc(sizes[c]);
      const [slab, route] = heap.u32.subarray(entry(block), entry(block) + 2);
      if (c >= first && c <= last) lists.set(c, route);
      else expect(route).toBe(slab);
      heap.free(block);
      heap.detach();
    }
    const routes = [...lists.values()];
    expect(new Set(routes).size).toBe(last - first + 1);
    expect(routes).toEqual([...routes].sort((one, two) => one - two));
    heap.check();
  });

  test("a list that was freed into for long is trimmed to 16 blocks", async () => {
    const heap = await variant.createHeap();
    const { entry } = await layoutOf(variant);
    const blocks = Array.from({ length: 40 }, () => heap.malloc(sizes[last]));
    const list = heap.u32[entry(blocks[0]) + 1];
    for (const block of blocks.slice(0, 39)) heap.free(block);
    expect(heap.u32[list]).toBe(blocks[38]);
    expect(heap.u32[list + 1]).toBe(0x3fffffff - 39);
    heap.u32[list + 1] = 1;
    heap.free(blocks[39]);
    expect(heap.u32[list + 1]).toBe(0x3fffffff);
    const kept: number[] = [];
    for (let block = heap.u32[list]; block !== 0; block = heap.u32[block >>> 2]) kept.push(block);
    expect(kept).toEqual(blocks.slice(24).reverse());
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
  });
});

describe("with threads", () => {
  const variant = variantOf("shared");
  const { tlsSll, classBytes, pageShift, alignShift } = variant.resolved.kernel;
  const oneBlock = 1 << (pageShift - alignShift);

  test("a thread frees blocks of its pages to their list or their slab, and others' home; anything else is noticed", async () => {
    const { createHeap, attachHeap } = await variant.module();
    const heap = createHeap();
    const other = attachHeap(heap.handle);
    const { slab, field } = await layoutOf(variant);
    const record = (ptr: number) => heap.u32.subarray(slab(ptr), slab(ptr) + field("WORDS"));
    const [small, listed] = [classBytes[tlsSll.first - 1], classBytes[tlsSll.first]];
    const own = [heap.malloc(small), heap.malloc(small), heap.malloc(listed), heap.malloc(listed)];
    heap.free(own[0]);
    expect(record(own[0])[field("FREE")]).toBe(own[0]);
    heap.free(own[2]);
    expect(record(own[2])[field("FREE")]).toBe(0);
    expect(heap.malloc(listed)).toBe(own[2]);
    for (const ptr of [own[1], own[3]]) {
      other.free(ptr);
      const place = (ptr % (1 << pageShift)) >>> alignShift;
      expect(record(ptr)[field("REMOTE")]).toBe(oneBlock + place);
    }
    heap.check();
    other.check();
    record(own[1])[field("REMOTE")] += oneBlock;
    expect(() => heap.check()).toThrow("a remote list says how many blocks it holds");
    record(own[1])[field("REMOTE")] -= oneBlock;
    record(own[2])[field("OWNER")]++;
    expect(() => heap.check()).toThrow("a page leads to where its blocks are freed to");
    expect(() => other.check()).toThrow("a page leads to where its blocks are freed to");
  });

  test("what a remote free asks a slab for lies beside its remote list, in a line that no free of the owner's writes", async () => {
    const heap = await variant.createHeap();
    const { slab, field } = await layoutOf(variant);
    const told = (ptr: number) => slab(ptr) + field("BLOCKS");
    const line = (word: number) => Math.floor((word * 4) / 64);
    const [small, large] = [heap.malloc(100), heap.malloc(4 * variant.pageBytes)];
    expect(line(told(small))).toBe(line(slab(small) + field("REMOTE")));
    expect(line(told(small))).not.toBe(line(slab(small) + field("FREE")));
    const perSlab = Math.floor(variant.pageBytes / (heap.usableSize(small) || 1));
    expect([small, large].map((ptr) => heap.u32[told(ptr)])).toEqual([perSlab, 0]);
    heap.check();
    for (const ptr of [small, large]) {
      heap.u32[told(ptr)] ^= 1;
      expect(() => heap.check()).toThrow("a slab tells others how many blocks it has");
      heap.u32[told(ptr)] ^= 1;
    }
    heap.check();
  });
});
