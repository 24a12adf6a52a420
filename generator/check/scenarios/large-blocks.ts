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
    name: "page-of-a-freed-run",
    shows: "a page that was part of a run serves a class next, and another thread frees its blocks as such",
    heap: { pages: 3, sizeClasses: [128] },
    before: ["0: a = malloc 512", "0: free a", "1: b = malloc 128", "1: c = malloc 128"],
    threads: [
      ["free b", "d = malloc? 512"],
      ["e = malloc? 128", "free c"],
    ],
  },
  {
    name: "growing-in-place",
    shows: "a run grows into pages that nobody else has taken",
    heap: { pages: 3, sizeClasses: [128] },
    before: ["0: a = malloc 256"],
    threads: [["b = realloc? a 512"], ["c = malloc? 512"]],
  },
  {
    name: "shrinking-in-place",
    shows: "pages behind a run that has shrunk can be taken at once",
    heap: { pages: 4, sizeClasses: [128] },
    before: ["0: a = malloc 1024"],
    threads: [["b = realloc a 512"], ["c = malloc? 512"]],
  },
  {
    name: "run-after-remote-frees",
    shows: "pages whose blocks others have freed are collected before a large block is refused",
    heap: { pages: 2, sizeClasses: [128] },
    before: ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128", "0: d = malloc 128"],
    threads: [
      ["receive b", "e = malloc 256"],
      ["free a", "free b", "send b"],
    ],
  },
  {
    name: "moving",
    shows: "what a block held is in the block it moves to, whoever takes the old one",
    heap: { pages: 2, sizeClasses: [64, 128] },
    before: ["0: a = malloc 64"],
    threads: [["send a"], ["receive a", "b = realloc? a 128"], ["c = malloc? 64"]],
  },
  {
    name: "just-above-the-classes",
    shows: "a size that no class serves has no class, and its block another end than a slab's (B6)",
    heap: { pages: 3, sizeClasses: [128] },
    before: ["0: a = malloc 129"],
    threads: [["free a"], ["b = malloc? 129"]],
  },
];
