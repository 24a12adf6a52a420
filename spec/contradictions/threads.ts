/** Refill stages and threads. */
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

export function* slots({ threads, geometry: { slabBytes, pageBytes } }: Choices): Iterable<Finding> {
  if (threads === 1 || slabBytes === pageBytes) return;
  yield [
    "geometry.pageBytes",
    `${pageBytes} is not geometry.slabBytes ${slabBytes}: threads share memory by whole slabs`,
    `use ${slabBytes}`,
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
