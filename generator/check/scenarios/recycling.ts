/**
 * L2, L3, P4, P7, P8: what becomes of a slab while others look for one. Every way to a slab claims
 * it first.
 */
import type { Spec } from "../../../spec/schema.ts";
import type { Scenario } from "../scenario.ts";

const stage1: Spec = { pool: { stage05: false, stage1: true, handOver: false } };

export const recycling: readonly Scenario[] = [
  {
    name: "slots-of-one-superslab",
    shows: "P8: two threads claim slots of one SuperSlab, and each gets one of its own",
    heap: { pages: 2, sizeClasses: [128] },
    threads: [["a = malloc 128"], ["b = malloc 128"]],
  },
  {
    name: "drain-empties-a-slab",
    shows: "R3: a slab that a drain finds empty is recycled, while another thread looks for one",
    heap: { pages: 2, sizeClasses: [128] },
    before: ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128"],
    threads: [["d = malloc 128", "e = malloc? 128"], ["free a", "free b"], ["f = malloc? 128"]],
  },
  {
    name: "full-heap-empties-a-slab",
    shows: "a thread that finds no room, and empties a slab by a drain, looks at it no more",
    heap: { pages: 2, sizeClasses: [128] },
    before: ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128", "0: d = malloc 128"],
    threads: [["e = malloc? 128"], ["free a", "free b"], ["f = malloc? 128"]],
  },
  {
    name: "mailbox-of-a-full-slab",
    shows: "P4: remote frees into a slab that is not the current one are found (B10)",
    heap: { pages: 2, sizeClasses: [128] },
    before: ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128", "0: d = malloc 128"],
    threads: [
      ["e = malloc? 128", "receive b", "f = malloc 128"],
      ["free a", "free b", "send b"],
    ],
  },
  {
    name: "mailbox-of-a-leaver",
    shows: "P4: a bit that comes when its slab has changed hands makes nobody drain it (B3)",
    heap: { pages: 1, sizeClasses: [128] },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [
      ["detach", "send left", "receive taken", "attach", "c = malloc? 128"],
      ["free a", "free b"],
      ["receive left", "d = malloc? 128", "send taken", "e = malloc? 128"],
    ],
  },
  {
    name: "empty-list-against-return",
    shows: "P7: an EMPTY slab is taken from the list while its SuperSlab is given back (B2)",
    heap: { pages: 3, sizeClasses: [128], pagesPerSuperSlab: 2, spec: { ...stage1, lru: { entries: 0 } } },
    before: ["0: a = malloc 128", "0: b = malloc 256"],
    threads: [["free a", "detach", "free b"], ["c = malloc? 128"]],
  },
  {
    name: "empty-list-against-run",
    shows: "P7: a listed slab that has become part of a page run is handed to nobody else",
    heap: { pages: 2, sizeClasses: [128], spec: stage1 },
    before: ["0: a = malloc 128", "0: free a", "0: detach"],
    threads: [
      ["attach", "b = malloc? 512"],
      ["c = malloc? 128", "free c"],
    ],
  },
  {
    name: "lru-against-claims",
    shows: "L3: of two SuperSlabs that become empty at once one is kept, while a third thread needs one",
    heap: { pages: 4, sizeClasses: [128], pagesPerSuperSlab: 2 },
    before: ["0: a = malloc 512", "1: b = malloc 512"],
    threads: [["free a"], ["free b"], ["c = malloc? 512"]],
  },
  {
    name: "partial-slab-emptied",
    shows: "a slab that leaves is in no list of its owner any more, and another thread may have it (B9)",
    heap: { pages: 2, sizeClasses: [128] },
    before: [
      "0: a = malloc 128",
      "0: b = malloc 128",
      "0: c = malloc 128",
      "0: d = malloc 128",
      "0: free a",
      "0: free c",
    ],
    threads: [["free b", "e = malloc? 128", "f = malloc? 128"], ["g = malloc? 128"]],
  },
  {
    name: "zero-knowledge",
    shows: "M7: calloc knows memory that nobody has used, and clears what somebody has",
    heap: { pages: 2, sizeClasses: [128], pagesPerSuperSlab: 2, spec: { lru: { entries: 0 } } },
    before: ["0: a = malloc 128"],
    threads: [
      ["free a", "detach"],
      ["b = calloc? 1 128", "free b", "c = calloc? 1 128", "d = calloc? 1 256"],
    ],
  },
];
