/** R3: blocks that another thread than the slab's owner frees. Slabs of two blocks. */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 3, sizeClasses: [128] };
const twoBlocks = ["0: a = malloc 128", "0: b = malloc 128"];

export const remoteFrees: readonly Scenario[] = [
  {
    name: "remote-free-against-drain",
    shows: "blocks that are freed while their owner takes the remote list come home, each once",
    heap,
    before: twoBlocks,
    threads: [
      ["c = malloc 128", "d = malloc 128", "free c"],
      ["free a", "free b"],
    ],
  },
  {
    name: "remote-frees-of-the-immortal",
    shows: "L5 off: where nobody dies an owner takes the remote list at a stroke, while two others push",
    heap: { ...heap, spec: { lifetime: { reclaim: false } } },
    before: twoBlocks,
    threads: [
      ["c = malloc 128", "d = malloc 128", "free c", "detach"],
      ["free a", "detach", "attach", "e = malloc 128"],
      ["free b"],
    ],
  },
  {
    name: "two-remote-frees",
    shows: "two threads push on one remote list, and the owner gets both blocks",
    heap,
    before: twoBlocks,
    threads: [["c = malloc 128"], ["free a"], ["free b"]],
  },
  {
    name: "full-heap-waits-for-remote-frees",
    shows: "a heap that seems full finds blocks freed remotely, or none: never a block twice",
    heap: { pages: 1, sizeClasses: [128] },
    before: twoBlocks,
    threads: [["c = malloc? 128", "d = malloc? 128"], ["free a"], ["free b"]],
  },
  {
    name: "full-heap-of-two-owners",
    shows: "a thread that finds no room drains its own slabs, and leaves others' to them (B3)",
    heap: { pages: 2, sizeClasses: [128] },
    before: [...twoBlocks, "1: c = malloc 128", "1: d = malloc 128"],
    threads: [["e = malloc? 128"], ["f = malloc? 128"], ["free c"]],
  },
  {
    name: "blocks-sent-on",
    shows: "a block may be written by one thread, freed by another and reused by the first",
    heap,
    threads: [
      ["a = malloc 128", "send a", "b = malloc 128", "c = malloc 128"],
      ["receive a", "free a"],
    ],
  },
  {
    name: "zero-blocks",
    shows: "calloc clears what another thread has freed",
    heap: { pages: 1, sizeClasses: [128] },
    before: twoBlocks,
    threads: [["c = calloc? 1 128"], ["free a"], ["free b"]],
  },
];
