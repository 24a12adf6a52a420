/**
 * Counters (G5): each thread counts what it does, in its slot. A slot's counts go on with the
 * next thread that has it.
 */
import { load32, store32, table8 } from "../intrinsics";
import { NOBODY, thread } from "../memory-map";
import { type Slab, ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex } from "../types";
import { note, REFILLED } from "./trace-ring";

/** Frees: into a tier, … */
export const FREED_TO_TIER = 0;
/** … into the thread's own slab, … */
export const FREED_TO_SLAB = 1;
/** … into the remote list of another's. */
export const FREED_REMOTE = 2;
/** Calls that ended at once: what was asked for was no size, … */
export const NO_SIZE = 3;
/** … or the heap was full. */
export const HEAP_FULL = 4;
/** Claims of slabs: won, … */
export const CLAIMS_WON = 5;
/** … and lost to another thread. */
export const CLAIMS_LOST = 6;
/** Refills: from the current slab, … */
export const FROM_CURRENT = 7;
/** … from the slab that was current before, … */
export const FROM_STICKY = 8;
/** … from the thread's slabs that have free blocks, … */
export const FROM_OWN = 9;
/** … from those that others freed into, … */
export const FROM_DRAINED = 10;
/** … from those that had no owner, … */
export const FROM_ADOPTED = 11;
/** … from empty ones that are kept, … */
export const FROM_KEPT = 12;
/** … from the pool and the memory, … */
export const FROM_POOL = 13;
/** … from those that wait. */
export const FROM_WAITING = 14;

/** Of a class that is counted by itself: blocks handed out, blocks given back, refills. */
export const CLASS_ALLOCATED = 0;
export const CLASS_FREED = 1;
export const CLASS_REFILLED = 2;
export const CLASS_COUNTERS = 3;

/** Whether a class is counted by itself. */
export const COUNTED_CLASSES = table8(spec.observe.countedClasses);

/** One more. */
export function tally(counter: number): void {
  addTo(ThreadSlot.counters + counter);
}

/** One more of a class, if it is counted by itself. */
export function tallyClass(c: ClassIndex, counter: number): void {
  if (COUNTED_CLASSES[c] !== 0) addTo(ThreadSlot.classCounters + c * CLASS_COUNTERS + counter);
}

/** A refill stage has answered: with a slab, or with 0. */
export function fromStage(stage: number, c: ClassIndex, slab: Slab): Slab {
  if (slab !== 0) {
    if (spec.observe.counters) tally(stage);
    if (spec.observe.events > 0) note(REFILLED, stage, c);
  }
  return slab;
}

function addTo(field: number): void {
  if (spec.threads > 1 && thread === NOBODY) return;
  store32(thread + field, (load32(thread + field) + 1) >>> 0);
}
