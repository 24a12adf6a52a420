/** L2, L3: slabs become EMPTY, SuperSlabs are kept and given back, while others claim them. Short SuperSlabs. */
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
    name: "empty-list",
    shows: "P7: an EMPTY slab in a list is handed to one thread, and a stale entry to none (B2)",
    heap: { ...heap, spec: { pool: { stage05: false, stage1: true } } },
    before: ["0: a = malloc 128", "0: free a", "0: detach"],
    threads: [["b = malloc? 256"], ["c = malloc? 128"], ["d = malloc? 128"]],
  },
  {
    name: "empty-list-recycled",
    shows: "P7: a slab that is listed, taken, and listed again keeps the list whole",
    heap: { ...heap, spec: { pool: { stage05: false, stage1: true } } },
    before: ["0: a = malloc 128", "1: b = malloc 128"],
    threads: [
      ["free a", "detach"],
      ["free b", "detach", "attach", "c = malloc? 128"],
    ],
  },
];
