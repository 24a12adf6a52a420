/**
 * L2, L3: slabs become EMPTY, SuperSlabs are kept and given back, while others claim them. Short
 * SuperSlabs.
 */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 3, sizeClasses: [128], pagesPerSuperSlab: 2 };

export const superSlabs: readonly Scenario[] = [
  {
    name: "release-against-claim",
    shows: "a slab is claimed while its SuperSlab is about to be kept: it stays in use",
    heap,
    before: ["0: a = malloc 256"],
    threads: [["free a"], ["b = malloc? 256"]],
  },
  {
    name: "return-against-claim",
    shows: "a kept SuperSlab is put to use while another thread gives it back",
    heap: { ...heap, spec: { lru: { entries: 0 } } },
    before: ["0: a = malloc 256"],
    threads: [["free a", "b = malloc? 256"], ["c = malloc? 256"]],
  },
  {
    name: "return-against-release",
    shows:
      "a SuperSlab whose last slab is released while another thread finds it in use goes back in the end",
    heap: { ...heap, pages: 4, spec: { lru: { entries: 0 } } },
    before: ["0: a = malloc 256"],
    threads: [
      ["free a", "send a"],
      ["b = malloc 256", "free b", "send b"],
      ["receive a", "receive b", "footprint 0"],
    ],
  },
  {
    name: "two-new-superslabs",
    shows: "two threads that put SuperSlabs to use at once both see to it that walks come there",
    heap: { pages: 2, sizeClasses: [256], pagesPerSuperSlab: 1 },
    threads: [["a = malloc? 256"], ["b = malloc? 256", "c = malloc? 256"]],
  },
  {
    name: "release-of-a-full-superslab",
    shows: "a slab is released while the last free one of its SuperSlab is claimed: it is found again",
    heap: { ...heap, pages: 2 },
    before: ["1: x = malloc 256"],
    threads: [
      ["a = malloc 256", "send a"],
      ["free x", "receive a", "b = malloc 256"],
    ],
  },
  {
    name: "superslabs-counted",
    shows: "G6: SuperSlabs created, reused and returned are counted, whoever makes them that",
    heap: { ...heap, pages: 4, spec: { lru: { entries: 0 }, observe: { osStatistics: true } } },
    threads: [
      ["a = malloc 256", "free a"],
      ["b = malloc 256", "free b"],
    ],
  },
  {
    name: "empty-list",
    shows: "P7: an EMPTY slab in a list is handed to one thread, and a stale entry to none (B2)",
    heap: { ...heap, spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: ["0: a = malloc 128", "0: free a", "0: detach"],
    threads: [["attach", "b = malloc? 256"], ["c = malloc? 128"], ["d = malloc? 128"]],
  },
  {
    name: "empty-list-stale-entry",
    shows: "P7: an entry is taken while its slab, claimed by another way, becomes EMPTY again",
    heap: {
      pages: 1,
      sizeClasses: [64, 128],
      spec: { pool: { stage05: false, stage1: true, handOver: false } },
    },
    before: ["2: a = malloc 128", "2: free a", "2: detach"],
    threads: [["b = malloc? 64", "free b", "detach"], ["c = malloc? 128"], []],
  },
  {
    name: "empty-list-read-again",
    shows: "P7: who has taken a stale entry looks at the list again while another enters a slab",
    heap: {
      pages: 2,
      sizeClasses: [64, 128],
      spec: { pool: { stage05: false, stage1: true, handOver: false } },
    },
    before: ["1: x = malloc 128", "2: a = malloc 128", "2: free a", "2: detach", "1: b = malloc 64"],
    threads: [["c = malloc? 128"], ["free x", "detach"], []],
  },
  {
    name: "empty-list-entered-twice",
    shows: "P7: a slab released by one thread, and by another before the first has listed it, is listed once",
    heap: { ...heap, pages: 2, spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: ["0: a = malloc 128"],
    threads: [
      ["free a", "detach"],
      ["b = malloc? 128", "free b", "detach"],
    ],
  },
  {
    name: "empty-list-of-two",
    shows: "P7: two threads enter slabs, and a third takes both",
    heap: { ...heap, pages: 2, spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: ["0: a = malloc 128", "1: b = malloc 128"],
    threads: [
      ["free a", "detach"],
      ["free b", "detach"],
      ["c = malloc? 128", "d = malloc? 256"],
    ],
  },
  {
    name: "empty-list-taken-twice",
    shows: "P7: two threads take slabs from one list, one of which enters it again",
    heap: { ...heap, pages: 2, spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: [
      "2: a = malloc 128",
      "2: b = malloc 128",
      "2: c = malloc 128",
      "2: free a",
      "2: free b",
      "2: free c",
      "2: detach",
    ],
    threads: [["d = malloc? 128", "free d", "detach"], ["e = malloc? 128"], []],
  },
  {
    name: "empty-list-recycled",
    shows: "P7: a slab that is listed, taken, and listed again keeps the list whole",
    heap: { ...heap, spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: ["0: a = malloc 128", "1: b = malloc 128"],
    threads: [
      ["free a", "detach"],
      ["free b", "detach", "attach", "c = malloc? 128"],
    ],
  },
];
