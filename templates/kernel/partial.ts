/**
 * Partial slabs: per class, the thread's slabs that have blocks to offer, besides the current one (P6).
 */
import { load32, store32 } from "./intrinsics";
import { thread } from "./memory-map";
import { Slab, ThreadSlot } from "./records";
import type { ClassIndex } from "./types";

export function addPartial(slab: Slab, c: ClassIndex): void {
  const list = thread + ThreadSlot.partial + c;
  const first = load32(list);
  store32(slab + Slab.next, first);
  store32(slab + Slab.previous, 0);
  if (first !== 0) store32(first + Slab.previous, slab);
  store32(list, slab);
}

/** Whether a slab is in its class's list. */
export function isPartial(slab: Slab, c: ClassIndex): boolean {
  return load32(slab + Slab.previous) !== 0 || load32(thread + ThreadSlot.partial + c) === slab;
}

/** Takes a slab out of its class's list. */
export function removePartial(slab: Slab, c: ClassIndex): void {
  const previous = load32(slab + Slab.previous);
  const following = load32(slab + Slab.next);
  if (previous !== 0) store32(previous + Slab.next, following);
  else store32(thread + ThreadSlot.partial + c, following);
  if (following !== 0) store32(following + Slab.previous, previous);
  store32(slab + Slab.previous, 0);
}
