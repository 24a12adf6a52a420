/**
 * Partial slabs: per class, the thread's slabs that have blocks to offer, besides the current one
 * (P6, stage 0).
 *
 * One or two of them may be remembered outside the list: the hot slot (P2) and the bench slot
 * (P3). Full slabs to which a few blocks have come back wait in a list of their own.
 */
import { load32, store32 } from "../intrinsics";
import { thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Word } from "../types";

export function addPartial(slab: Slab, c: ClassIndex): void {
  if (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === 0) {
    store32(thread + ThreadSlot.hotSlot + c, slab);
  } else if (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === 0) {
    store32(thread + ThreadSlot.benchSlot + c, slab);
  } else {
    addToList(slab, thread + ThreadSlot.partial + c);
  }
}

/** @inline A slab of the class that has blocks to offer, or 0. */
export function takeOwn(c: ClassIndex): Slab {
  return (
    (spec.refill.hotSlot ? takeRemembered(thread + ThreadSlot.hotSlot + c) : 0) ||
    (spec.refill.benchSlot ? takeRemembered(thread + ThreadSlot.benchSlot + c) : 0) ||
    takePartial(c)
  );
}

/** The slab remembered in a place, which is free then. */
function takeRemembered(place: Word): Slab {
  const slab = load32(place);
  store32(place, 0);
  return slab;
}

/** The first of the list. */
function takePartial(c: ClassIndex): Slab {
  const slab = load32(thread + ThreadSlot.partial + c);
  if (slab !== 0) removeFromList(slab, thread + ThreadSlot.partial + c);
  return slab;
}

/**
 * A few blocks have come back to a full slab: its refills wait until there are more, or the heap
 * is full.
 */
export function addWaiting(slab: Slab, c: ClassIndex): void {
  addToList(slab, thread + ThreadSlot.waiting + c);
}

/** The heap is full: a slab of the class that waits, or 0. All its free blocks are offered. */
export function takeWaiting(c: ClassIndex): Slab {
  const slab = load32(thread + ThreadSlot.waiting + c);
  if (slab !== 0) {
    removeFromList(slab, thread + ThreadSlot.waiting + c);
    offerAll(slab);
  }
  return slab;
}

/** However few blocks have come back to a slab, they are offered. */
export function offerAll(slab: Slab): void {
  store32(slab + Slab.left, load32(slab + Slab.left) + load32(slab + Slab.rest));
  store32(slab + Slab.rest, 0);
}

/** Whether a slab is among those of its class, or waits. */
export function isListed(slab: Slab, c: ClassIndex): boolean {
  return (
    load32(slab + Slab.previous) !== 0 ||
    load32(thread + ThreadSlot.partial + c) === slab ||
    (spec.slab.waits && load32(thread + ThreadSlot.waiting + c) === slab) ||
    (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === slab) ||
    (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === slab)
  );
}

/** Takes a slab out from among those of its class, or from those that wait. */
export function unlist(slab: Slab, c: ClassIndex): void {
  if (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === slab) {
    store32(thread + ThreadSlot.hotSlot + c, 0);
  } else if (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === slab) {
    store32(thread + ThreadSlot.benchSlot + c, 0);
  } else {
    const waits = spec.slab.waits && load32(thread + ThreadSlot.waiting + c) === slab;
    removeFromList(slab, thread + (waits ? ThreadSlot.waiting : ThreadSlot.partial) + c);
  }
}

function addToList(slab: Slab, list: Word): void {
  const first = load32(list);
  store32(slab + Slab.next, first);
  store32(slab + Slab.previous, 0);
  if (first !== 0) store32(first + Slab.previous, slab);
  store32(list, slab);
}

/** `list` is looked at only if the slab is the first of one. */
function removeFromList(slab: Slab, list: Word): void {
  const previous = load32(slab + Slab.previous);
  const following = load32(slab + Slab.next);
  if (previous !== 0) store32(previous + Slab.next, following);
  else store32(list, following);
  if (following !== 0) store32(following + Slab.previous, previous);
  store32(slab + Slab.previous, 0);
}
