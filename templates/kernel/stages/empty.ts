/**
 * P6, stage 0.5: EMPTY slabs of small blocks. They are all of one length, so the next class that
 * needs a slab can have one as it is: its pages stay in use and mapped to it.
 */
import { forgetBlocks } from "../guards/block-states";
import { load32, store32 } from "../intrinsics";
import { thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { pagesOfSlab } from "../size-class";
import { endOf, releaseSlab, tellBlocks } from "../slab";
import { spec } from "../spec";
import { routeSlab } from "../tiers/tls-sll";
import type { ClassIndex } from "../types";

/** Keeps an empty slab, unless there are enough of them. */
export function keepEmpty(slab: Slab): boolean {
  const count = load32(thread + ThreadSlot.empties);
  if (count === spec.pool.emptySlabs) return false;
  store32(thread + ThreadSlot.empties, count + 1);
  store32(slab + Slab.next, load32(thread + ThreadSlot.empty));
  store32(slab + Slab.free, 0);
  store32(slab + Slab.carved, load32(slab + Slab.start));
  if (spec.zeroKnowledge) store32(slab + Slab.zero, 0);
  store32(thread + ThreadSlot.empty, slab);
  return true;
}

/** A slab that was kept, for the class, or 0. */
export function takeKept(c: ClassIndex): Slab {
  const slab = pagesOfSlab(c) === spec.slab.pages ? takeEmpty() : 0;
  if (slab !== 0) {
    store32(slab + Slab.class, c);
    if (spec.threads > 1) tellBlocks(slab, c);
    if (spec.routes) routeSlab(slab, c);
    if (spec.guards.states) forgetBlocks(load32(slab + Slab.start), endOf(slab, c));
  }
  return slab;
}

function takeEmpty(): Slab {
  const slab = load32(thread + ThreadSlot.empty);
  if (slab !== 0) {
    store32(thread + ThreadSlot.empty, load32(slab + Slab.next));
    store32(thread + ThreadSlot.empties, load32(thread + ThreadSlot.empties) - 1);
  }
  return slab;
}

/** Gives the pages of all that were kept back. Returns whether there were any. */
export function releaseEmpties(): boolean {
  let released = false;
  for (let slab = takeEmpty(); slab !== 0; slab = takeEmpty()) {
    releaseSlab(slab, endOf(slab, load32(slab + Slab.class)));
    released = true;
  }
  return released;
}
