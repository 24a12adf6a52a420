/**
 * Idle memory: blocks and slabs that are free but kept where they are handed out fastest. They are collected
 * before the heap touches new pages, and all the more before it says that it is full.
 */

import { load32, loadRacy32, store32 } from "./intrinsics";
import {
  firstPage,
  NO_SLAB,
  SUPER_SLAB_PAGES,
  self,
  slabAt,
  slabOfPage,
  thread,
  usedPages,
} from "./memory-map";
import { openGate } from "./pool/mmap-gate";
import { Slab, ThreadSlot } from "./records";
import { drainRemote } from "./remote-queue";
import { endOf, releaseSlab } from "./slab";
import { spec } from "./spec";
import { adopt } from "./stages/adopt";
import { releaseEmpties } from "./stages/empty";
import { addPartial, isPartial } from "./stages/partial";
import { forgetSticky } from "./stages/sticky";
import { drainTiers } from "./tiers/tiers";
import { closeVirgin, virginBlocks } from "./virgin";

/** Releases the slabs that are empty but kept. Returns whether there were any. */
export function releaseIdleSlabs(): boolean {
  let released = spec.pool.emptySlabs > 0 && releaseEmpties();
  for (let c = 1; c <= spec.classCount; c++) {
    const slab = load32(thread + ThreadSlot.current + c);
    if (slab !== NO_SLAB && load32(slab + Slab.left) === (spec.tlsSll.on ? virginBlocks(thread, c) : 0)) {
      if (spec.tlsSll.on) closeVirgin(slab, c);
      store32(thread + ThreadSlot.current + c, NO_SLAB);
      if (spec.refill.sticky) forgetSticky(slab, c);
      releaseSlab(slab, endOf(slab, c));
      released = true;
    }
  }
  return released;
}

/** @inline Whether idle blocks are worth collecting for a run: they seldom leave whole SuperSlabs. */
export function mayFitIdle(pages: number): boolean {
  return spec.cacheLast === 0 || pages <= SUPER_SLAB_PAGES;
}

/** Releases what is idle before new pages are touched. Returns whether pages may have become free. */
export function releaseIdle(): boolean {
  if (spec.cacheLast > 0 && mayEmptySlabs()) {
    releaseCaches();
    return true;
  }
  return releaseIdleSlabs();
}

/** @inline Whether draining the caches may empty a slab: known where active blocks are counted (R5). */
function mayEmptySlabs(): boolean {
  return !spec.activeTracking || load32(thread + ThreadSlot.inactive) !== 0;
}

/** Collects every free block and slab this thread keeps. */
export function releaseCaches(): void {
  if (spec.cacheLast > 0 || spec.tlsSll.on) drainTiers();
  if (spec.activeTracking) store32(thread + ThreadSlot.inactive, 0);
  releaseIdleSlabs();
}

/** The heap seems full: collects all there is, full slabs with a few free blocks included. */
export function collect(): void {
  releaseCaches();
  if (spec.threads > 1) {
    store32(thread + ThreadSlot.adopted, 0);
    adopt();
  }
  if (spec.refill.mmapGate > 0) openGate();
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = spec.threads > 1 ? slabAt(page) : slabOfPage(page);
    if (spec.threads > 1) {
      if (loadRacy32(slab + Slab.owner) !== self) continue;
      drainRemote(slab);
      // The drain may have released it: then it may be somebody else's by now.
      if (loadRacy32(slab + Slab.owner) !== self) continue;
    } else if (slab === 0 || load32(slab + Slab.start) === 0) {
      // No slab has had the page, or that one is gone.
      continue;
    }
    if (load32(slab + Slab.free) !== 0) offer(slab);
  }
}

/** Offers the blocks of a slab for refills, if that is not done already. */
function offer(slab: Slab): void {
  const c = load32(slab + Slab.class);
  if (isPartial(slab, c) || slab === load32(thread + ThreadSlot.current + c)) return;
  store32(slab + Slab.left, load32(slab + Slab.left) + load32(slab + Slab.rest));
  store32(slab + Slab.rest, 0);
  addPartial(slab, c);
}
