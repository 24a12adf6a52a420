/**
 * Quarantine (G3): the blocks that a thread freed last wait, filled, in the order in which they
 * were freed. When they leave it is looked whether the filling still stands. They count as out of
 * their slabs.
 *
 * The heap takes them back before it says that it is full.
 */
import { free } from "../free";
import { load32, store32 } from "../intrinsics";
import { slabOfBlock } from "../large-block";
import { arrays, arraysOf, NOBODY, thread } from "../memory-map";
import { usableIn } from "../realloc";
import { ThreadSlot } from "../records";
import { spec } from "../spec";
import type { Ptr, Size, Word } from "../types";
import { hit, USE_AFTER_FREE } from "./hit";
import { firstWritten } from "./zones";

/** Keeps a freed block of so many bytes, if it is not too large for that. */
export function keepInQuarantine(ptr: Ptr, bytes: Size): boolean {
  if (bytes > spec.guards.quarantineBytes || (spec.threads > 1 && thread === NOBODY)) return false;
  const end = load32(thread + ThreadSlot.quarantineEnd);
  store32(quarantineWord(arrays, end), ptr);
  store32(thread + ThreadSlot.quarantineBytes, load32(thread + ThreadSlot.quarantineBytes) + bytes);
  store32(thread + ThreadSlot.quarantineEnd, (end + 1) >>> 0);
  // Afterwards: should one that leaves have been written, this one is not lost by the error.
  while (isOverfull()) release(thread);
  return true;
}

/** Whether there is no place for another block, or there are more bytes than may be. */
function isOverfull(): boolean {
  return (
    quarantined(thread) === spec.guards.quarantinePlaces ||
    load32(thread + ThreadSlot.quarantineBytes) > spec.guards.quarantineBytes
  );
}

/** Blocks that a thread's quarantine holds. */
export function quarantined(slot: ThreadSlot): number {
  return (load32(slot + ThreadSlot.quarantineEnd) - load32(slot + ThreadSlot.quarantineFirst)) >>> 0;
}

/** The word of the `i`-th block ever put into a quarantine. */
export function quarantineWord(from: Word, i: number): Word {
  return from + spec.guards.quarantineStart + (i & (spec.guards.quarantinePlaces - 1));
}

/** Gives the whole of this thread's quarantine back. Returns whether there was any. */
export function emptyQuarantine(): boolean {
  const any = quarantined(thread) > 0;
  while (quarantined(thread) > 0) release(thread);
  return any;
}

/** Gives back what a thread kept that has died: as blocks that this thread frees. */
export function recoverQuarantine(slot: ThreadSlot): void {
  while (quarantined(slot) > 0) release(slot);
  store32(slot + ThreadSlot.quarantineBytes, 0);
}

/** The block freed longest ago goes home, unless it was written meanwhile. */
function release(slot: ThreadSlot): void {
  const first = load32(slot + ThreadSlot.quarantineFirst);
  const ptr = load32(quarantineWord(arraysOf(slot), first));
  const bytes = usableIn(slabOfBlock(ptr), ptr);
  store32(slot + ThreadSlot.quarantineFirst, (first + 1) >>> 0);
  store32(slot + ThreadSlot.quarantineBytes, load32(slot + ThreadSlot.quarantineBytes) - bytes);
  const written = firstWritten(ptr, ptr + bytes);
  if (written < ptr + bytes) hit(USE_AFTER_FREE, ptr, written);
  else free(ptr);
}
