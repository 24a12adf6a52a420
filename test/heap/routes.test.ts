/** R1 where routes lead to lists: a free asks nothing but the page map, or the slab of its own. */
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

  test("a list that was freed into for long is drained", async () => {
    const heap = await variant.createHeap();
    const { entry } = await layoutOf(variant);
    const blocks = [1, 2, 3].map(() => heap.malloc(sizes[last]));
    const list = heap.u32[entry(blocks[0]) + 1];
    heap.free(blocks[0]);
    heap.free(blocks[1]);
    expect(heap.u32[list]).toBe(blocks[1]);
    expect(heap.u32[list + 1]).toBe(0x3fffffff - 2);
    heap.u32[list + 1] = 1;
    heap.free(blocks[2]);
    expect([...heap.u32.subarray(list, list + 2)]).toEqual([0, 0x3fffffff]);
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
  });
});

describe("with threads", () => {
  const variant = variantOf("shared");
  const { tlsSll, classBytes } = variant.resolved.kernel;

  test("slabs of listed classes lead to a list of their owner's, others to themselves; anything else is noticed", async () => {
    const heap = await variant.createHeap();
    const { slab, field } = await layoutOf(variant);
    const small = slab(heap.malloc(classBytes[tlsSll.first - 1]));
    const block = heap.malloc(classBytes[tlsSll.first]);
    const route = slab(block) + field("ROUTE");
    expect(heap.u32[small + field("ROUTE")]).toBe(small);
    const list = heap.u32[route];
    heap.free(block);
    expect(heap.u32[list]).toBe(block);
    heap.check();
    heap.u32[route] = slab(block);
    expect(() => heap.check()).toThrow("a slab leads to where its owner frees its blocks to");
  });
});
