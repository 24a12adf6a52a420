/** F2 with several threads: blocks wait in a thread's list, other threads' blocks go home. */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 2, sizeClasses: [64], spec: { tiers: { tlsSll: {} } } };

export const lists: readonly Scenario[] = [
  {
    name: "lists-and-remote-frees",
    shows: "a block of another thread's slab never enters a list (B1)",
    heap: { ...heap, pages: 1 },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64"],
    threads: [
      ["free a", "e = malloc 64", "f = malloc? 64"],
      ["free b", "g = malloc? 64"],
    ],
  },
  {
    name: "list-of-a-leaver",
    shows: "blocks in the list of a thread that leaves go back to their slab before it is given up",
    heap: { ...heap, pages: 1 },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: free a"],
    threads: [
      ["free b", "detach"],
      ["free c", "d = malloc? 64"],
    ],
  },
];
