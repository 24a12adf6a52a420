/** `allocator.wasm` by itself: a heap between two addresses of a memory that others use, too. */
import { describe, expect, test } from "vitest";
import { resolveSpec } from "../../spec/resolve.ts";
import { emit, importText, wasmOf } from "../support/emitted.ts";
import { randomNumbers } from "../support/script.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const WASM_PAGE = 64 * KiB;

interface Calls {
  malloc(size: number): number;
  calloc(count: number, size: number): number;
  realloc(ptr: number, size: number): number;
  aligned_alloc(alignment: number, size: number): number;
  free(ptr: number): void;
  malloc_usable_size(ptr: number): number;
  heap_init(base: number, end: number): number;
  heap_init_zeroed(base: number, end: number): number;
}

const presets = ["single", "tiny"] as const;
/** Bytes that a module may have. */
const LARGEST = { single: 7600, tiny: 3900 };

const binaries = new Map(
  await Promise.all(
    presets.map(async (name) => {
      return [name, wasmOf(await emit(resolveSpec({ extends: name, target: "wasm" }, name)))] as const;
    }),
  ),
);
const modules = new Map(
  [...binaries].map(([name, binary]) => [name, new WebAssembly.Module(binary as BufferSource)]),
);

function start(name: (typeof presets)[number], pages: number, maximum = 65536) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum });
  const { exports } = new WebAssembly.Instance(modules.get(name)!, { env: { memory } });
  return { memory, calls: exports as unknown as Calls };
}

describe.each(presets)("%s", (name) => {
  test("it imports a memory, and exports what C programs call", () => {
    expect(WebAssembly.Module.imports(modules.get(name)!)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
    const names = WebAssembly.Module.exports(modules.get(name)!).map((entry) => entry.name);
    for (const call of [
      "malloc",
      "calloc",
      "realloc",
      "aligned_alloc",
      "free",
      "malloc_usable_size",
      "heap_init",
    ])
      expect(names).toContain(call);
  });

  test("it is small", () => {
    expect(binaries.get(name)!.length).toBeLessThanOrEqual(LARGEST[name]);
  });

  test.each([0, 1, 65_537, 48 * MiB])("a heap that begins at %i or behind it", (base) => {
    const { memory, calls } = start(name, 64);
    // What others have left there.
    new Uint8Array(memory.buffer).fill(0xaa);
    const end = base + 8 * MiB;
    expect(calls.heap_init(base, end)).toBe(1);
    const random = randomNumbers(base + 1);
    const blocks: { ptr: number; size: number }[] = [];
    for (let i = 0; i < 1500; i++) {
      const size = Math.floor(2 ** (random() * 16));
      const ptr = i % 3 === 0 ? calls.calloc(1, size) : calls.malloc(size);
      if (ptr === 0) break;
      expect(ptr).toBeGreaterThanOrEqual(base);
      expect(ptr + size).toBeLessThanOrEqual(end);
      expect(ptr % 16).toBe(0);
      const bytes = new Uint8Array(memory.buffer, ptr, size);
      if (i % 3 === 0) expect(bytes.every((byte) => byte === 0)).toBe(true);
      bytes.fill(i);
      blocks.push({ ptr, size });
      if (i % 2 === 0) calls.free(blocks.splice(Math.floor(random() * blocks.length), 1)[0]!.ptr);
    }
    expect(blocks.length).toBeGreaterThan(100);
    const lower = new Uint8Array(memory.buffer, 0, Math.min(base, 64 * WASM_PAGE));
    expect(lower.every((byte) => byte === 0xaa)).toBe(true);
  });

  test("the addresses are those of JavaScript, moved by the base", async () => {
    const files = await emit(
      resolveSpec({ extends: name, memory: { kind: "WebAssembly.Memory", baseAt: "call" } }),
    );
    const { createHeap } = await importText(String(files.get("index.js")));
    const base = 3 * MiB + 8 * KiB;
    const memory = new WebAssembly.Memory({ initial: 0, maximum: 1024 });
    const js = createHeap({ memory, baseBytes: base, maxBytes: 16 * MiB });
    const { calls } = start(name, 0, 1024);
    // It begins at the next page.
    expect(calls.heap_init_zeroed(base - 100, 16 * MiB)).toBe(1);
    const random = randomNumbers(5);
    const sizes = Array.from({ length: 2000 }, () => Math.floor(2 ** (random() * 15)));
    expect(sizes.map((size) => calls.malloc(size))).toEqual(sizes.map((size) => js.malloc(size)));
  });

  test("no room is answered, and so is a memory that cannot grow", () => {
    const { calls } = start(name, 1, 2);
    expect(calls.heap_init(0, 0)).toBe(0);
    expect(calls.heap_init(65_536, 4096)).toBe(0);
    expect(calls.heap_init(0, 4096)).toBe(0);
    expect(calls.heap_init(0, 64 * MiB)).toBe(0);
    expect(calls.heap_init(0, 128 * KiB)).toBe(1);
    let blocks = 0;
    while (calls.malloc(1000) !== 0) blocks++;
    expect(blocks).toBeGreaterThan(50);
    expect(blocks).toBeLessThan(128);
  });

  test("others may grow the memory at any time", () => {
    const { memory, calls } = start(name, 0, 512);
    expect(calls.heap_init(0, 32 * MiB)).toBe(1);
    for (let i = 0; i < 400; i++) {
      if (i % 10 === 0) memory.grow(1);
      const ptr = calls.malloc(20_000);
      if (ptr === 0) throw new Error(`no block after ${i}`);
      new Uint8Array(memory.buffer, ptr, 20_000).fill(i);
    }
  });

  test("sizes up to the largest word are refused, not wrapped", () => {
    const { calls } = start(name, 0, 1024);
    expect(calls.heap_init(0, 64 * MiB)).toBe(1);
    const block = calls.malloc(100_000);
    for (const size of [0xffffffff, 0xfffffff0, 0xfffff000, 0xe8ba2e8c, 0x80000000]) {
      expect(calls.malloc(size)).toBe(0);
      expect(calls.realloc(block, size)).toBe(0);
      expect(calls.calloc(1, size)).toBe(0);
    }
    expect(calls.calloc(0x10000, 0x10000)).toBe(0);
    expect(calls.calloc(0x10001, 0xffff)).toBe(0);
    expect(calls.malloc_usable_size(block)).toBeGreaterThanOrEqual(100_000);
    expect(calls.aligned_alloc(3, 10)).toBe(0);
    expect(calls.aligned_alloc(0x80000000, 10)).toBe(0);
  });
});
