/**
 * Memory that is free is used before memory that was never touched, and SuperSlabs beyond the LRU
 * go back.
 */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 4, sizeClasses: [128] };
const twoSlabs = ["0: a = malloc 128", "0: b = malloc 128", "0: c = malloc 128", "0: d = malloc 128"];
const threeSlabs = [...twoSlabs, "0: g = malloc 128", "0: h = malloc 128"];

export const footprints: readonly Scenario[] = [
  {
    name: "mailbox-of-two-slabs",
    shows:
      "P4: slabs that two threads announce, one while the other is looked at, are found before a page is touched",
    heap,
    before: twoSlabs,
    threads: [
      ["receive a", "e = malloc 128", "receive c", "f = malloc 128", "footprint 2"],
      ["free a", "send a"],
      ["free c", "send c"],
    ],
  },
  {
    name: "mailbox-of-two-words",
    shows: "P4: a slab that is announced while the summary of a mailbox is cleared for another is found",
    heap: { ...heap, pages: 36, pagesPerSuperSlab: 64 },
    // A run of 32 pages lies between the two slabs, so their bits lie in two words. 12 pages hold
    // metadata.
    before: [twoSlabs[0], twoSlabs[1], "0: l = malloc 8192", twoSlabs[2], twoSlabs[3]],
    threads: [
      ["receive a", "e = malloc 128", "receive c", "f = malloc 128", "footprint 46"],
      ["free a", "send a"],
      ["free c", "send c"],
    ],
  },
  {
    name: "mailbox-in-portions",
    shows: "P4: what a call leaves for the next one is found, and so is what is announced meanwhile",
    heap: { ...heap, pages: 6, portion: 1 },
    before: [...threeSlabs, "1: free a", "1: free c"],
    threads: [
      ["e = malloc 128", "receive g", "f = malloc 128", "i = malloc 128", "footprint 3"],
      ["free g", "send g"],
    ],
  },
  {
    name: "mailbox-in-portions-of-two-words",
    shows: "P4: what a call leaves for the next one is found, and so is what is announced in another word",
    // 14 pages hold metadata.
    heap: { ...heap, pages: 38, pagesPerSuperSlab: 64, portion: 1 },
    before: [
      ...twoSlabs,
      "0: l = malloc 8192",
      "0: g = malloc 128",
      "0: h = malloc 128",
      "1: free a",
      "1: free c",
    ],
    threads: [
      ["e = malloc 128", "receive g", "f = malloc 128", "i = malloc 128", "footprint 49"],
      ["free g", "send g"],
    ],
  },
  {
    name: "abandoned-in-portions",
    shows: "P5: of abandoned slabs that one thread leaves for later none is lost to another that looks",
    heap: { ...heap, pages: 3, portion: 1 },
    before: [...threeSlabs, "0: detach", "1: free a", "1: free c", "1: free g"],
    threads: [[], ["e = malloc? 128", "send h"], ["f = malloc? 128", "receive h", "i = malloc 128"]],
  },
  {
    name: "abandoned-blocks",
    shows: "P5: blocks of slabs whose owner has left are found before a page is touched",
    heap,
    before: [...twoSlabs, "0: detach"],
    threads: [
      ["free a", "send a"],
      ["free c", "send c"],
      ["receive a", "e = malloc 128", "receive c", "f = malloc 128", "footprint 2"],
    ],
  },
  {
    name: "kept-superslab",
    shows: "P9: a SuperSlab that was kept is used before one that is new",
    heap: { ...heap, pagesPerSuperSlab: 2 },
    before: ["0: a = malloc 512"],
    threads: [
      ["free a", "send a"],
      // Two pages, and one for the records of their slabs.
      ["receive a", "b = malloc 512", "footprint 3"],
    ],
  },
  {
    name: "returned-superslabs",
    shows: "L3: SuperSlabs that become empty together go back to the memory when none is to be kept",
    heap: { ...heap, pagesPerSuperSlab: 2, spec: { lru: { entries: 0 } } },
    before: ["0: a = malloc 512", "1: b = malloc 512"],
    threads: [
      ["free a", "send a"],
      ["receive a", "free b", "footprint 0"],
    ],
  },
];
