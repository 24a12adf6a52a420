/**
 * Arguments: what is no size is answered with 0 and changes nothing; a heap that cannot be made is
 * not made.
 */
import { describe, expect, test } from "vitest";
import { Ledger } from "../support/ledger.ts";
import { chosenAndTwins, type Variant } from "../support/variants.ts";

const MiB = 1 << 20;

const noSizes = [-1, -16, Number.NaN, 1.5, 0.5, -0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const tooLarge = [2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 16, 2 ** 53, Number.MAX_VALUE];
const bad = [...noSizes, ...tooLarge, undefined as unknown as number];

/** Memory of the kind that a variant takes, with garbage in it. */
function givenMemory({ resolved, baseBytes }: Variant, bytes: number) {
  const length = baseBytes + bytes;
  const { kind, shared } = resolved.kernel.memory;
  if (kind === "growable") {
    const memory = new WebAssembly.Memory({
      initial: length / 65536 / 2,
      maximum: length / 65536,
      shared,
    });
    new Uint8Array(memory.buffer).fill(0xa5);
    return memory;
  }
  const buffer = shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
  new Uint8Array(buffer).fill(0xa5);
  return buffer;
}

describe.each(chosenAndTwins)("$name", (variant) => {
  test("bad arguments", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    const blocks = [ledger.malloc(40), ledger.malloc(2 * variant.superSlabBytes)];
    const before = heap.stats();
    for (const size of bad) {
      expect(heap.malloc(size), `malloc(${size})`).toBe(0);
      expect(heap.calloc(1, size), `calloc(1, ${size})`).toBe(0);
      expect(heap.calloc(size, 1), `calloc(${size}, 1)`).toBe(0);
      expect(heap.memalign(64, size), `memalign(64, ${size})`).toBe(0);
      expect(heap.realloc(0, size), `realloc(0, ${size})`).toBe(0);
      for (const block of blocks) {
        expect(heap.realloc(block?.ptr as number, size), `realloc(${block?.ptr}, ${size})`).toBe(0);
      }
    }
    const overflowing = [
      [2 ** 16, 2 ** 16],
      [2 ** 31, 2],
      [2 ** 31, 2 ** 31],
      [3, 0x55555556],
      [2 ** 52, 2 ** 12],
    ];
    for (const [count, size] of overflowing)
      expect(heap.calloc(count, size), `calloc(${count}, ${size})`).toBe(0);
    for (const alignment of [0, -8, 3, 24, 48, 1.5, Number.NaN, 2 ** 32, 2 ** 33, 4095]) {
      expect(heap.memalign(alignment, 40), `memalign(${alignment}, 40)`).toBe(0);
    }
    expect(heap.free(0)).toBeUndefined();
    expect(heap.usableSize(0)).toBe(0);
    const { kernel, lowering } = variant.resolved;
    if (kernel.reclaim) {
      expect(() => heap.reclaim(kernel.threads)).toThrow(RangeError);
    } else if (lowering !== "flagged") {
      expect(heap).not.toHaveProperty("reclaim");
      expect(heap).not.toHaveProperty("reserve");
    }
    expect(heap.stats()).toEqual(before);
    ledger.audit();
  });

  test("malloc(0) is a block of its own each time", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    for (let i = 0; i < 100; i++)
      expect([ledger.malloc(0), ledger.calloc(0, 8), ledger.memalign(64, 0)]).not.toContain(undefined);
    ledger.audit();
  });

  test("a memory full of garbage is as good as a new one, and what lies before the base stays", async () => {
    const memory = givenMemory(variant, 4 * MiB);
    const heap = await variant.createHeap({ memory, maxBytes: variant.baseBytes + 4 * MiB });
    const ledger = new Ledger(heap, variant.alignment);
    expect("buffer" in memory ? memory.buffer : memory).toBe(heap.buffer);
    for (const size of [1, 24, 500, 5000, 40_000, 300_000]) {
      for (let i = 0; i < 3; i++) expect(ledger.calloc(1, size)).toBeDefined();
    }
    ledger.audit();
    ledger.freeAll();
    for (const size of [1, 24, 500, 5000, 40_000, 300_000]) expect(ledger.calloc(1, size)).toBeDefined();
    ledger.audit();
    const before = heap.u8.subarray(0, variant.baseBytes);
    expect(before.every((byte) => byte === 0xa5)).toBe(true);
  });

  test("a heap that cannot be", async () => {
    for (const maxBytes of [0, -1, Number.NaN, variant.baseBytes, variant.baseBytes + 1]) {
      await expect(variant.createHeap({ maxBytes }), `maxBytes ${maxBytes}`).rejects.toThrow(RangeError);
    }
    const wrong =
      variant.resolved.kernel.memory.kind === "growable"
        ? new ArrayBuffer(4 * MiB)
        : new WebAssembly.Memory({ initial: 64, maximum: 64 });
    await expect(variant.createHeap({ memory: wrong })).rejects.toThrow(TypeError);
    await expect(variant.createHeap({ memory: {} as ArrayBuffer })).rejects.toThrow(TypeError);
  });

  test("the least heap that can be made has room for a block", async () => {
    let bytes = 0;
    for (let step = 4 * MiB; step >= variant.pageBytes; step /= 2) {
      const made = await variant.createHeapOf(bytes + step).catch(() => undefined);
      if (made === undefined) bytes += step;
    }
    const heap = await variant.createHeapOf(bytes + variant.pageBytes);
    const ledger = new Ledger(heap, variant.alignment);
    // One page is left, and it serves a block above the classes: no slab need fit.
    ledger.auditAccounts();
    for (const size of [variant.classSizes.at(-1) as number, 1]) {
      const block = ledger.malloc(size);
      if (block !== undefined) ledger.free(block);
    }
    ledger.audit();
  });
});
