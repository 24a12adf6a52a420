/** M6: runs of whole slabs, which belong to their block. */
import type { Scenario } from "../scenario.ts";

export const largeBlocks: readonly Scenario[] = [
  {
    name: "two-page-runs",
    shows: "two threads that look for free pages get different ones",
    heap: { pages: 4, sizeClasses: [128] },
    threads: [["a = malloc? 512"], ["b = malloc? 512"]],
  },
  {
    name: "page-run-against-slab",
    shows: "a run of pages and a slab do not share a page",
    heap: { pages: 2, sizeClasses: [128] },
    threads: [["a = malloc? 512"], ["b = malloc? 128"]],
  },
  {
    name: "freed-page-run",
    shows: "a run that another thread frees can be taken at once, and is whole",
    heap: { pages: 3, sizeClasses: [128] },
    before: ["0: a = malloc 512"],
    threads: [["b = malloc? 512"], ["free a"]],
  },
  {
    name: "growing-in-place",
    shows: "a run grows into pages that nobody else has taken",
    heap: { pages: 3, sizeClasses: [128] },
    before: ["0: a = malloc 256"],
    threads: [["b = realloc? a 512"], ["c = malloc? 512"]],
  },
];
