/** F2 with several threads: blocks wait in a thread's list, other threads' blocks go home. */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 1, sizeClasses: [64], spec: { tiers: { tlsSll: { from: 0 } } } };
/** With a cap `free` asks the tiers, and goes along no route. */
const capped = { tiers: { tlsSll: { from: 0, cap: 8 } } };
/** Two threads free blocks of a full slab of one of them, and want some. */
const bothFree = {
  before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64"],
  threads: [
    ["free a", "e = malloc 64", "f = malloc? 64"],
    ["free b", "g = malloc? 64"],
  ],
};

export const lists: readonly Scenario[] = [
  {
    name: "lists-and-remote-frees",
    shows: "R1: only its owner frees a block to a list; another thread's block goes home",
    heap,
    ...bothFree,
  },
  {
    name: "list-with-room-and-remote-frees",
    shows: "a block of another thread's slab never enters a list (B1)",
    heap: { ...heap, spec: capped },
    ...bothFree,
  },
  {
    name: "route-of-an-adopted-slab",
    shows: "R1: blocks of a slab go to a list of the thread that has it now, not of the one that left",
    heap,
    before: ["1: a = malloc 64", "1: b = malloc 64", "1: free a", "1: detach"],
    threads: [["c = malloc 64", "free b", "d = malloc 64", "e = malloc? 64"], ["f = malloc? 64"]],
  },
  {
    name: "page-of-a-released-slab",
    shows:
      "R1: a page that a thread gave back is not its own when it frees a block of the next owner's there",
    heap,
    before: [
      "0: z = malloc 64",
      "0: free z",
      "0: y = malloc? 512",
      "1: a = malloc 64",
      "1: b = malloc 64",
      "1: c = malloc 64",
      "1: d = malloc 64",
    ],
    threads: [["free a", "detach"], ["e = malloc? 64"]],
  },
  {
    name: "free-after-detach",
    shows: "L5: a thread that has left still frees blocks, and none as if it owned their slab",
    heap,
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: detach"],
    threads: [
      ["free a", "attach"],
      ["c = malloc? 64", "free b", "d = malloc? 64"],
    ],
  },
  {
    name: "list-of-a-leaver",
    shows: "blocks in the list of a thread that leaves go back to their slab before it is given up",
    heap,
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: free a"],
    threads: [
      ["free b", "detach"],
      ["free c", "d = malloc? 64"],
    ],
  },
  {
    name: "list-spills-against-remote-free",
    shows: "F2: what a list has no room for goes home while others send blocks there too",
    heap: { ...heap, spec: { tiers: { tlsSll: { from: 0, cap: 1, drainEvery: 2 } } } },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64"],
    threads: [
      ["free a", "free b", "e = malloc 64", "f = malloc 64", "g = malloc? 64"],
      ["free c", "h = malloc? 64"],
    ],
  },
  {
    name: "listed-blocks-keep-their-slab",
    shows: "L4: a slab is not released while a list shows a block of it (B4, B8)",
    heap: { ...heap, pages: 2, sizeClasses: [128], spec: capped },
    before: [
      "0: a = malloc 128",
      "0: b = malloc 128",
      "1: free a",
      "0: c = malloc 128",
      "0: d = malloc 128",
      "0: e = malloc 128",
    ],
    threads: [["free c", "f = malloc 128", "g = malloc? 128", "h = malloc? 128"], ["free b"]],
  },
  {
    name: "death-between-two-slabs",
    shows:
      "M4: a thread dies while it goes from one virgin slab to the next; only a slab's record is mended for that",
    heap: {
      ...heap,
      pages: 2,
      sizeClasses: [128],
      spec: { ...heap.spec, observe: { osStatistics: true } },
    },
    threads: [["a = malloc 128", "b = malloc 128", "c = malloc 128"], ["reclaim 0"]],
    dies: 0,
  },
];
