/**
 * The heap at its edges: full, in a memory that is not its own, in one that others grow. Rows E1 to
 * E7 of small inputs.
 */
import { describe, expect, test } from "vitest";
import { variantOf, variants } from "../support/variants.ts";

const MiB = 1 << 20;
const growable = variants.filter(({ resolved }) => resolved.kernel.memory.kind === "growable");
const oneThread = growable.filter(({ resolved }) => !resolved.kernel.manyThreads);

describe.each(growable)("$name in a memory that is shorter than the heap", (variant) => {
  test("the heap ends where the memory can, and room before that is found (E1)", async () => {
    const memory = new WebAssembly.Memory({
      initial: 2,
      maximum: 200 + Math.ceil(variant.baseBytes / 65_536),
      shared: variant.resolved.kernel.memory.shared,
    });
    const heap = await variant.createHeap({ memory, maxBytes: 64 * MiB });
    const blocks: number[] = [];
    for (let ptr = heap.malloc(10_000); ptr !== 0; ptr = heap.malloc(10_000)) blocks.push(ptr);
    const end = memory.buffer.byteLength;
    for (const ptr of blocks) if (ptr >= end - 8 * MiB && ptr < end - 4 * MiB) heap.free(ptr);
    for (const size of [16, 12_000, 65_536, MiB]) expect(heap.malloc(size), `malloc(${size})`).not.toBe(0);
    heap.check();
  });
});

describe.each(oneThread)("$name in a memory that somebody else grows", (variant) => {
  test("every call goes on, and the views show the memory as it is (E7)", async () => {
    const memory = new WebAssembly.Memory({ initial: 100, maximum: 2048 });
    const heap = await variant.createHeap({ memory, maxBytes: 32 * MiB });
    const sizes = [16, 100, 1000, 20_000, 100_000];
    const blocks = sizes.map((size) => heap.malloc(size));
    blocks.forEach((ptr, i) => {
      heap.u32[ptr >>> 2] = i + 1;
    });
    for (const size of sizes) {
      memory.grow(1);
      const ptr = heap.malloc(size);
      expect(ptr).toBeGreaterThan(0);
      expect(blocks).not.toContain(ptr);
      memory.grow(1);
      heap.free(ptr);
    }
    blocks.forEach((ptr, i) => {
      memory.grow(1);
      expect(heap.u32[ptr >>> 2]).toBe(i + 1);
      memory.grow(1);
      expect(heap.usableSize(ptr)).toBeGreaterThanOrEqual(sizes[i]);
    });
    memory.grow(1);
    const moved = heap.realloc(blocks[1], 5000);
    expect(heap.u32[moved >>> 2]).toBe(2);
    memory.grow(1);
    expect(heap.calloc(10, 10)).toBeGreaterThan(0);
    memory.grow(1);
    expect(heap.memalign(4096, 100) % 4096).toBe(0);
    expect(heap.stats().liveBlocks).toBe(7);
    heap.check();
  });
});

describe("a full heap (E3)", () => {
  test.each(["single", "shared", "tls-list", "hakmem"] as const)(
    "of %s gives out each block that is freed at once, whatever its slab",
    async (name) => {
      const variant = variantOf(name);
      const heap = await variant.createHeapOf(4 * MiB);
      const blocks: number[] = [];
      for (let ptr = heap.malloc(64); ptr !== 0; ptr = heap.malloc(64)) blocks.push(ptr);
      for (let i = 0; i < 500; i++) {
        const at = (i * 7919) % blocks.length;
        heap.free(blocks[at]);
        blocks[at] = heap.malloc(64);
        expect(blocks[at]).not.toBe(0);
      }
      expect(heap.malloc(64)).toBe(0);
      heap.check();
    },
  );
});

describe("largestFree", () => {
  test.each(["single", "shared", "header", "wasm", "hakmem", "tiny-walked"] as const)(
    "of %s is a request that succeeds, in heaps of any state",
    async (name) => {
      const variant = variantOf(name);
      const heap = await variant.createHeapOf(6 * MiB);
      if (heap.largestFree === undefined) return;
      const blocks: number[] = [];
      for (const size of [3 * MiB, 700_000, 100_000, 30_000, 5000, 700, 48]) {
        for (;;) {
          const most = heap.largestFree();
          if (most === 0) break;
          const ptr = heap.malloc(most);
          expect(ptr, `malloc(${most})`).not.toBe(0);
          heap.free(ptr);
          const block = heap.malloc(size);
          if (block === 0) break;
          blocks.push(block);
        }
      }
      for (let ptr = heap.malloc(1); ptr !== 0; ptr = heap.malloc(1)) blocks.push(ptr);
      // Runs that are too short for a slab of the smallest class may serve another one.
      for (let most = heap.largestFree(); most !== 0; most = heap.largestFree()) {
        expect(heap.malloc(most), `malloc(${most}) of what is left`).not.toBe(0);
      }
      heap.check();
    },
  );
});

describe("base at the call (N1)", () => {
  test("a heap lies where it is told to, beside another one in the same memory", async () => {
    const { createHeap, openHeap } = await variantOf("based-at-call").module();
    const memory = new ArrayBuffer(8 * MiB);
    const low = createHeap({ memory, maxBytes: 4 * MiB });
    const high = createHeap({ memory, baseBytes: 4 * MiB });
    const ptr = low.malloc(1000);
    low.u32[ptr >>> 2] = 1;
    for (let each = high.malloc(1000); each !== 0; each = high.malloc(1000)) {
      expect(each).toBeGreaterThan(4 * MiB);
      high.u8.fill(255, each, each + 1000);
    }
    expect(low.u32[ptr >>> 2]).toBe(1);
    low.check();
    high.check();
    expect(high.owns?.(ptr)).toBe(false);
    const opened = openHeap(memory.slice(0), { baseBytes: 4 * MiB });
    expect(opened.stats().liveBlocks).toBe(high.stats().liveBlocks);
    expect(() => createHeap({ memory, baseBytes: 100 })).toThrow(
      "baseBytes: 100 is no multiple of the page size, 4096; the nearest are 0 and 4096",
    );
  });
});
