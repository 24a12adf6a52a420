/**
 * M8: threads allocate, free and adopt while the memory grows. Touching what one's views do not
 * show is a failure.
 */
import type { Scenario } from "../scenario.ts";

const heap = {
  pages: 2,
  sizeClasses: [128],
  pagesPerSuperSlab: 1,
  // By a SuperSlab at a time, so that threads see different lengths.
  spec: { memory: { kind: "WebAssembly.Memory", growAtMost: 1 } },
} as const;

export const growth: readonly Scenario[] = [
  {
    name: "growth-of-two",
    shows: "two threads grow the memory at once, and neither is refused a block that there is room for",
    heap,
    threads: [["a = malloc 128"], ["b = malloc 128"]],
  },
  {
    name: "growth-noted-by-two",
    shows:
      "two threads note at once how long the memory is: a block behind what one of them has seen is freed by it",
    heap: { ...heap, sizeClasses: [256] },
    threads: [
      ["a = malloc? 256", "receive c", "free c"],
      ["b = malloc? 256", "c = malloc? 256", "send c"],
    ],
  },
  {
    name: "growth-and-remote-free",
    shows: "a block is freed by a thread that has not seen the memory grow",
    heap,
    threads: [
      ["a = malloc 128", "send a"],
      ["receive a", "free a"],
    ],
  },
  {
    name: "growth-and-adoption",
    shows: "P5: a slab is adopted by a thread that has not seen the memory grow",
    heap,
    threads: [["a = malloc 128", "b = malloc 128", "free a", "detach"], ["c = malloc? 128"]],
  },
  {
    name: "growth-refused-meanwhile",
    shows: "a thread whose growth is refused because another has grown the memory by more uses what there is",
    heap: { ...heap, spec: { memory: { kind: "WebAssembly.Memory" } } },
    threads: [["a = malloc 128", "b = malloc 128", "free a", "detach"], ["c = malloc? 128"]],
  },
  {
    name: "growth-and-moving",
    shows: "a block is copied, and freed, by a thread that has not seen the memory grow",
    heap: { ...heap, sizeClasses: [64, 128] },
    before: ["1: b = malloc 128"],
    threads: [
      ["a = malloc 64", "send a"],
      ["receive a", "c = realloc a 128"],
    ],
  },
  {
    name: "growth-in-place",
    shows: "a large block grows into pages that the memory does not have yet",
    heap: { ...heap, pages: 3 },
    threads: [["a = malloc 256", "b = realloc? a 512"], ["c = malloc 128"]],
  },
  {
    name: "growth-and-death",
    shows:
      "L5: a thread dies between growing the memory and saying so, and another hands on a block that lies there",
    heap: { ...heap, pages: 3, sizeClasses: [256] },
    before: ["1: x = malloc 256"],
    threads: [["a = malloc 256"], ["receive b", "free b"], ["reclaim 0", "b = malloc 256", "send b"]],
    dies: 0,
  },
  {
    name: "growth-and-empty-list",
    shows: "P7: an EMPTY slab is taken by a thread that has not seen the memory grow",
    heap: { ...heap, spec: { ...heap.spec, pool: { stage05: false, stage1: true, handOver: false } } },
    threads: [["a = malloc 128", "free a", "detach"], ["b = malloc? 128"]],
  },
];
