/**
 * Damage to any word that an invariant speaks of is noticed by `check()`: in slabs, in threads'
 * slots, in SuperSlabs, in the heap.
 */
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { layoutOf } from "../support/layout.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";

const walked = chosenVariants.filter(({ resolved }) => resolved.kernel.heapWalk);

const OF_SLABS = ["LEFT", "REST", "CLASS", "CARVED", "ACTIVE", "LARGE"];
const OF_SLOTS = ["COUNTS", "FAST_COUNT", "TLS_LIST_COUNT", "ROUNDS", "RING_END"];
const OF_SUPER_SLABS = ["USED", "TOUCHED"];
const OF_HEAPS = ["COMMITTED_PAGES", "COMMITTED_SUPER_SLABS", "LRU_ENTRIES"];

/**
 * A heap with full slabs, partial ones, blocks in all tiers, a page block and a SuperSlab that is
 * kept.
 */
async function usedHeap(variant: Variant) {
  const { classSizes, superSlabBytes, resolved } = variant;
  const heap = await variant.createHeap();
  const size = classSizes.find((bytes) => bytes >= 128) as number;
  const blocks = Array.from({ length: 90 }, () => heap.malloc(size));
  const run = heap.malloc(superSlabBytes / 4);
  heap.free(heap.malloc(2 * superSlabBytes));
  for (const ptr of blocks.filter((_, i) => i % 5 < 2)) heap.free(ptr);
  heap.check();
  const c = resolved.kernel.classBytes.indexOf(size + resolved.kernel.headerBytes);
  return { heap, block: blocks[3], run, c };
}

function errorOf(heap: Heap): unknown {
  try {
    heap.check();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(walked)("$name", (variant) => {
  test("in one word after the other", async () => {
    const { heap, block, run, c } = await usedHeap(variant);
    const { HeapCorruptionError } = await variant.module();
    const layout = await layoutOf(variant);
    const { kernel } = variant.resolved;
    const record = (ptr: number) => (kernel.manyThreads ? layout.slab(ptr) : heap.u32[layout.entry(ptr)]);
    const words: [what: string, word: number][] = [
      ...OF_SLABS.filter((field) => field !== "ACTIVE" || kernel.activeTracking).map(
        (field): [string, number] => [`a slab's ${field}`, record(block) + layout.field(field)],
      ),
      ["a page block's CLASS", record(run) + layout.field("CLASS")],
      ...OF_SLOTS.filter((field) => isChosen(field, variant)).map((field): [string, number] => [
        `the slot's ${field}`,
        layout.slotWord(field) + c,
      ]),
      ...(kernel.manyThreads
        ? []
        : [
            ...OF_SUPER_SLABS.map((field): [string, number] => [
              `a SuperSlab's ${field}`,
              layout.superSlabWord(block, field),
            ]),
            ...OF_HEAPS.filter((field) => field !== "LRU_ENTRIES" || kernel.lru.entries > 0).map(
              (field): [string, number] => [`the heap's ${field}`, layout.heapWord(field)],
            ),
          ]),
    ].filter(([, word]) => Number.isFinite(word as number)) as [string, number][];
    expect(words.length).toBeGreaterThan(4);
    for (const [what, word] of words) {
      const before = heap.u32[word];
      heap.u32[word] = before + (what.endsWith("CARVED") ? variant.pageBytes : 1);
      expect(errorOf(heap), what).toBeInstanceOf(HeapCorruptionError);
      heap.u32[word] = before;
    }
    heap.check();
  });
});

/** Whether the slot of a spec has such counts, for classes that some tier keeps. */
function isChosen(field: string, { resolved: { kernel } }: Variant): boolean {
  return {
    COUNTS: kernel.tlsSll.counted,
    FAST_COUNT: kernel.fast.on,
    TLS_LIST_COUNT: kernel.tlsList.on,
    ROUNDS: kernel.magazine.on,
    RING_END: kernel.unifiedCache.on,
  }[field] as boolean;
}
