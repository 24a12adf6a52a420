/**
 * Large blocks (M6) of a heap with many threads: runs of whole slabs. Such a run belongs to
 * nobody but its block: whoever frees that claims the first slab, and with it the others.
 */
import { hasPages } from "./growth";
import { load32, loadRacy32, store32 } from "./intrinsics";
import { pageOfSlab, self, slabAt, slabOf } from "./memory-map";
import { claim, giveUp, LARGE, ownerOf, stateOf, TAIL } from "./ownership";
import { addressOf, PAGE_SHIFT } from "./page";
import { claimSlot } from "./pool/acquire";
import { releaseSlot, releaseSlots } from "./pool/release";
import { enlivenRun } from "./pool/superslab-state";
import { Slab } from "./records";
import { spec } from "./spec";
import type { Page, Ptr } from "./types";

/** @inline The slab of a block of any kind. */
export function slabOfBlock(ptr: Ptr): Slab {
  return spec.headerBytes > 0 && spec.threads > 1 ? firstOfRun(slabOf(ptr)) : slabOf(ptr);
}

/**
 * M5: room for a header and a large alignment may move a block behind the first page of its run.
 * The slab that it begins in then is a tail, as long as the block lives, and says where the run
 * begins.
 */
export function firstOfRun(slab: Slab): Slab {
  // Not stale: the run was complete before anybody had the block. Of a slab that is no tail any
  // other state will do.
  const owner = loadRacy32(slab + Slab.owner);
  return stateOf(owner) === TAIL ? slabAt(owner - TAIL) : slab;
}

/** The run is complete: from now on it belongs to its block. */
export function publishLarge(slab: Slab): void {
  giveUp(slab, LARGE);
}

export function freeLarge(slab: Slab): void {
  claim(slab, ownerOf(slab), self);
  store32(slab + Slab.start, 0);
  releaseTails(slab, pageOfSlab(slab) + 1, load32(slab + Slab.carved) >>> PAGE_SHIFT);
  releaseSlot(slab);
}

/**
 * Extends a run in place up to `to`; the new end is noted first, so that no claimed slab can be
 * forgotten.
 */
export function extendLarge(slab: Slab, from: Page, to: Page): boolean {
  if (!hasPages(to)) return false;
  store32(slab + Slab.carved, addressOf(to));
  if (claimTails(slab, from, to)) return true;
  store32(slab + Slab.carved, addressOf(from));
  return false;
}

/** Claims free slabs for a run, all or none. */
export function claimTails(slab: Slab, from: Page, to: Page): boolean {
  for (let page = from; page < to; page++) {
    if (!claimSlot(page, TAIL | pageOfSlab(slab))) {
      enlivenRun(from, page);
      releaseTails(slab, from, page);
      return false;
    }
  }
  enlivenRun(from, to);
  return true;
}

/** Releases those slabs from `from` on that continue a run. */
export function releaseTails(slab: Slab, from: Page, to: Page): void {
  releaseSlots(from, to, TAIL | pageOfSlab(slab));
}
