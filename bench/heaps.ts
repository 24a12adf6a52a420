/**
 * Several heaps of one variant in one process.
 *
 * V8 folds what it can prove constant, and a second heap from the same `createHeap` disproves some
 * of it, for the first heap as well. So three heaps are measured against one that is alone in its
 * module: each at call sites of its own, as in code written for one heap, and all three through one
 * call site, as in a library that is handed a heap.
 */
import { type CompareOptions, compare, type WorkloadResult } from "./compare.ts";
import { type Contender, heapContender, type OpenContender } from "./contender.ts";
import { sharedCopy } from "./fresh-copy.ts";
import type { Heap } from "./heap.ts";
import { createHeapFor, type Variant, variantContender } from "./variant.ts";
import { randomMixed } from "./workloads/random-mixed.ts";
import type { Workload } from "./workloads/workload.ts";

const ORDINALS = ["first", "second", "third"];

export async function compareHeaps(
  variant: Variant,
  options: Omit<CompareOptions, "baseline">,
): Promise<WorkloadResult> {
  const workload = randomMixed(256);
  const alone: Contender = { ...variantContender(variant), name: "alone" };
  const contenders = [alone, ...(await separateSites(variant, workload)), await oneSite(variant, workload)];
  const result = await compare(workload, contenders, { ...options, baseline: alone.name });
  return { ...result, id: `heaps/${variant.name}`, name: `three heaps of ${variant.name}, ${workload.name}` };
}

/** Three heaps, made in order. */
async function makeHeaps(variant: Variant, workload: Workload): Promise<Heap[]> {
  const createHeap = await variant.instantiate();
  return ORDINALS.map(() => createHeapFor(createHeap, workload));
}

async function separateSites(variant: Variant, workload: Workload): Promise<Contender[]> {
  const heaps = await makeHeaps(variant, workload);
  return heaps.map((heap, index) => heapContender(`${ORDINALS[index]}, own call sites`, () => heap));
}

/** The three take turns, a sample each; what counts is their mean. */
async function oneSite(variant: Variant, workload: Workload): Promise<Contender> {
  const heaps = await makeHeaps(variant, workload);
  const copy = sharedCopy();
  return {
    name: "all three, one call site",
    async open(workload) {
      const open: OpenContender[] = [];
      for (const heap of heaps) open.push(await heapContender("", () => heap, copy).open(workload));
      return {
        async sample(options) {
          const perHeap: number[][] = [];
          for (const each of open) perHeap.push(await each.sample(options));
          return (perHeap[0] as number[]).map(
            (_, sample) =>
              perHeap.reduce((sum, samples) => sum + (samples[sample] as number), 0) / open.length,
          );
        },
        close() {},
      };
    },
  };
}
