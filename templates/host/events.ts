/** Events of the trace ring (G4), for people and programs. */

import { seeMemory } from "../kernel/growth";
import { load32 } from "../kernel/intrinsics";
import { arraysOf, indexOf, THREAD_SLOTS, thread } from "../kernel/memory-map";
import { amountOfEvent, eventWord, kindOfEvent } from "../kernel/observe/trace-ring";
import { wordsOf } from "../kernel/record";
import { ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";

/** By kind; # is the amount. */
const KINDS = [
  "malloc(#)",
  "malloc(#) refused",
  "free",
  "remote push",
  "drain of #",
  "spill, # kept",
  "refill by stage # for class",
  "guard # hit",
];

/** The last `most` events of this thread, the newest last. */
export function ownEvents(most: number): string[] {
  return spec.threads > 1 && indexOf(thread) === spec.threads ? [] : eventsOf(thread, most);
}

/** The events of all threads that are remembered, each thread's in their order. */
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
    const what = KINDS[kindOfEvent(load32(w))] ?? "unknown";
    texts.push(`${what.replace("#", String(amountOfEvent(load32(w))))} 0x${load32(w + 1).toString(16)}`);
  }
  return texts;
}
