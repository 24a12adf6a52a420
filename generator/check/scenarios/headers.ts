/**
 * M5: headers. Their bytes are their owner's, and may move a block behind the first page of its
 * run.
 */
import type { Spec } from "../../../spec/schema.ts";
import type { Scenario } from "../scenario.ts";

const spec: Spec = { header: true };
/** A class is read from a header where it decides which list keeps the block. */
const listed: Spec = { header: true, tiers: { tlsSll: { from: 0 } } };

export const headers: readonly Scenario[] = [
  {
    name: "headers-of-a-recycled-slab",
    shows: "a slab that goes from class to class and thread to thread has its new owner's headers",
    heap: { pages: 1, sizeClasses: [64, 128], spec: listed },
    before: ["0: a = malloc 100", "0: b = malloc 100"],
    threads: [
      ["free a", "c = malloc? 40", "free c", "d = malloc? 100"],
      ["free b", "e = malloc? 40", "free e"],
    ],
  },
  {
    name: "block-behind-its-first-page",
    shows: "a block that begins in a slab which continues its run is found, resized and freed by any thread",
    heap: { pages: 7, sizeClasses: [128], spec },
    threads: [
      ["a = memalign 512 200", "send a", "b = malloc? 240"],
      ["receive a", "c = realloc? a 500", "free c", "d = malloc? 240"],
    ],
  },
  {
    name: "death-with-an-aligned-run",
    shows: "a thread that dies with a block behind its run's first page loses the run, or nothing",
    heap: { pages: 4, sizeClasses: [128], spec },
    threads: [["a = memalign? 256 200", "free a"], ["b = malloc? 100"], ["reclaim 0"]],
    dies: 0,
  },
];
