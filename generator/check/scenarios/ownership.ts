/** R4, P5: slabs change hands. Claim first, drain after. */
import type { Scenario } from "../scenario.ts";

const heap = { pages: 3, sizeClasses: [128] };

export const ownership: readonly Scenario[] = [
  {
    name: "detach-against-remote-free",
    shows: "an owner may leave while its blocks are freed: they are found by whoever adopts the slab",
    heap,
    before: ["0: a = malloc 128", "0: b = malloc 128"],
    threads: [["detach"], ["free a", "free b"]],
  },
  {
    name: "two-adopters",
    shows: "one of two threads that want an abandoned slab gets it",
    heap: { pages: 1, sizeClasses: [64] },
    before: ["2: a = malloc 64", "2: b = malloc 64", "2: free b", "2: detach"],
    threads: [["c = malloc? 64"], ["d = malloc? 64"], []],
  },
  {
    name: "adopter-against-remote-free",
    shows: "a block pushed on the remote list of an abandoned slab is not missed by its adopter",
    heap: { pages: 1, sizeClasses: [128] },
    before: ["2: a = malloc 128", "2: b = malloc 128", "2: detach"],
    threads: [["c = malloc? 128"], ["free a", "free b"], []],
  },
  {
    name: "attach-against-detach",
    shows: "a slot has one thread at a time",
    heap,
    before: ["0: a = malloc 128", "1: detach", "2: detach"],
    threads: [["detach"], ["attach", "b = malloc? 128"], ["attach", "c = malloc? 128"]],
  },
  {
    name: "two-attach",
    shows: "two threads that attach at once get different slots",
    heap: { pages: 2, sizeClasses: [128] },
    before: ["0: detach", "1: detach"],
    threads: [
      ["attach", "a = malloc? 128"],
      ["attach", "b = malloc? 128"],
    ],
  },
  {
    name: "reserved-slots",
    shows: "a slot is kept for one thread, and given up by one",
    heap: { pages: 1, sizeClasses: [128] },
    threads: [
      ["reserve", "send kept", "reclaim 2", "reserve"],
      ["reserve", "receive kept", "reclaim 2"],
    ],
  },
];
