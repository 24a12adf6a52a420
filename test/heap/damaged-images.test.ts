/**
 * Damaged images (N2): with any word of the header or of the tables changed, opening ends, with an
 * error that says what is wrong or with a heap that passes check(). In a worker, because what goes
 * round for ever in this thread cannot be stopped.
 */
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { urlOf } from "../support/emitted.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomNumbers, randomScript } from "../support/script.ts";
import { type Variant, variantOf } from "../support/variants.ts";

const MiB = 1 << 20;

interface Change {
  readonly word: number;
  readonly xor: number;
}

/**
 * Changes of words: of the header, of the tables before the first slab, of the links in free
 * blocks.
 */
function changesOf(heap: Heap, seed: number, count: number, pageBytes: number): Change[] {
  const random = randomNumbers(seed);
  const pick = (words: readonly number[]) => words[Math.floor(random() * words.length)];
  const blocks = [...heap.blocks()];
  const { ranges } = heap.usedRanges();
  const base = ranges[0] >>> 2;
  const firstSlab = (blocks[0].ptr & -pageBytes) >>> 2;
  const links = blocks.filter(({ used }) => !used).map(({ ptr }) => ptr >>> 2);
  const tables: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    for (let w = ranges[i] >>> 2; w < Math.min(ranges[i + 1] >>> 2, firstSlab); w++) tables.push(w);
  }
  const inUse = tables.filter((w) => heap.u32[w] !== 0);
  const header = Array.from({ length: 5 }, (_, i): Change => ({ word: base + 1 + i, xor: 1 << (i * 3) }));
  const others = Array.from({ length: count }, (): Change => {
    const place = random();
    const word = pick(place < 0.7 ? inUse : place < 0.85 ? links : tables);
    // One bit, or what another place holds, or anything.
    const kind = random();
    if (kind < 0.3) return { word, xor: 1 << Math.floor(random() * 32) };
    const other = heap.u32[pick(kind < 0.6 ? inUse : links)];
    return { word, xor: kind < 0.9 ? heap.u32[word] ^ other : Math.floor(random() * 2 ** 32) };
  });
  return [...header, ...others];
}

/** What came of each change; "stuck" where the worker did not answer. */
async function outcomes(
  variant: Variant,
  image: Uint8Array,
  blocks: number[],
  changes: Change[],
): Promise<string[]> {
  const found: string[] = [];
  const build = urlOf(String((await variant.files()).get("index.js")));
  const worker = new Worker(new URL("../support/open-damaged.mjs", import.meta.url), {
    workerData: { build, image, changes, blocks },
    execArgv: [],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const watchdog = setInterval(() => {
        found.push("stuck");
        resolve();
      }, 30_000);
      worker.on("message", (outcome: string) => {
        found.push(outcome);
        watchdog.refresh();
        if (found.length === changes.length) resolve();
      });
      worker.once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
  return found;
}

const SOUND = /^(whole$|HeapImageError: |HeapCorruptionError: )/;

describe.each(
  (
    [
      "single",
      "coarse",
      "class-form",
      "header",
      "all-tiers",
      "hot-heap",
      "wasm",
      "based",
      "shared",
      "hakmem",
      "shared-header",
      "shared-wasm",
    ] as const
  ).map(variantOf),
)("$name", (variant) => {
  test("opening a damaged image ends", { timeout: 200_000 }, async () => {
    const heap = await variant.createHeapOf(6 * MiB);
    const ledger = new Ledger(heap, variant.alignment);
    play(ledger, randomScript(31, 500, 150, 6000));
    const image = heap.u8.slice();
    const changes = changesOf(heap, 32, 120, variant.pageBytes);
    const blocks = [...ledger.live].map(({ ptr }) => ptr);
    const found = await outcomes(variant, image, blocks, changes);
    expect(found).not.toContain("stuck");
    expect(found).toHaveLength(changes.length);
    const unsound = found.flatMap((outcome, i) => (SOUND.test(outcome) ? [] : [{ ...changes[i], outcome }]));
    expect(unsound).toEqual([]);
    // Every word of the header is looked at, and some damage behind it found.
    expect(found.slice(0, 5).every((outcome) => outcome.startsWith("HeapImageError: "))).toBe(true);
    expect(found.filter((outcome) => outcome.startsWith("HeapCorruptionError: ")).length).toBeGreaterThan(15);
  });
});

/**
 * What a heap of one thread follows and `check()` does not walk, word by word: changed, it is
 * found.
 */
describe("single", () => {
  const variant = variantOf("single");

  test.each([
    ["the newest SuperSlab of the LRU", /the LRU/, "HEAP_LRU_NEWEST", 0, 4],
    ["the oldest SuperSlab of the LRU", /the LRU/, "HEAP_LRU_OLDEST", 0, 4],
    ["the pages in the LRU", /the LRU/, "HEAP_LRU_PAGES", 0, 1],
    ["a virgin part", /a virgin part begins with a block/, "THREAD_SLOT_VIRGIN", 1, 8],
    ["the list of EMPTY slabs", /EMPTY slabs/, "THREAD_SLOT_EMPTY", 0, 4],
    ["how many EMPTY slabs there are", /EMPTY slabs/, "THREAD_SLOT_EMPTIES", 0, 1],
  ])("%s", async (_, invariant, name, index, change) => {
    const { openHeap } = await variant.module();
    const heap = await variant.createHeapOf(12 * MiB);
    heap.malloc(10);
    const slabs = Array.from({ length: 2000 }, () => heap.malloc(32));
    for (const ptr of slabs) heap.free(ptr);
    heap.free(heap.malloc(3 * MiB));
    const text = String((await variant.files()).get("allocator.ts"));
    const constant = (of: string) => Number(new RegExp(`const ${of}(?:: \\w+)? = (\\d+)`).exec(text)?.[1]);
    const word = (name.startsWith("THREAD") ? constant("thread") : 0) + constant(name) + index;
    expect(heap.u32[word]).not.toBe(0);
    openHeap(heap.u8).check();
    const image = heap.u8.slice();
    new Uint32Array(image.buffer)[word] += change;
    expect(() => openHeap(image)).toThrow(invariant);
  });

  test("the page bitmap", async () => {
    const { openHeap } = await variant.module();
    const heap = await variant.createHeapOf(12 * MiB);
    const page = Math.floor(heap.malloc(100_000) / variant.pageBytes);
    const text = String((await variant.files()).get("allocator.ts"));
    const pageMap = Number(/const PAGE_MAP: Word = (\d+)/.exec(text)?.[1]);
    const word = pageMap + (12 * MiB * 2) / variant.pageBytes + (page >>> 5);
    const image = heap.u8.slice();
    expect((heap.u32[word] >>> (page & 31)) & 1).toBe(1);
    new Uint32Array(image.buffer)[word] ^= 1 << (page & 31);
    expect(() => openHeap(image)).toThrow(/pages in use are marked/);
  });
});
