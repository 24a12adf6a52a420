/** Refill stages and threads: what threads ask for, and what asks for threads. */
import type { Choices } from "../schema.ts";
import type { Finding } from "./rule.ts";

export function* refillStages({ refill }: Choices): Iterable<Finding> {
  if (refill.benchSlot && !refill.hotSlot) {
    yield [
      "refill.benchSlot",
      "it is the second remembered slab, and refill.hotSlot, the first, is off",
      "choose hotSlot too",
    ];
  }
}

/** Each slab is claimed with one compare-and-swap, and `free` finds it by a shift. */
export function* slots({ threads, geometry: { slabBytes, pageBytes, spans } }: Choices): Iterable<Finding> {
  if (threads === 1) return;
  if (slabBytes !== pageBytes) {
    yield [
      "geometry.pageBytes",
      `${pageBytes} is not geometry.slabBytes ${slabBytes}: threads share memory by whole slabs`,
      `use ${slabBytes}`,
    ];
  }
  if (spans) {
    yield [
      "geometry.spans",
      `a slab would have several pages, and threads ${threads} share memory by whole slabs: each is claimed with one compare-and-swap, and free finds it by a shift`,
      "use false, or threads 1",
    ];
  }
}

export function* pinning({ threads, lifetime }: Choices): Iterable<Finding> {
  if (threads === 1 || lifetime.pinning !== "none") return;
  yield [
    "lifetime.pinning",
    `a SuperSlab would go while lists of another of threads ${threads} can still name it`,
    'use "generation", or threads 1',
  ];
}

export function* threadsOnly({ threads, refill, lifetime, guards }: Choices): Iterable<Finding> {
  if (threads > 1) return;
  const needsThreads = {
    "refill.mailbox": refill.mailbox,
    "refill.adopt": refill.adopt,
    "refill.mmapGate": refill.mmapGate !== false,
    "lifetime.pinning": lifetime.pinning !== "none",
    "lifetime.reclaim": lifetime.reclaim,
    "guards.ownership": guards.ownership,
  };
  for (const [path, chosen] of Object.entries(needsThreads)) {
    if (chosen) yield [path, "it is about other threads, and threads is 1", "leave it out, or raise threads"];
  }
}
