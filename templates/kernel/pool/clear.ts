/**
 * M7, clearing at once: a SuperSlab that is kept is cleared by whoever finds it so after a
 * release, slab by slab. A slab is claimed for that like for any other use, so nobody waits; then
 * it is UNUSED, as if it had never been used.
 *
 * Its SuperSlab is not put to use by such a claim. Others that retire it meanwhile see a slab in
 * use, and leave that to whoever cleared it: he looks again.
 */
import { endPage } from "../../host/memory";
import { clearBytes } from "../bytes";
import { seeGrowth } from "../growth";
import { atomicLoad, store32 } from "../intrinsics";
import { NOBODY, pageOf, SUPER_SLAB_PAGES, self, slabAt, thread } from "../memory-map";
import { claim, EMPTY, giveUp, ownerOf, stateOf, UNUSED } from "../ownership";
import { addressOf, PAGE_BYTES } from "../page";
import { Slab, SuperSlab } from "../records";
import { spec } from "../spec";
import type { Page } from "../types";
import { markFree } from "./hints";
import { isKept, retireIfEmpty } from "./superslab-state";

/** What a thread without a slot holds is lost if it dies: it clears nothing. */
export function clearIfKept(superSlab: SuperSlab): void {
  if (spec.reclaim && thread === NOBODY) return;
  while (isKept(atomicLoad(superSlab + SuperSlab.state)) && clearSlabs(superSlab)) retireIfEmpty(superSlab);
}

/** Clears the EMPTY slabs of a SuperSlab. Returns whether there were any. */
function clearSlabs(superSlab: SuperSlab): boolean {
  const from = pageOf(superSlab);
  const to = from + SUPER_SLAB_PAGES < endPage ? from + SUPER_SLAB_PAGES : endPage;
  let cleared = false;
  for (let page = from; page < to; page++) {
    const slab = slabAt(page);
    const seen = ownerOf(slab);
    if (stateOf(seen) === EMPTY && claim(slab, seen, self)) {
      clearSlab(slab, page);
      cleared = true;
    }
  }
  return cleared;
}

/** Should this thread die here, its slab is released as it was: not known to be zero. */
function clearSlab(slab: Slab, page: Page): void {
  seeGrowth();
  clearBytes(addressOf(page), PAGE_BYTES);
  store32(slab + Slab.dirty, 0);
  giveUp(slab, UNUSED);
  markFree(page);
}
