/**
 * The companion `image`: sparse images, deltas, and putting a heap back. What is damaged changes
 * nothing.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Heap, HeapImage } from "../../templates/host/api.ts";
import { applyDelta, deltaOf, ImageError, restoreImage, rollBack, saveImage } from "../../templates/image.ts";
import { firstNonZero, Ledger, type LiveBlock } from "../support/ledger.ts";
import { play, randomNumbers, randomScript } from "../support/script.ts";
import { type Variant, variantOf } from "../support/variants.ts";

const MiB = 1 << 20;

const variants = (
  [
    "single",
    "coarse",
    "class-form",
    "flagged",
    "header",
    "all-tiers",
    "hot-heap",
    "wasm",
    "based",
    "shared-buffer",
    "shared",
    "hakmem",
    "shared-wasm",
  ] as const
).map(variantOf);
const oneThread = variants.filter(({ resolved }) => !resolved.kernel.manyThreads);

async function heapOf(variant: Variant): Promise<{ heap: Heap; ledger: Ledger }> {
  const heap = await variant.createHeapOf(12 * MiB);
  return { heap, ledger: new Ledger(heap, variant.alignment) };
}

/** What users know of a heap: its blocks, and what lies in them. */
function contents({ heap, ledger }: { heap: Heap; ledger: Ledger }): Map<number, string> {
  return contentsOf(heap, ledger.live);
}

function contentsOf({ u8 }: Heap, live: Iterable<LiveBlock>): Map<number, string> {
  const blocks = new Map<number, string>();
  for (const { ptr, size } of live)
    blocks.set(ptr, Buffer.from(u8.slice(ptr, ptr + size)).toString("base64"));
  return blocks;
}

/** Long arrays are compared at once: the framework would take them apart. */
function expectSameBytes(found: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.compare(found, expected)).toBe(0);
}

async function open(variant: Variant, image: HeapImage): Promise<Heap> {
  return (await variant.module()).openHeap(image);
}

/** Every block of the image's is there, and what calloc gives is zero. */
function expectWhole(heap: Heap, expected: Map<number, string>): void {
  heap.check();
  expect(heap.stats().liveBlocks).toBe(expected.size);
  for (const [ptr, bytes] of expected) {
    const length = Buffer.from(bytes, "base64").length;
    expect(Buffer.from(heap.u8.slice(ptr, ptr + length)).toString("base64")).toBe(bytes);
  }
  for (const size of [16, 48, 700, 5000, 30_000, 200_000, 700_000]) {
    const ptr = heap.calloc(1, size);
    if (ptr !== 0) expect(firstNonZero(heap, ptr, size)).toBe(-1);
  }
  heap.check();
}

describe.each(variants)("$name", (variant) => {
  test("an image holds little more than what is in use, and gives the heap back", async () => {
    const { heap, ledger } = await heapOf(variant);
    play(ledger, randomScript(5, 400, 120, 20_000));
    const image = saveImage(heap);
    const { ranges, end } = heap.usedRanges();
    expect(image.length).toBeLessThanOrEqual(heap.stats().committedBytes + ranges.length * 4 + 48);
    expect(end).toBeLessThanOrEqual(heap.u8.length);
    const memory = restoreImage(image);
    expect(Object.prototype.toString.call(memory)).toBe(
      Object.prototype.toString.call(heap.usedRanges().memory),
    );
    const opened = await open(variant, memory);
    expect(opened.usedRanges().maxBytes).toBe(heap.usedRanges().maxBytes);
    expectWhole(opened, contents({ heap, ledger }));
  });

  test("an image and its deltas are the later images", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.nat(150)), { maxLength: 4 }), async (steps) => {
        const state = await heapOf(variant);
        play(state.ledger, randomScript(6, 200, 120, 20_000));
        let image = saveImage(state.heap);
        for (const [seed, operations] of steps) {
          play(state.ledger, randomScript(seed, operations, 120, 20_000));
          const delta = deltaOf(image, state.heap);
          const kept = image.slice();
          const later = applyDelta(image, delta);
          expectSameBytes(image, kept);
          expectSameBytes(later, saveImage(state.heap));
          image = later;
        }
        expectWhole(await open(variant, restoreImage(image)), contents(state));
      }),
      { numRuns: 6, seed: 4 },
    );
  });
});

describe.each(oneThread)("$name", (variant) => {
  test("a heap is put back as often as one likes, and goes on as it did", async () => {
    const state = await heapOf(variant);
    play(state.ledger, randomScript(7, 300, 120, 40_000));
    const image = saveImage(state.heap);
    const before = contents(state);
    const live = [...state.ledger.live];
    const first = goOn(state.heap, live);
    for (let round = 0; round < 3; round++) {
      rollBack(state.heap, image);
      expect(contentsOf(state.heap, live)).toEqual(before);
      expect(goOn(state.heap, live)).toEqual(first);
    }
    rollBack(state.heap, image);
    expectWhole(state.heap, before);
  });
});

/** Frees some of the blocks, writes, allocates; gives the addresses that came of it. */
function goOn(heap: Heap, live: readonly LiveBlock[]): number[] {
  const random = randomNumbers(9);
  for (const { ptr } of live.slice(0, live.length / 2)) heap.free(ptr);
  return Array.from({ length: 150 }, () => {
    const size = Math.floor(2 ** (random() * 17));
    const ptr = heap.malloc(size);
    if (ptr !== 0) heap.u8.fill(0xee, ptr, ptr + size);
    return ptr;
  });
}

describe("single", () => {
  const variant = variantOf("single");

  async function states() {
    const state = await heapOf(variant);
    play(state.ledger, randomScript(11, 300, 100, 5000));
    const image = saveImage(state.heap);
    state.ledger.malloc(1000);
    const delta = deltaOf(image, state.heap);
    return { ...state, image, delta };
  }

  test("1 % changed is a delta of little more than that", async () => {
    const heap = await variant.createHeapOf(12 * MiB);
    const blocks = Array.from({ length: 4000 }, () => heap.malloc(1024));
    const image = saveImage(heap);
    for (let i = 0; i < blocks.length; i += 100) heap.u32.fill(1, blocks[i] >>> 2, (blocks[i] + 1024) >>> 2);
    const delta = deltaOf(image, heap);
    expect(delta.length).toBe(64 + 40 * (8 + 1024));
    expect(deltaOf(applyDelta(image, delta), heap).length).toBe(64);
  });

  test("any damaged byte is found before anything is changed", async () => {
    const { heap, image, delta } = await states();
    const untouched = heap.u8.slice();
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (place, change, head) => {
        const bad = (bytes: Uint8Array) => {
          const copy = bytes.slice();
          copy[place % (head ? 64 : copy.length)] ^= change;
          return copy;
        };
        expect(() => restoreImage(bad(image))).toThrow(ImageError);
        expect(() => rollBack(heap, bad(image))).toThrow(ImageError);
        expect(() => applyDelta(image, bad(delta))).toThrow(ImageError);
      }),
      { numRuns: 300, seed: 5 },
    );
    fc.assert(
      fc.property(fc.nat(), (length) => {
        expect(() => restoreImage(image.subarray(0, length % image.length))).toThrow(ImageError);
        expect(() => rollBack(heap, image.subarray(0, length % image.length))).toThrow(ImageError);
        expect(() => applyDelta(image, delta.subarray(0, length % delta.length))).toThrow(ImageError);
      }),
      { numRuns: 100, seed: 6 },
    );
    expectSameBytes(heap.u8, untouched);
  });

  test("an image of another heap is refused, and so is a delta against another image", async () => {
    const { heap, image, delta } = await states();
    const other = await variantOf("coarse").createHeapOf(12 * MiB);
    const hash = (name: "single" | "coarse") => variantOf(name).resolved.hash;
    expect(() => rollBack(other, image)).toThrow(
      `image: it is of a heap of the spec ${hash("single")}, the other one of the spec ${hash("coarse")}`,
    );
    const smaller = await variant.createHeapOf(8 * MiB);
    expect(() => rollBack(smaller, image)).toThrow(
      /its heap has the bytes 0 to 12582912, the other one 0 to 8388608/,
    );
    heap.malloc(100);
    expect(() => applyDelta(saveImage(heap), delta)).toThrow("delta: it was taken against another image");
    expect(() => applyDelta(delta, delta)).toThrow("image: these bytes are none");
    expect(() => restoreImage(new Uint8Array(1000))).toThrow("image: these bytes are none");
    expect(() => restoreImage("image" as unknown as Uint8Array)).toThrow("image: give a Uint8Array");
  });

  test("an image is taken wherever it lies in a buffer", async () => {
    const { heap, image, delta, ledger } = await states();
    const shifted = (bytes: Uint8Array) => {
      const longer = new Uint8Array(bytes.length + 3);
      longer.set(bytes, 3);
      return longer.subarray(3);
    };
    const later = shifted(applyDelta(shifted(image), shifted(delta)));
    expectWhole(await open(variant, restoreImage(later)), contents({ heap, ledger }));
  });
});

test("a heap of several threads is not put back: they keep notes beside it", async () => {
  const heap = await variantOf("shared").createHeapOf(12 * MiB);
  expect(() => rollBack(heap, saveImage(heap))).toThrow(
    /^rollBack: the threads of this heap keep notes beside it/,
  );
});
