/**
 * L5: thread 0 dies somewhere, and another one reclaims what it held. Nobody is blocked, one block
 * may be lost.
 */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 2, sizeClasses: [128] };
const before = ["0: a = malloc 128", "0: b = malloc 128"];

export const deaths: readonly Scenario[] = [
  {
    name: "death-in-malloc",
    shows: "a thread that dies while it takes a slab leaves it to others",
    heap,
    before: [],
    threads: [["a = malloc 128", "b = malloc? 256"], ["c = malloc? 128"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-free",
    shows: "a thread that dies while it frees its own blocks leaves its slab whole",
    heap,
    before,
    threads: [
      ["free a", "free b"],
      ["reclaim 0", "c = malloc? 128"],
    ],
    dies: 0,
  },
  {
    name: "death-in-remote-free",
    shows: "a block pushed and not announced is found",
    heap,
    before: ["1: a = malloc 128", "1: b = malloc 128"],
    threads: [["free a", "free b"], ["c = malloc? 128"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-drain",
    shows: "a remote list that was being taken is taken to its end",
    heap: { pages: 1, sizeClasses: [64] },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: d = malloc 64", "1: free a"],
    threads: [["e = malloc? 64"], ["free b"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-detach",
    shows: "a thread that dies while it leaves has left in the end",
    heap,
    before,
    threads: [["free a", "detach"], ["free b"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-with-a-page-run",
    shows: "a run of pages that was being claimed, or freed, is lost as one block at most",
    heap: { pages: 3, sizeClasses: [128] },
    before: [],
    threads: [["a = malloc? 512", "free a"], ["b = malloc? 512"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-reclaim",
    shows: "a thread that dies while it reclaims another's slot leaves both to be reclaimed",
    heap,
    before: ["1: a = malloc 128", "1: b = malloc 128", "2: free a"],
    threads: [["reclaim 1"], [], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "two-reclaimers",
    shows: "of two threads that reclaim a slot one does, and nobody waits for the other",
    heap,
    before,
    threads: [["free a"], ["reclaim 0", "c = malloc? 128"], ["reclaim 0", "d = malloc? 128"]],
    dies: 0,
  },
  {
    name: "death-with-lists",
    shows: "a thread that dies while its lists are filled, used and drained leaves every block in one place",
    heap: { pages: 2, sizeClasses: [64], spec: { tiers: { tlsSll: { from: 0, drainEvery: 2 } } } },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "1: free a"],
    threads: [["free b", "free c", "d = malloc? 64", "e = malloc? 256"], ["f = malloc? 64"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-a-full-heap",
    shows: "a thread that dies while it gives back what it kept has given it back",
    heap: { pages: 1, sizeClasses: [128], spec: { tiers: { tlsSll: { from: 0 } } } },
    before: ["0: a = malloc 128", "0: free a"],
    threads: [["b = malloc? 256"], ["c = malloc? 128"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-with-an-empty-list",
    shows: "P7: a thread that dies between a release and its entry in the list loses the entry, not the slab",
    heap: { pages: 2, sizeClasses: [128], spec: { pool: { stage05: false, stage1: true, handOver: false } } },
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [["free a", "free b", "detach"], ["c = malloc? 128"], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-a-spill",
    shows:
      "F4, F3: a thread that dies while one full tier passes blocks on to another has one block in hand, not more",
    heap: {
      pages: 2,
      sizeClasses: [64],
      spec: { tiers: { tlsSll: false, magazine: { rounds: 1 }, tlsList: { cap: 1 } } },
    },
    before: ["0: a = malloc 64", "0: b = malloc 64", "0: c = malloc 64", "0: free a", "0: free b"],
    threads: [["free c"], [], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-with-a-new-superslab",
    shows: "a thread that dies when it has claimed the first slab of a SuperSlab is found there",
    heap: { pages: 6, pagesPerSuperSlab: 2, sizeClasses: [128] },
    before: ["1: a = malloc 512"],
    threads: [["b = malloc? 128"], [], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-in-a-release",
    shows: "a SuperSlab whose last slab a thread had released when it died goes back in the end",
    heap: { pages: 4, pagesPerSuperSlab: 2, sizeClasses: [256] },
    before: ["0: a = malloc 256"],
    threads: [["free a", "detach"], [], ["reclaim 0"]],
    dies: 0,
  },
  {
    name: "death-of-one-of-two-reclaimers",
    shows: "whoever reclaims a reclaimer looks whether its work was still its own",
    heap,
    before: ["1: a = malloc 128"],
    threads: [["reclaim 1"], [], ["reclaim 1"], ["reclaim 0"]],
    dies: 0,
  },
];
