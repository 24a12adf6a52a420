/** P5: slabs whose owner has left. Whoever needs memory first claims them, then drains them. */
import { seeGrowth } from "../growth";
import { atomicLoad, load32, loadRacy32, store32 } from "../intrinsics";
import { firstPage, HEAP, self, slabAt, thread, usedPages } from "../memory-map";
import { ABANDONED, claim, stateOf } from "../ownership";
import { Heap, Slab, ThreadSlot } from "../records";
import { takeRemote } from "../remote-queue";
import { endOf, isVirgin, releaseSlab, setFull } from "../slab";
import { spec } from "../spec";
import { routeSlab } from "../tiers/tls-sll";
import type { ClassIndex } from "../types";
import { addPartial, takeOwn } from "./partial";

/** A slab of the class that had no owner any more, or 0. */
export function takeAdopted(c: ClassIndex): Slab {
  adopt();
  return takeOwn(c);
}

/** Adopts every abandoned slab, unless none was abandoned, or freed into, since this thread looked last. */
export function adopt(): void {
  const abandonments = atomicLoad(HEAP + Heap.abandonments);
  if (abandonments === load32(thread + ThreadSlot.adopted)) return;
  store32(thread + ThreadSlot.adopted, abandonments);
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    // Stale or not: the claim compares.
    const seen = loadRacy32(slab + Slab.owner);
    if (stateOf(seen) === ABANDONED && claim(slab, seen, self)) settleAdopted(slab);
  }
}

function settleAdopted(slab: Slab): void {
  seeGrowth();
  const c = load32(slab + Slab.class);
  const out = load32(slab + Slab.left) - takeRemote(slab);
  store32(slab + Slab.left, out);
  if (spec.routes) routeSlab(slab, c);
  if (spec.activeTracking) store32(slab + Slab.active, out);
  if (out === 0) releaseSlab(slab, endOf(slab, c));
  else if (load32(slab + Slab.free) !== 0 || isVirgin(slab, c)) addPartial(slab, c);
  else setFull(slab);
}
