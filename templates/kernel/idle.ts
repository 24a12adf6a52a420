/**
 * Idle memory: blocks and slabs that are free but kept where they are handed out fastest. They
 * are collected before the heap touches new pages, and all the more before it says that it is
 * full.
 */

import { haveViewsGone } from "./growth";
import { emptyQuarantine } from "./guards/quarantine";
import { load32, store32 } from "./intrinsics";
import { ABANDONED_BOX, NO_SLAB, SUPER_SLAB_PAGES, thread } from "./memory-map";
import { openGate } from "./pool/mmap-gate";
import { Slab, ThreadSlot } from "./records";
import { endOf, releaseSlab } from "./slab";
import { spec } from "./spec";
import { releaseEmpties } from "./stages/empty";
import { takeAnnounced, takeFreedByOthers } from "./stages/pending";
import { forgetSticky } from "./stages/sticky";
import { drainTiers } from "./tiers/tiers";
import { closeVirgin, virginBlocks } from "./virgin";

/**
 * Blocks of lists without a cap that a call gives back to their slabs: before it touches new
 * pages, …
 */
const BLOCKS_BEFORE_NEW_PAGES = 1024;
/** … and before it says that the heap is full. */
const BLOCKS_OF_A_FULL_HEAP = 2048;

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

/**
 * @inline Whether idle blocks are worth collecting for a run: they seldom leave whole SuperSlabs.
 */
export function mayFitIdle(pages: number): boolean {
  return spec.cacheLast === 0 || pages <= SUPER_SLAB_PAGES;
}

/**
 * Releases what is idle before new pages are touched. Returns whether pages may have become free.
 */
export function releaseIdle(): boolean {
  const taken = spec.threads > 1 && takeBackAll();
  if (spec.cacheLast > 0 && mayEmptySlabs()) {
    releaseSome(BLOCKS_BEFORE_NEW_PAGES);
    return true;
  }
  return releaseIdleSlabs() || taken;
}

/**
 * Takes back what others have freed into this thread's slabs, and slabs that nobody owns. Returns
 * whether there was anything.
 */
function takeBackAll(): boolean {
  const taken = takeFreedByOthers();
  return takeAnnounced(ABANDONED_BOX) || taken;
}

/**
 * @inline Whether draining the caches may empty a slab: known where active blocks are counted
 * (R5).
 */
function mayEmptySlabs(): boolean {
  return !spec.activeTracking || load32(thread + ThreadSlot.inactive) !== 0;
}

/** Collects every free block and slab this thread keeps. */
export function releaseCaches(): void {
  haveViewsGone();
  if (spec.guards.quarantineBytes > 0) emptyQuarantine();
  releaseSome(0xffffffff);
}

/** The same, of lists without a cap up to `most` blocks: the next ones each time. */
function releaseSome(most: number): void {
  if (spec.cacheLast > 0 || spec.tlsSll.on) {
    const isAll = drainTiers(most);
    if (spec.activeTracking && isAll) store32(thread + ThreadSlot.inactive, 0);
  }
  releaseIdleSlabs();
}

/** The heap seems full: collects all that this thread keeps. */
export function collect(): void {
  releaseSome(BLOCKS_OF_A_FULL_HEAP);
  if (spec.threads > 1) takeBackAll();
  if (spec.refill.mmapGate > 0) openGate();
}
