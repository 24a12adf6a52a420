/**
 * Trace ring (G4): the last events of each thread, in two words each: what happened and how much,
 * and where. It lies in the heap, so what a thread did that died can still be read.
 */
import { load32, store32 } from "../intrinsics";
import { arrays, NOBODY, thread } from "../memory-map";
import { ThreadSlot } from "../records";
import { spec } from "../spec";
import type { Word } from "../types";

/** An address was handed out for so many bytes, … */
export const ALLOCATED = 0;
/** … or there was no room for them. */
export const REFUSED = 1;
/** A block came back. */
export const GIVEN_BACK = 2;
/**
 * {@when spec.manyThreads} A block of another thread's slab went to that slab's remote list.
 * {@end}
 */
export const PUSHED = 3;
/** So many blocks that others freed were taken back into a slab. */
export const DRAINED = 4;
/** So many blocks of a list went home. */
export const SPILLED = 5;
/** A slab was found for a class: by the refill stage of that number. */
export const REFILLED = 6;
/** A guard hit, of a kind. */
export const HIT = 7;

/** Above these bits of an event's first word its kind. */
const KIND_SHIFT = 28;
const MOST = (1 << KIND_SHIFT) - 1;

/** Remembers an event. What is larger than the word has bits for counts as the most. */
export function note(kind: number, amount: number, place: number): void {
  if (spec.threads > 1 && thread === NOBODY) return;
  const events = load32(thread + ThreadSlot.events);
  const w = eventWord(arrays, events);
  store32(w, ((kind << KIND_SHIFT) | (amount < MOST ? amount : MOST)) >>> 0);
  store32(w + 1, place);
  store32(thread + ThreadSlot.events, (events + 1) >>> 0);
}

/** The first word of a thread's `i`-th event. */
export function eventWord(from: Word, i: number): Word {
  return from + spec.observe.ringStart + (i & (spec.observe.events - 1)) * 2;
}

export function kindOfEvent(word: number): number {
  return word >>> KIND_SHIFT;
}

export function amountOfEvent(word: number): number {
  return word & MOST;
}
