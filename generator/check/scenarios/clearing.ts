/**
 * M7, lazyZero false: SuperSlabs that are kept are cleared, while others claim their slabs. Short
 * SuperSlabs.
 */
import type { Scenario } from "../scenario.ts";

const heap = {
  pages: 4,
  sizeClasses: [128],
  pagesPerSuperSlab: 2,
  spec: { zero: { lazyZero: false } },
} as const;

export const clearing: readonly Scenario[] = [
  {
    name: "clearing-against-claim",
    shows: "a slab is cleared or claimed, not both, and calloc knows which",
    heap,
    before: ["0: a = malloc 512"],
    threads: [["free a"], ["b = calloc? 1 512", "free b", "c = calloc? 1 128"]],
  },
  {
    name: "clearing-against-clearing",
    shows: "two threads that empty SuperSlabs clear each slab once, whoever put them away",
    heap,
    before: ["0: a = malloc 512", "1: b = malloc 512"],
    threads: [["free a", "c = calloc? 1 512"], ["free b"]],
  },
  {
    name: "retirement-against-clearing",
    shows:
      "a SuperSlab that is emptied while a slab of it is cleared is put away in the end: one of two is kept",
    heap,
    before: ["0: a = malloc 512", "1: b = malloc 512"],
    threads: [
      ["free a", "send a"],
      ["c = malloc? 256", "free c", "send c"],
      ["receive a", "receive c", "free b", "footprint 3"],
    ],
  },
  {
    name: "clearing-of-grown-pages",
    shows: "M8: a slab is cleared by a thread that has not seen the memory grow",
    heap: {
      pages: 5,
      sizeClasses: [256],
      pagesPerSuperSlab: 2,
      spec: { ...heap.spec, memory: { kind: "WebAssembly.Memory" } },
    },
    threads: [
      ["receive b", "free b"],
      ["a = malloc 256", "b = malloc 512", "send b"],
    ],
  },
  {
    name: "death-while-clearing",
    shows:
      "a slab that was being cleared is released by whoever reclaims the dead thread, and not taken for zero",
    heap,
    before: ["0: a = malloc 128", "1: b = malloc 256", "1: free b"],
    threads: [["free a", "detach"], ["c = calloc? 1 128"], ["reclaim 0", "d = calloc? 1 512"]],
    dies: 0,
  },
];
