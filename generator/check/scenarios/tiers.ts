/**
 * F1 … F8, P1 … P4, P10, R5 with several threads: whatever keeps a block or remembers a slab, a
 * block of another thread's goes home, and what a dead thread kept is found. Choices stand
 * together, so that few builds have them all.
 */
import type { Spec } from "../../../spec/schema.ts";
import type { Scenario } from "../scenario.ts";

const choices: readonly (readonly [name: string, of: string, spec: Spec])[] = [
  // Where it really happened (B1): nothing in the fast tier, and lists behind it that spill.
  [
    "fast-0-and-tls-list",
    "F1 with cap 0, F3",
    { tiers: { tlsSll: false, fast: { cap: 0 }, tlsList: { cap: 2 } } },
  ],
  [
    "fast-and-tls-list",
    "F1, F3, P1",
    {
      tiers: { tlsSll: false, fast: { cap: 1 }, tlsList: { cap: 2 } },
      refill: { sticky: true, mailbox: false, adopt: true },
    },
  ],
  [
    "magazine",
    "F4, F8, P2, P3",
    {
      tiers: { tlsSll: false, magazine: { rounds: 1 }, tlsHint: true },
      refill: { hotSlot: true, benchSlot: true, mailbox: true, adopt: true },
    },
  ],
  [
    "unified-cache",
    "F5, R5, P10",
    {
      tiers: { tlsSll: false, unifiedCache: { cap: 1 } },
      activeTracking: true,
      refill: { mailbox: true, adopt: true, mmapGate: { every: 2 } },
    },
  ],
  ["hot-heap", "F6", { tiers: { tlsSll: false, hotHeap: true } }],
  ["ultra", "F7", { tiers: { tlsSll: false, ultra: true } }],
];

/** The sticky slab was current again, and empty, and released: by now it is another thread's. */
const stickyGone: Scenario = {
  name: "sticky-slab-released",
  shows: "P1: a slab that was released is remembered no longer",
  heap: { pages: 2, sizeClasses: [128], spec: { refill: { sticky: true, mailbox: true, adopt: true } } },
  before: [
    "1: x = malloc 256",
    "0: a = malloc 128",
    "0: b = malloc 128",
    "0: c = malloc? 128",
    "0: free a",
    "0: d = malloc 128",
    "0: free b",
    "0: free d",
    "0: e = malloc? 512",
    "1: y = malloc 128",
    "1: z = malloc 128",
    "1: free x",
    "0: f = malloc 128",
    "0: g = malloc 128",
    "1: free y",
  ],
  threads: [["h = malloc? 128"], ["i = malloc? 128"]],
};

export const tiers: readonly Scenario[] = [
  stickyGone,
  ...choices.flatMap(([name, of, spec]): Scenario[] => [
    {
      name: `${name}-against-remote-frees`,
      shows: `${of}: what keeps blocks and remembers slabs drains its own slabs only, and gives others' blocks to them`,
      heap: { pages: 1, sizeClasses: [64], spec },
      before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64"],
      threads: [
        ["free a", "free b", "e = malloc 64", "f = malloc 64", "g = malloc? 64", "h = malloc? 64"],
        ["free c", "free d", "i = malloc? 64"],
      ],
    },
    {
      name: `death-with-${name}`,
      shows: `${of}: what a dead thread kept is found`,
      heap: { pages: 2, sizeClasses: [64], spec },
      before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64", "1: free d"],
      threads: [
        ["free a", "free b", "free c", "e = malloc? 256", "f = malloc? 64"],
        ["g = malloc? 64"],
        ["reclaim 0"],
      ],
      dies: 0,
    },
  ]),
];
