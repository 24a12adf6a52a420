/**
 * Images (N2): a copy of a heap's bytes is a saved heap. It is opened elsewhere and goes on;
 * nothing else is opened.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Heap, HeapImage } from "../../templates/host/api.ts";
import { urlOf } from "../support/emitted.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomNumbers, randomScript } from "../support/script.ts";
import { type Variant, variantOf } from "../support/variants.ts";

const MiB = 1 << 20;

const names = [
  "single",
  "coarse",
  "class-form",
  "flagged",
  "header",
  "all-tiers",
  "hot-heap",
  "wasm",
  "based",
  "shared",
  "hakmem",
  "shared-header",
  "shared-wasm",
  "shared-wasm-class-form",
  "flagged-shared",
  "guarded",
  "guarded-single",
] as const;
const variants = names.map(variantOf);
const oneThread = variants.filter(({ resolved }) => !resolved.kernel.manyThreads);

const sizes = [16, 100, 1000, 5000, 40_000, 300_000];

/** A heap that a script has been played on, the book beside it, and a copy of its bytes. */
async function saved(variant: Variant, seed = 1, operations = 600) {
  const heap = await variant.createHeapOf(12 * MiB);
  const ledger = new Ledger(heap, variant.alignment);
  play(ledger, randomScript(seed, operations, 200, 60_000));
  return { heap, ledger, image: heap.u8.slice() };
}

/** What a heap says of its blocks. */
function live(heap: Heap) {
  const { liveBlocks, liveBytes, reservedBytes } = heap.stats();
  return { liveBlocks, liveBytes, reservedBytes };
}

/** The opened heap has the saved one's blocks: their bytes, their sizes, and each can be freed. */
function expectSame(opened: Heap, { heap, ledger }: { heap: Heap; ledger: Ledger }): void {
  opened.check();
  expect(live(opened)).toEqual(live(heap));
  for (const { ptr, usable } of ledger.live) {
    expect(opened.usableSize(ptr)).toBe(usable);
    opened.free(ptr);
  }
  expect(opened.stats().liveBlocks).toBe(0);
  opened.check();
  for (const size of sizes) expect(opened.malloc(size)).not.toBe(0);
  opened.check();
}

async function refusalOf(variant: Variant, image: unknown): Promise<string> {
  const { openHeap } = await variant.module();
  try {
    openHeap(image as HeapImage);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "opened";
}

describe.each(variants)("$name", (variant) => {
  test("a copy of the bytes is opened, and the heap goes on", async () => {
    const state = await saved(variant);
    const { openHeap } = await variant.module();
    expectSame(openHeap(state.image), state);
    // The copy was copied: it can be opened again.
    expectSame(openHeap(state.image), state);
    state.ledger.audit();
  });

  test("a memory of the build's kind is used where it is", async () => {
    const state = await saved(variant);
    const { openHeap } = await variant.module();
    state.heap.detach();
    const opened = openHeap(state.heap.usedRanges().memory);
    expect(opened.usedRanges().memory).toBe(state.heap.usedRanges().memory);
    expectSame(opened, { ...state, heap: opened });
  });

  test("a file and a worker take it as it is", async () => {
    const { heap, image } = await saved(variant);
    const folder = mkdtempSync(join(tmpdir(), "slabsmith-image-"));
    try {
      const file = join(folder, "heap.bin");
      writeFileSync(file, image);
      const { openHeap } = await variant.module();
      const here = openHeap(readFileSync(file));
      const found = await inWorker(variant, image);
      expect(found).toEqual({
        liveBlocks: heap.stats().liveBlocks,
        liveBytes: heap.stats().liveBytes,
        addresses: sizes.map((size) => here.malloc(size)),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("what is no image, or another heap's, is named", async () => {
    const { heap, image } = await saved(variant, 2, 50);
    const { baseBytes } = variant;
    const word = (index: number, value: number) => {
      const copy = image.slice();
      new Uint32Array(copy.buffer)[baseBytes / 4 + index] = value;
      return copy;
    };
    const hash = variant.resolved.hash;
    expect(await refusalOf(variant, new Uint8Array(8))).toMatch(
      /^HeapImageError: no heap of slabsmith: 8 bytes/,
    );
    expect(await refusalOf(variant, new Uint8Array(image.length))).toMatch(
      /no heap of slabsmith: no header at byte/,
    );
    expect(await refusalOf(variant, "image")).toMatch(/^TypeError: image: give the memory of a heap/);
    expect(await refusalOf(variant, word(3, 0x1234))).toBe(
      `HeapImageError: a heap of another spec: its hash is 00001234${hash.slice(8)}, this build's ${hash}`,
    );
    expect(await refusalOf(variant, word(2, 7))).toMatch(/a heap of another layout: 7, this build's is \d+;/);
    expect(await refusalOf(variant, word(5, 0))).toMatch(/damaged header: a heap of 0 pages/);
    const committed = heap.stats().committedBytes;
    expect(await refusalOf(variant, image.subarray(0, baseBytes + committed / 2))).toMatch(
      /truncated: \d+ bytes of at least \d+/,
    );
  });
});

function inWorker(variant: Variant, image: Uint8Array): Promise<unknown> {
  return variant.files().then(
    (files) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL("../support/open-in-worker.mjs", import.meta.url), {
          workerData: { build: urlOf(String(files.get("index.js"))), image, sizes },
          execArgv: [],
        });
        worker.once("message", resolve);
        worker.once("error", reject);
      }),
  );
}

describe.each(oneThread)("$name", (variant) => {
  test("the opened heap answers every call as the saved one does", async () => {
    const { openHeap } = await variant.module();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 400 }), async (seed, operations) => {
        const { heap, image } = await saved(variant, seed, operations);
        const opened = openHeap(image);
        expect(opened.stats()).toEqual(heap.stats());
        const calls = goOn(
          seed + 1,
          [...heap.blocks()].filter(({ used }) => used).map(({ ptr }) => ptr),
        );
        expect(calls(opened)).toEqual(calls(heap));
        expect(opened.stats()).toEqual(heap.stats());
        opened.check();
      }),
      { numRuns: 12, seed: 3 },
    );
  });
});

/**
 * Calls that begin with the blocks of a heap; made on a heap, they give the addresses that it
 * answers.
 */
function goOn(seed: number, blocks: readonly number[]): (heap: Heap) => number[] {
  return (heap) => {
    const random = randomNumbers(seed);
    const held = [...blocks];
    return Array.from({ length: 400 }, () => {
      const size = Math.floor(2 ** (random() * 17));
      const at = Math.floor(random() * held.length);
      const choice = random();
      if (choice < 0.4 || held.length === 0) {
        const ptr = choice < 0.2 ? heap.malloc(size) : heap.calloc(1, size);
        if (ptr !== 0) held.push(ptr);
        return ptr;
      }
      if (choice < 0.6) {
        const ptr = heap.realloc(held[at], size);
        if (ptr !== 0) held[at] = ptr;
        return ptr;
      }
      heap.free(held[at]);
      held[at] = held[held.length - 1];
      held.pop();
      return 0;
    });
  };
}
