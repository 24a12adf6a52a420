/** The walk: blocks() shows what is there, stats() counts it, check() notices what is wrong. */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { layoutOf } from "../support/layout.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import {
  chosenAndTwins,
  chosenVariants,
  guardedVariants,
  isUnguarded,
  type Variant,
  variantOf,
} from "../support/variants.ts";

const walked = (variant: Variant) => variant.resolved.kernel.heapWalk;

describe.each([...chosenAndTwins, ...guardedVariants].filter(walked))("$name", (variant) => {
  test("every live block is shown once, with its usable size; no other is shown as used", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    play(ledger, randomScript(11, 3000, 250, 200_000));
    const live = new Map([...ledger.live].map(({ ptr, usable }) => [ptr, usable]));
    const shown = [...heap.blocks()];
    expect(new Set(shown.map(({ ptr }) => ptr)).size).toBe(shown.length);
    const used = shown.filter((block) => block.used);
    expect(new Map(used.map(({ ptr, size }) => [ptr, size]))).toEqual(
      new Map([...live].sort(([one], [two]) => one - two)),
    );
    const sorted = shown.sort((one, two) => one.ptr - two.ptr);
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i - 1].ptr + sorted[i - 1].size).toBeLessThanOrEqual(sorted[i].ptr);
    }
    ledger.audit();
  });

  test.runIf(isUnguarded(variant))("a block freed twice is noticed: it is in two places", async () => {
    const heap = await variant.createHeap();
    const blocks = Array.from({ length: 8 }, () => heap.malloc(100));
    heap.free(blocks[3]);
    heap.check();
    heap.free(blocks[3]);
    expect(errorOf(heap)).toMatchObject({ invariant: "a free block is in one place", address: blocks[3] });
  });
});

test("what lies behind a run that a thread was extending when it died is walked, too", async () => {
  const variant = variantOf("shared");
  const heap = await variant.createHeap({ maxBytes: 4 * variant.superSlabBytes });
  const large = heap.malloc(2 * variant.pageBytes);
  const small = heap.malloc(100);
  const end = large + heap.usableSize(large);
  expect(Math.floor(small / variant.pageBytes)).toBe(end / variant.pageBytes);
  // The new end is noted first: of the run's record only this word says where it ends.
  const noted = heap.u32.subarray(0, large / 4).indexOf(end);
  heap.u32[noted] += variant.pageBytes;
  expect(heap.usableSize(large)).toBe(3 * variant.pageBytes);
  expect(heap.stats().liveBlocks).toBe(2);
  expect([...heap.blocks()].filter(({ used }) => used).map(({ ptr }) => ptr)).toEqual([large, small]);
  heap.check();
});

// A shared heap has no page map: what check notices there is in test/threads.
const mapped = chosenVariants.filter((variant) => walked(variant) && !variant.resolved.kernel.manyThreads);

describe.each(mapped)("damage in $name", (variant) => {
  /**
   * A heap with blocks of two classes and a page run; the first block has a free neighbour in its
   * slab.
   */
  async function setUp() {
    const heap = await variant.createHeap();
    const large = heap.malloc(3 * variant.superSlabBytes);
    const blocks = Array.from({ length: 40 }, () => heap.malloc(100));
    heap.malloc(700);
    heap.free(blocks[7]);
    heap.free(blocks[5]);
    heap.detach();
    heap.check();
    const { entry, field } = await layoutOf(variant);
    const slab = heap.u32[entry(blocks[0])];
    return { heap, large, blocks, entry, slab, field };
  }
  type Damaged = Awaited<ReturnType<typeof setUp>>;

  /** Damages one word. */
  const damage = (
    word: (damaged: Damaged) => number,
    change: (value: number, damaged: Damaged) => number,
  ) => {
    return (damaged: Damaged) => {
      const { u32 } = damaged.heap;
      const at = word(damaged);
      u32[at] = change(u32[at], damaged);
    };
  };
  const link = ({ blocks }: Damaged) => blocks[5] / 4;
  const field = (name: string) => (damaged: Damaged) => damaged.slab + damaged.field(name);

  const damages: [what: string, plant: (damaged: Damaged) => void][] = [
    ["a free block linked into nowhere", damage(link, () => 0xfffffff0)],
    ["a free block linked to itself", damage(link, (_, { blocks }) => blocks[5])],
    ["a free block linked into another's middle", damage(link, (_, { blocks }) => blocks[9] + 8)],
    ["a free list cut short", damage(field("FREE"), () => 0)],
    ["a slab's count of blocks", damage(field("LEFT"), (count) => count + 1)],
    ["a slab's class", damage(field("CLASS"), (c) => c + 1)],
    ["a slab's start", damage(field("START"), (start) => start + variant.pageBytes)],
    ["a slab's carved mark", damage(field("CARVED"), (carved) => carved + (1 << 20))],
    [
      "a page map entry of a slab",
      damage(
        ({ blocks, entry }) => entry(blocks[0]),
        () => 0,
      ),
    ],
    [
      "a page map entry of a page block",
      damage(
        ({ large, entry }) => entry(large),
        (slab) => slab + 1,
      ),
    ],
  ];
  if (variant.resolved.kernel.routes) {
    damages.push([
      "a page that leads to the list of another class",
      damage(
        ({ blocks, entry }) => entry(blocks[0]) + 1,
        (list) => list + 2,
      ),
    ]);
  }

  test.each(damages)("%s is noticed", async (_, plant) => {
    const damaged = await setUp();
    plant(damaged);
    const { HeapCorruptionError } = await variant.module();
    const error = errorOf(damaged.heap);
    expect(error).toBeInstanceOf(HeapCorruptionError);
    expect(error).toMatchObject({ invariant: expect.stringMatching(/\w/), address: expect.any(Number) });
  });
});

describe.each(mapped)("lists of slabs in $name", (variant) => {
  /**
   * Full slabs of one class, to which a block each has come back, and the word that links two of
   * them.
   */
  async function setUp() {
    const heap = await variant.createHeap();
    const { entry, field } = await layoutOf(variant);
    const slabOf = (block: number) => heap.u32[entry(block)];
    const blocks: number[] = [];
    while (new Set(blocks.map(slabOf)).size < 6) blocks.push(heap.malloc(400));
    const slabs = [...new Set(blocks.map(slabOf))];
    for (const slab of slabs.slice(1, 4)) heap.free(blocks.find((block) => slabOf(block) === slab)!);
    heap.detach();
    heap.check();
    const link = slabs.map((slab) => slab + field("NEXT")).find((word) => slabs.includes(heap.u32[word]))!;
    return { heap, link };
  }

  test("a slab with free blocks that no list leads to is noticed", async () => {
    const { heap, link } = await setUp();
    heap.u32[link] = 0;
    expect(errorOf(heap)).toMatchObject({ invariant: "a slab with free blocks is where refills look" });
  });

  test("a list that leads to no slab is noticed", async () => {
    const { heap, link } = await setUp();
    heap.u32[link] += 1;
    expect(errorOf(heap)).toMatchObject({ invariant: "a partial list holds slabs in use" });
  });
});

function errorOf(heap: Heap): unknown {
  try {
    heap.check();
  } catch (error) {
    return error;
  }
  return undefined;
}
