/** Growth: memories that grow, their views and their limits; addresses that need all 32 bits. */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { firstNonZero, Ledger } from "../support/ledger.ts";
import { variantOf, variantsAndTwins } from "../support/variants.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;
const WASM_PAGE = 64 * KiB;

const viewNames = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64", "i64", "u64"] as const;

const growable = variantsAndTwins.filter(({ resolved }) => resolved.kernel.memory.kind === "growable");

describe.each(growable)("$name", (variant) => {
  const { shared } = variant.resolved.kernel.memory;

  test("views are current after every call, and the old ones are gone", async () => {
    const heap = await variant.createHeapOf(24 * MiB);
    const ledger = new Ledger(heap, variant.alignment);
    let growths = 0;
    for (const size of [10, 300 * KiB, 900 * KiB, 20, 3 * MiB, 40_000, 5 * MiB, 700]) {
      const before = heap.u8;
      const { length } = before;
      const { buffer } = heap;
      ledger.malloc(size);
      if (heap.buffer === buffer) continue;
      growths++;
      // Other threads may be reading through theirs.
      expect(before.length).toBe(shared ? length : 0);
      for (const name of viewNames) {
        expect(heap[name].buffer).toBe(heap.buffer);
        expect(heap[name].byteLength).toBe(heap.buffer.byteLength);
      }
      expect((heap.usedRanges().memory as WebAssembly.Memory).buffer).toBe(heap.buffer);
    }
    expect(growths).toBeGreaterThan(2);
    ledger.audit();
  });

  test.each<[what: string, ask: (heap: Heap, blocks: readonly number[]) => unknown]>([
    ["stats", (heap) => heap.stats()],
    ["check", (heap) => heap.check?.()],
    ["blocks", (heap) => [...(heap.blocks?.() ?? [])]],
    ["usableSize", (heap, blocks) => blocks.map((ptr) => heap.usableSize(ptr))],
    ["owns", (heap, blocks) => blocks.map((ptr) => [heap.owns?.(ptr), heap.owns?.(ptr + 1)])],
    ["largestFree", (heap) => heap.largestFree?.()],
    ["usedRanges", (heap) => heap.usedRanges?.()],
    ["malloc", (heap) => [10, 5000, 300 * KiB].map((size) => heap.malloc(size))],
    ["calloc", (heap) => [10, 5000, 300 * KiB].map((size) => heap.calloc(1, size))],
    ["memalign", (heap) => heap.memalign(8192, 100)],
    ["realloc", (heap, blocks) => blocks.map((ptr) => heap.realloc(ptr, 70_000))],
    ["free", (heap, blocks) => blocks.map((ptr) => heap.free(ptr))],
    ["reset", (heap) => heap.reset?.()],
    ["detach", (heap) => heap.detach()],
  ])("others have grown the memory: %s answers as it would have", async (_what, ask) => {
    const answers: unknown[] = [];
    for (const pages of [0, 1]) {
      const maxBytes = variant.baseBytes + 32 * MiB;
      const memory = new WebAssembly.Memory({ initial: 1, maximum: maxBytes / WASM_PAGE, shared });
      const heap = await variant.createHeap({ memory, maxBytes });
      const blocks = [100, 100, 5000, 50_000, 300 * KiB].map((size) => heap.malloc(size));
      // One of them waits in a list.
      heap.free(blocks.shift() ?? 0);
      const before = memory.buffer.byteLength;
      // Even by nothing would take the buffer away.
      if (pages > 0) memory.grow(pages);
      const answer = ask(heap, blocks);
      const grown = memory.buffer.byteLength - before - pages * WASM_PAGE;
      // Where the memory ends is no answer.
      const { ranges } = (answer ?? {}) as { ranges?: Uint32Array };
      // A Wasm module sees it when it needs more, and grows by so much less.
      answers.push([ranges ?? answer, heap.stats(), variant.resolved.target === "wasm" || grown]);
      heap.check?.();
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  test("a new heap has little memory, and never more than it reserved", async () => {
    const heap = await variant.createHeapOf(16 * MiB);
    expect(heap.buffer.byteLength).toBeLessThan(variant.baseBytes + 4 * MiB);
    while (heap.malloc(100_000) !== 0);
    expect(heap.buffer.byteLength).toBeLessThanOrEqual(variant.baseBytes + 16 * MiB);
    expect(heap.buffer.byteLength).toBeGreaterThan(variant.baseBytes + 15 * MiB);
  });

  test("a memory that refuses to grow makes a full heap, not a broken one", async () => {
    const pages = (variant.baseBytes + 6 * MiB) / WASM_PAGE;
    const memory = new WebAssembly.Memory({ initial: 1, maximum: pages, shared });
    const heap = await variant.createHeap({ memory, maxBytes: variant.baseBytes + 32 * MiB });
    const ledger = new Ledger(heap, variant.alignment);
    while (ledger.malloc(200_000) !== undefined);
    while (ledger.malloc(1000) !== undefined);
    expect(heap.buffer.byteLength).toBe(memory.buffer.byteLength);
    expect(heap.buffer.byteLength).toBeGreaterThan((pages - 5) * WASM_PAGE);
    const [victim] = ledger.live;
    expect(ledger.realloc(victim, 7 * MiB)).toBeUndefined();
    ledger.audit();
    ledger.free(victim);
    expect(ledger.malloc(victim.size)).toBeDefined();
    ledger.audit();
    ledger.freeAll();
    expect(ledger.malloc(3 * MiB)).toBeDefined();
    ledger.audit();
  });

  test("a memory too small for the metadata makes no heap", async () => {
    const memory = new WebAssembly.Memory({ initial: 0, maximum: 1, shared });
    await expect(variant.createHeap({ memory, maxBytes: variant.baseBytes + 64 * MiB })).rejects.toThrow(
      RangeError,
    );
  });
});

// Reserved, not touched: an address space costs nothing until it is used.
const wide = ["single", "tiny-walked", "flagged", "class-form", "header", "listed-classes", "wasm"] as const;

describe.each(wide.map(variantOf))("addresses above 2 GiB: $name", (variant) => {
  test("every operation", async () => {
    const heap = await variant.createHeap({ maxBytes: 4 * GiB - WASM_PAGE });
    const low = heap.malloc(2 * GiB + 5 * MiB);
    expect(low).not.toBe(0);
    expect(heap.usableSize(low)).toBeGreaterThan(2 * GiB);

    const words = (ptr: number, count: number) => heap.u32.subarray(ptr / 4, ptr / 4 + count);
    // Behind the long block, whatever is left of the low SuperSlabs too: the next run does not fit
    // there.
    const high = heap.malloc(700 * MiB);
    expect(high).toBeGreaterThan(2 ** 31);
    words(high, 4).set([1, 2, 3, 4]);
    expect(heap.usableSize(high)).toBeGreaterThanOrEqual(700 * MiB);
    expect(heap.realloc(high, 800 * MiB)).toBe(high);
    expect([...words(high, 4)]).toEqual([1, 2, 3, 4]);

    // Small ones, until their slabs lie up there as well.
    const { superSlabBytes } = variant;
    const wanted = superSlabBytes / 8;
    const runs: number[] = [];
    for (let i = 0; i < 40; i++) runs.push(heap.malloc(wanted));
    const filled = runs.filter((ptr) => ptr > 2 ** 31);
    expect(filled.length).toBeGreaterThan(10);
    heap.free(filled[0]);
    heap.free(filled[1]);
    const small = Array.from({ length: 2000 }, (_, i) => heap.malloc(i % 300));
    expect(new Set(small).size).toBe(2000);
    expect(small).not.toContain(0);
    for (const ptr of small) heap.u8[ptr] = 7;
    heap.check();

    heap.u8.fill(0xa5, filled[2], filled[2] + wanted);
    heap.free(filled[2]);
    const zeroed = heap.calloc(1, wanted);
    expect(firstNonZero(heap, zeroed, wanted)).toBe(-1);
    const aligned = heap.memalign(1 << 20, 300);
    expect(aligned % (1 << 20)).toBe(0);
    heap.u32[filled[3] / 4] = 0xdeadbeef;
    const moved = heap.realloc(filled[3], 30 * MiB);
    expect(heap.u32[moved / 4]).toBe(0xdeadbeef);
    const shrunk = heap.realloc(moved, 8);
    expect(heap.u32[shrunk / 4]).toBe(0xdeadbeef);

    const live = [...heap.blocks()].filter((block) => block.used);
    expect(live.length).toBe(heap.stats().liveBlocks);
    const inUse = [low, high, zeroed, aligned, shrunk, ...small, ...runs.filter((ptr) => ptr !== 0)];
    const gone = new Set(filled.slice(0, 4));
    expect(new Set(live.map(({ ptr }) => ptr))).toEqual(
      new Set(inUse.filter((ptr) => !gone.has(ptr) || [zeroed, aligned, shrunk, ...small].includes(ptr))),
    );
    heap.check();
    for (const { ptr } of live) heap.free(ptr);
    heap.detach();
    heap.check();
    expect(heap.stats().liveBlocks).toBe(0);
  });

  test("small blocks above 2 GiB", async () => {
    const heap = await variant.createHeap({ maxBytes: 4 * GiB - WASM_PAGE });
    // The first SuperSlab that blocks may use is filled up; the long run takes the ones behind it.
    heap.malloc(3 * GiB);
    const ledger = new Ledger(heap, variant.alignment);
    const skipped: number[] = [];
    for (let ptr = 1; ptr > 0 && ptr < 3 * GiB; skipped.push(ptr))
      ptr = heap.malloc(variant.superSlabBytes / 16);
    expect(skipped.at(-1)).toBeGreaterThan(3 * GiB);
    const blocks = Array.from({ length: 3000 }, (_, i) => ledger.malloc((i % 900) + 1));
    const above = blocks.filter((block) => block !== undefined && block.ptr > 2 ** 31);
    expect(above.length).toBeGreaterThan(1000);
    for (const block of above) if (block !== undefined && block.seed % 3 === 0) ledger.free(block);
    for (const block of [...ledger.live].slice(0, 500)) ledger.realloc(block, block.size * 3);
    for (let i = 0; i < 500; i++) ledger.calloc(2, i + 1);
    ledger.freeAll();
    heap.check();
    expect(heap.stats().liveBlocks).toBe(1 + skipped.length);
  });
});
