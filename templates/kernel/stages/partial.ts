/**
 * Partial slabs: per class, the thread's slabs that have blocks to offer, besides the current one
 * (P6, stage 0).
 *
 * One or two of them may be remembered outside the list: the hot slot (P2) and the bench slot (P3).
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
    addToPartialList(slab, c);
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
  const list = thread + ThreadSlot.partial + c;
  const slab = load32(list);
  if (slab !== 0) {
    const following = load32(slab + Slab.next);
    store32(list, following);
    if (following !== 0) store32(following + Slab.previous, 0);
  }
  return slab;
}

/** Whether a slab is among those of its class. */
export function isPartial(slab: Slab, c: ClassIndex): boolean {
  return (
    load32(slab + Slab.previous) !== 0 ||
    load32(thread + ThreadSlot.partial + c) === slab ||
    (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === slab) ||
    (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === slab)
  );
}

/** Takes a slab out from among those of its class. */
export function removePartial(slab: Slab, c: ClassIndex): void {
  if (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === slab) {
    store32(thread + ThreadSlot.hotSlot + c, 0);
  } else if (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === slab) {
    store32(thread + ThreadSlot.benchSlot + c, 0);
  } else {
    removeFromPartialList(slab, c);
  }
}

/** @inline-body */
function addToPartialList(slab: Slab, c: ClassIndex): void {
  const list = thread + ThreadSlot.partial + c;
  const first = load32(list);
  store32(slab + Slab.next, first);
  store32(slab + Slab.previous, 0);
  if (first !== 0) store32(first + Slab.previous, slab);
  store32(list, slab);
}

/** @inline-body */
function removeFromPartialList(slab: Slab, c: ClassIndex): void {
  const previous = load32(slab + Slab.previous);
  const following = load32(slab + Slab.next);
  if (previous !== 0) store32(previous + Slab.next, following);
  else store32(thread + ThreadSlot.partial + c, following);
  if (following !== 0) store32(following + Slab.previous, previous);
  store32(slab + Slab.previous, 0);
}
