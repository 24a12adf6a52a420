/**
 * L3: full slabs are set aside, and go back to the pool by whoever frees their last block. And
 * threads that are idle.
 */
import type { Scenario } from "../scenario.ts";

const pool = { stage05: false, stage1: false, handOver: true } as const;
const heap = { pages: 2, sizeClasses: [128], spec: { pool } };
/** The first slab is full and set aside, the second is current. */
const oneAside = ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128"];

export const handOvers: readonly Scenario[] = [
  {
    name: "owner-that-sleeps",
    shows: "a slab whose owner sleeps serves another class as soon as its last block is freed",
    heap: { ...heap, sizeClasses: [128, 256] },
    before: oneAside,
    threads: [[], ["free a", "free b", "d = malloc 256"]],
  },
  {
    name: "two-last-blocks",
    shows: "of two threads that free the last blocks of a slab one hands it over",
    heap,
    before: [...oneAside, "0: d = malloc 128"],
    threads: [[], ["free a", "send a"], ["free b", "receive a", "e = malloc 256"]],
  },
  {
    name: "owner-frees-the-last",
    shows: "a slab is taken back by its owner, who frees one of its blocks, while another frees the other",
    heap,
    before: oneAside,
    threads: [["free a", "d = malloc? 128"], ["free b"]],
  },
  {
    name: "owner-drains-what-is-handed-over",
    shows:
      "an owner that takes a slab back from its mailbox and a thread that hands it over exclude each other",
    heap,
    before: [...oneAside, "0: d = malloc 128"],
    threads: [
      ["e = malloc? 128", "f = malloc? 128"],
      ["free a", "free b"],
    ],
  },
  {
    name: "hand-over-a-second-time",
    shows:
      "a slab that came home, went out whole and was set aside again is not handed over for the first time",
    heap: { ...heap, pages: 3 },
    before: [...oneAside, "0: d = malloc 128"],
    threads: [
      ["e = malloc? 128", "f = malloc? 128", "g = malloc? 128"],
      ["free a", "free b"],
    ],
  },
  {
    name: "set-aside-after-the-last-block",
    shows: "a slab is set aside while its last block is freed: one of the two threads sees the other",
    heap: { ...heap, pages: 3 },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [
      ["c = malloc 128", "send c"],
      ["free a", "free b", "send b"],
      ["receive b", "receive c", "d = malloc 256", "e = malloc? 256"],
    ],
  },
  {
    name: "set-aside-then-freed",
    shows: "a slab that a thread sets aside before it sleeps serves another class once its blocks are freed",
    heap: { ...heap, sizeClasses: [128, 256] },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [
      ["c = malloc 128", "send c"],
      ["receive c", "free a", "free b", "d = malloc 256"],
    ],
  },
  {
    name: "set-aside-and-served-otherwise",
    shows: "a slab is set aside while its last block is freed, by a thread that then looks at nothing else",
    heap: { ...heap, pages: 3 },
    before: [...["x", "y", "a", "b"].map((block) => `0: ${block} = malloc 128`), "0: free x"],
    threads: [["c = malloc 128"], ["free a", "free b"]],
  },
  {
    name: "note-of-a-slab-that-is-anothers",
    shows: "a block of a slab that changed hands goes to its new owner, whatever its old one has noted",
    heap: { ...heap, sizeClasses: [128] },
    before: oneAside,
    threads: [
      ["receive e", "free e", "f = malloc? 128"],
      ["free a", "free b", "d = malloc 128", "e = malloc 128", "send e", "free d"],
    ],
  },
  {
    name: "lists-of-a-slab-that-is-anothers",
    shows: "the same where blocks are freed to lists",
    heap: { ...heap, spec: { pool, tiers: { tlsSll: { from: 0 } } } },
    before: oneAside,
    threads: [
      ["receive e", "free e", "f = malloc? 128"],
      ["free a", "free b", "d = malloc 128", "e = malloc 128", "send e"],
    ],
  },
  {
    name: "hand-over-without-routes",
    shows: "the same where each free asks for the owner",
    heap: { ...heap, spec: { pool, tiers: { tlsSll: false, fast: { cap: 1 } } } },
    before: oneAside,
    threads: [
      ["receive e", "free e", "f = malloc? 128"],
      ["free a", "free b", "d = malloc 128", "e = malloc 128", "send e"],
    ],
  },
  {
    name: "sticky-slab-handed-over",
    shows: "P1: a slab that was remembered and changed hands is not taken for one's own",
    heap: { ...heap, pages: 3, spec: { pool, refill: { sticky: true, mailbox: true, adopt: true } } },
    before: [...oneAside, "0: d = malloc 128"],
    threads: [
      ["e = malloc? 128", "f = malloc? 128"],
      ["free a", "free b", "g = malloc? 128"],
    ],
  },
  {
    name: "kept-slab-handed-over",
    shows:
      "P6: a slab that was kept empty and serves another class is handed over when all of its blocks are back",
    heap: { pages: 3, sizeClasses: [64, 128], spec: { pool: { ...pool, stage05: { slabs: 1 } } } },
    before: [
      ...["a", "b", "c", "d", "e"].map((block) => `0: ${block} = malloc 64`),
      ...["a", "b", "c", "d"].map((block) => `0: free ${block}`),
      ...["f", "g", "h"].map((block) => `0: ${block} = malloc 128`),
    ],
    threads: [[], ["free f", "free g", "i = malloc 256"]],
  },
  {
    name: "leaver-of-a-slab-aside",
    shows: "an owner leaves while the last block of a slab that it set aside is freed",
    heap,
    before: oneAside,
    threads: [["detach"], ["free a", "free b", "d = malloc? 256"]],
  },
  {
    name: "free-after-a-hand-over-and-detach",
    shows: "a thread that lost a slab and has left frees a block of it as another's",
    heap,
    before: oneAside,
    threads: [
      ["receive e", "detach", "free e"],
      ["free a", "free b", "d = malloc 128", "e = malloc 128", "send e", "free d"],
    ],
  },
  {
    name: "death-of-an-owner-of-a-slab-aside",
    shows: "L5: a thread dies while it sets slabs aside and takes them back",
    heap: { ...heap, pages: 3 },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [["c = malloc 128", "free a", "d = malloc? 128"], ["free b"], ["reclaim 0", "e = malloc? 256"]],
    dies: 0,
  },
  {
    name: "death-in-a-hand-over",
    shows: "L5: a thread dies while it hands a slab over",
    heap,
    before: oneAside,
    threads: [["d = malloc? 128"], ["free a", "free b"], ["reclaim 1", "e = malloc? 256"]],
    dies: 1,
  },
  {
    name: "idle-against-remote-free",
    shows: "what an idle thread has given back serves others, and it goes on with what it needs",
    heap: { ...heap, pages: 3 },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [
      ["idle", "send b", "c = malloc? 128"],
      ["free a", "receive b", "d = malloc 128"],
    ],
  },
  {
    name: "idle-of-two",
    shows: "two idle threads give their slabs back at once, and a third has them",
    heap: { ...heap, pages: 2 },
    before: ["0: a = malloc 128", "1: b = malloc 128", "0: free a", "1: free b"],
    threads: [
      ["idle", "send a"],
      ["idle", "send b"],
      ["receive a", "receive b", "c = malloc 512"],
    ],
  },
  {
    name: "death-while-idle",
    shows: "L5: a thread dies while it gives everything back",
    heap,
    before: ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128"],
    threads: [["idle"], ["free a"], ["reclaim 0", "free b", "e = malloc? 256"]],
    dies: 0,
  },
];
