/**
 * The front tiers of a thread. `malloc` asks them in this order, `free` offers a block to them in
 * this order, and what none of them keeps goes home.
 *
 * A tier is a line in each of these functions.
 */

import { behindFirst } from "../guards/list-validation";
import { load32, store32 } from "../intrinsics";
import { thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";
import { drainFast, keepFast, returnFast, takeFast } from "./fast";
import { drainMagazine, keepRound, returnMagazine, takeRound } from "./magazine";
import { drainTlsList, keepInTlsList, returnTlsList, takeFromTlsList } from "./tls-list";
import { drainLists, keepHot, keepListed, returnListed, takeListed } from "./tls-sll";
import { drainRing, keepRing, returnRing, takeRing } from "./unified-cache";

/** @inline A block of the class that the thread has at hand, or 0. */
export function takeCached(c: ClassIndex): Ptr {
  return (
    (spec.fast.on ? takeFast(c) : 0) ||
    (spec.tlsSll.on ? takeListed(c) : 0) ||
    (spec.unifiedCache.on ? takeRing(c) : 0) ||
    (spec.magazine.on ? takeRound(c) : 0) ||
    (spec.tlsList.on ? takeFromTlsList(c) : 0) ||
    (spec.tlsSll.on ? 0 : takeFreed(c))
  );
}

/** @inline Whether a tier keeps a freed block of this thread's. */
export function keepCached(slab: Slab, c: ClassIndex, block: Ptr): boolean {
  return (
    (spec.fast.on && keepFast(c, block)) ||
    (spec.hotHeap && keepHot(slab, c, block)) ||
    (spec.tlsSll.last > 0 && keepListed(c, block)) ||
    (spec.unifiedCache.on && keepRing(c, block)) ||
    (spec.magazine.on && keepRound(c, block)) ||
    (spec.tlsList.on && keepInTlsList(c, block))
  );
}

/**
 * Gives cached blocks back to their slabs{@when spec.listRoutes}, of the lists up to `most`
 * {@end}. Returns whether that was all.
 */
export function drainTiers(most: number): boolean {
  for (let c = 1; c <= spec.classCount; c++) {
    if (spec.fast.on) drainFast(c);
    if (spec.unifiedCache.on) drainRing(c);
    if (spec.magazine.on) drainMagazine(c);
    if (spec.tlsList.on) drainTlsList(c);
  }
  return spec.tlsSll.on ? drainLists(most) : true;
}

/** The same for a thread that leaves or has died, and one class. */
export function returnCached(slot: ThreadSlot, c: ClassIndex): void {
  if (spec.fast.on) returnFast(slot, c);
  if (spec.tlsSll.on) returnListed(slot, c);
  if (spec.unifiedCache.on) returnRing(slot, c);
  if (spec.magazine.on) returnMagazine(slot, c);
  if (spec.tlsList.on) returnTlsList(slot, c);
}

/** With no list that refills fill, the class's current slab serves: what was freed into it. */
export function takeFreed(c: ClassIndex): Ptr {
  const slab = load32(thread + ThreadSlot.current + c);
  const block = load32(slab + Slab.free);
  if (block !== 0) {
    store32(slab + Slab.free, behindFirst(c, block));
    store32(slab + Slab.left, load32(slab + Slab.left) + 1);
  }
  return block;
}
