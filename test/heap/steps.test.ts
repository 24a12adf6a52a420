/**
 * Bounded work (N3): the longest call of malloc, free and realloc takes a stated number of steps,
 * whatever the state and the size of the heap. Steps are counted in a build whose loops count
 * (`counted-build.ts`).
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import type { Heap } from "../../templates/host/api.ts";
import { countedModule } from "../support/counted-build.ts";
import { randomNumbers } from "../support/script.ts";

const MiB = 1 << 20;

/**
 * Steps of the longest call, as ARCHITECTURE.md states them. `tiny` looks into each SuperSlab, so
 * its grow with the heap.
 */
const cases: readonly (readonly [name: string, spec: Spec, bound: (mib: number) => number])[] = [
  ["single", { extends: "single" }, () => 12_000],
  ["shared", { extends: "shared" }, () => 12_000],
  ["hakmem", { extends: "hakmem" }, () => 12_000],
  ["tls-list", { extends: "tls-list" }, () => 12_000],
  ["tiny", { extends: "tiny" }, (mib) => 1000 * mib],
];

/** A heap whose calls are counted. */
async function countedHeap(name: string, spec: Spec, mib: number) {
  const { createHeap, loopSteps } = await countedModule(resolveSpec(spec, name));
  const heap = createHeap({ maxBytes: mib * MiB });
  const longest = { steps: 0, call: "" };
  const count: Count = (call, run) => {
    loopSteps.count = 0;
    const result = run();
    if (loopSteps.count > longest.steps) Object.assign(longest, { steps: loopSteps.count, call });
    return result;
  };
  return { heap, longest, count };
}

function fill(heap: Heap, count: Count, size: number): number[] {
  const blocks: number[] = [];
  for (let ptr = -1; ptr !== 0; ) {
    ptr = count(`malloc(${size}) of a heap that fills`, () => heap.malloc(size));
    if (ptr !== 0) blocks.push(ptr);
  }
  return blocks;
}

type Count = <Result>(call: string, run: () => Result) => Result;

/** In an order that has nothing to do with addresses. */
function shuffled(blocks: number[]): number[] {
  const next = randomNumbers(7);
  for (let i = blocks.length - 1; i > 0; i--) {
    const j = next() % (i + 1);
    [blocks[i], blocks[j]] = [blocks[j], blocks[i]];
  }
  return blocks;
}

describe.each(cases)("%s", (name, spec, bound) => {
  test.each([8, 32])("a heap of %d MiB, filled and freed in random order", async (mib) => {
    const { heap, longest, count } = await countedHeap(name, spec, mib);
    for (const size of [80, 2040]) {
      for (const ptr of shuffled(fill(heap, count, size))) {
        count(`free of ${size} bytes`, () => heap.free(ptr));
      }
      // One call must not pay for all of it (E2).
      count(`malloc(200000) after blocks of ${size} bytes`, () => heap.malloc(200_000));
      heap.reset?.();
    }
    const blocks = shuffled(fill(heap, count, 64));
    for (const ptr of blocks.slice(0, blocks.length / 3)) count("free in a full heap", () => heap.free(ptr));
    for (const size of [16, 64, 100, 1000, 5000, 40_000, 100_000]) {
      count(`malloc(${size}) among holes`, () => heap.malloc(size));
    }
    expect(longest.steps, longest.call).toBeLessThan(bound(mib));
  });

  test("scripts that fast-check makes to find the longest call", async () => {
    const { heap, longest, count } = await countedHeap(name, spec, 16);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 400 }), fc.boolean()),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (waves) => {
          const live: number[] = [];
          for (const [size, times, frees] of waves) {
            for (let i = 0; i < times; i++) {
              const ptr = count(`malloc(${size})`, () => heap.malloc(size));
              if (ptr !== 0) live.push(ptr);
              if (frees && live.length > 1) {
                const [old] = live.splice((i * 7919) % live.length, 1);
                count("free", () => heap.free(old));
              }
            }
          }
          for (const ptr of live) count("free", () => heap.free(ptr));
          expect(longest.steps, longest.call).toBeLessThan(bound(16));
        },
      ),
      { seed: 15, numRuns: 30 },
    );
  });
});
