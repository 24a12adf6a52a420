/**
 * Remote frees (R3): a block of somebody else's slab is pushed on that slab's remote list, with
 * one compare-and-swap; the owner takes the whole list with one, and counts its blocks as free
 * once.
 *
 * Plain links are right: many push, one takes all, so no link is read while somebody may write
 * it.
 *
 * The word of a list says which block is first and how many there are. So the owner need not walk
 * the list, whose blocks are in the caches of those who freed them: each reaches his when he
 * hands it out, while he does other things too.
 */
import { lowerActive } from "./active";
import { handOver } from "./aside";
import { link, next } from "./block";
import { seeGrowth } from "./growth";
import { assertOwned } from "./guards/ownership-assertion";
import { atomicCas, atomicExchange, load32, loadRacy32, store32 } from "./intrinsics";
import { freeLarge } from "./large-block";
import { NOBODY, pageOfSlab, thread } from "./memory-map";
import { FREED_REMOTE, tally } from "./observe/counters";
import { DRAINED, note, PUSHED } from "./observe/trace-ring";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "./page";
import { Slab, ThreadSlot } from "./records";
import { settle } from "./slab";
import { spec } from "./spec";
import { announce } from "./stages/pending";
import type { Page, Ptr } from "./types";

/** Frees a block of a slab that this thread does not own. */
export function freeForeign(slab: Slab, block: Ptr): void {
  // It does not change while one of the slab's blocks is out, and this one is.
  const blocks = load32(slab + Slab.blocks);
  if (spec.observe.counters) tally(FREED_REMOTE);
  if (spec.observe.events > 0) note(PUSHED, blocks, block);
  if (blocks === 0) freeLarge(slab);
  else pushRemote(slab, block, blocks);
}

/**
 * A remote list's word: below this bit the first block's place in its page, in units of alignment
 * (13 bits at most); above, how many.
 */
const COUNT_SHIFT = spec.pageShift - spec.alignShift;
const ONE_BLOCK = 1 << COUNT_SHIFT;

/** @inline Blocks in a remote list. */
export function remoteBlocks(list: number): number {
  return list >>> COUNT_SHIFT;
}

/** The first block in a remote list of the slab of this page, or 0. */
export function firstRemote(page: Page, list: number): Ptr {
  return list === 0 ? 0 : addressOf(page) + ((list & (ONE_BLOCK - 1)) << spec.alignShift);
}

/** @inline The list with a block before it. */
function withBlock(list: number, block: Ptr): number {
  return (list & -ONE_BLOCK) + (ONE_BLOCK | ((block & (PAGE_BYTES - 1)) >>> spec.alignShift));
}

/** `blocks`: how many the slab has. */
function pushRemote(slab: Slab, block: Ptr, blocks: number): void {
  seeGrowth();
  // Should this thread die before it has announced the block, `reclaim` finds here what to
  // announce.
  if (spec.reclaim && thread !== NOBODY) store32(thread + ThreadSlot.pushing, slab);
  let list = 0;
  // May be stale: the exchange compares.
  let seen = loadRacy32(slab + Slab.remote);
  do {
    list = seen;
    link(block, firstRemote(block >>> PAGE_SHIFT, list));
    seen = atomicCas(slab + Slab.remote, list, withBlock(list, block));
  } while (seen !== list);
  const isLast = spec.threads > 1 && spec.pool.handOver && remoteBlocks(list) + 1 === blocks;
  if (isLast && handOver(slab)) return;
  if (list === 0) announce(slab, false);
}

/**
 * Takes back what others freed into a slab of this thread's. The slab may be released by that.
 * Returns how many steps that took: the remote list is walked only to be put before other free
 * blocks.
 */
export function drainRemote(slab: Slab): number {
  if (spec.guards.ownership) assertOwned(slab);
  // A block pushed this very moment is not missed for good: its announcement is still to come.
  if (loadRacy32(slab + Slab.remote) === 0) return 1;
  const isWalked = load32(slab + Slab.free) !== 0;
  const blocks = takeRemote(slab);
  if (blocks === 0) return 1;
  if (spec.observe.events > 0) note(DRAINED, blocks, addressOf(pageOfSlab(slab)));
  if (spec.activeTracking) lowerActive(slab, blocks);
  lowerUsed(slab, blocks);
  return isWalked ? blocks : 1;
}

/**
 * Moves the remote list to the slab's own; returns how many blocks that were. The list is noted
 * before it is taken, and only what was noted is taken: should this thread die in between, no
 * block is lost.
 */
export function takeRemote(slab: Slab): number {
  if (spec.reclaim) {
    let list = 0;
    let seen = loadRacy32(slab + Slab.remote);
    do {
      list = seen;
      store32(slab + Slab.taking, list);
      seen = atomicCas(slab + Slab.remote, list, 0);
    } while (seen !== list);
    return list === 0 ? 0 : takeNoted(slab);
  } else {
    const list = atomicExchange(slab + Slab.remote, 0);
    return list === 0 ? 0 : putFirst(slab, list);
  }
}

/** Puts the list that was noted before the slab's own. */
export function takeNoted(slab: Slab): number {
  const blocks = putFirst(slab, load32(slab + Slab.taking));
  store32(slab + Slab.taking, 0);
  return blocks;
}

/** Puts a list that was taken before the slab's own; returns how many blocks it has. */
function putFirst(slab: Slab, list: number): number {
  const first = firstRemote(pageOfSlab(slab), list);
  const free = load32(slab + Slab.free);
  if (free !== 0) linkLast(first, free);
  store32(slab + Slab.free, first);
  return remoteBlocks(list);
}

/** Links the last block of a list to the slab's own. */
function linkLast(first: Ptr, free: Ptr): void {
  let last = first;
  let following = next(last);
  // It is linked already if a thread died right here.
  while (following !== 0 && (!spec.reclaim || following !== free)) {
    last = following;
    following = next(last);
  }
  link(last, free);
}

/** `blocks` blocks have come home at once. */
function lowerUsed(slab: Slab, blocks: number): void {
  const left = load32(slab + Slab.left);
  if (blocks < left) {
    store32(slab + Slab.left, left - blocks);
    return;
  }
  store32(slab + Slab.rest, left + load32(slab + Slab.rest) - blocks);
  store32(slab + Slab.left, 0);
  settle(slab, 0);
}
