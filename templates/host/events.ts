/** Events of the trace ring (G4), for people and programs. */

import { seeMemory } from "../kernel/growth";
import { load32 } from "../kernel/intrinsics";
import { arraysOf, indexOf, THREAD_SLOTS, thread } from "../kernel/memory-map";
import { FROM_CURRENT } from "../kernel/observe/counters";
import { amountOfEvent, eventWord, kindOfEvent, REFILLED } from "../kernel/observe/trace-ring";
import { wordsOf } from "../kernel/record";
import { ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";

/** By kind; # is the amount. */
const KINDS = [
  "malloc(#)",
  "malloc(#) refused",
  "free",
  spec.threads > 1 ? "remote push" : "",
  "drain of #",
  "spill, # kept",
  "refill from",
  "guard # hit",
];

/** Where refills find blocks, from `FROM_CURRENT` on. */
const SOURCES = [
  "the current slab",
  "the slab before",
  "slabs with free blocks",
  spec.threads > 1 ? "slabs that others freed into" : "",
  spec.threads > 1 ? "slabs without an owner" : "",
  "empty slabs",
  "the pool",
  "slabs that wait",
];

/** The last `most` events {@when spec.manyThreads} of this thread {@end}, the newest last. */
export function ownEvents(most: number): string[] {
  return spec.threads > 1 && indexOf(thread) === spec.threads ? [] : eventsOf(thread, most);
}

/**
 * The events that are remembered, {@when spec.manyThreads} thread by thread, {@end} in their
 * order.
 */
export function events(): string[] {
  seeMemory();
  const all: string[] = [];
  for (let index = 0; index < spec.threads; index++) {
    for (const event of eventsOf(THREAD_SLOTS + index * wordsOf(ThreadSlot), spec.observe.events)) {
      all.push(spec.threads > 1 ? `thread ${index}: ${event}` : event);
    }
  }
  return all;
}

function eventsOf(slot: number, most: number): string[] {
  const end = load32(slot + ThreadSlot.events);
  const shown = Math.min(most, end, spec.observe.events);
  const texts: string[] = [];
  for (let i = end - shown; i < end; i++) {
    const w = eventWord(arraysOf(slot), i >>> 0);
    texts.push(eventText(kindOfEvent(load32(w)), amountOfEvent(load32(w)), load32(w + 1)));
  }
  return texts;
}

/** `place`: an address, of a refill its class. */
function eventText(kind: number, amount: number, place: number): string {
  if (kind === REFILLED) {
    return `refill of class ${place} from ${SOURCES[amount - FROM_CURRENT] ?? "nowhere"}`;
  }
  return `${(KINDS[kind] ?? "unknown").replace("#", String(amount))} 0x${place.toString(16)}`;
}
