/**
 * Remote frees (R3): a block of somebody else's slab is pushed on that slab's remote list, with one
 * compare-and-swap; the owner takes the whole list with one, and counts its blocks as free once.
 *
 * Plain links are right: many push, one takes all, so no link is read while somebody may write it.
 */
import { lowerActive } from "./active";
import { link, next } from "./block";
import { seeGrowth } from "./growth";
import { atomicCas, atomicExchange, load32, loadRacy32, store32 } from "./intrinsics";
import { freeLarge } from "./large-block";
import { NOBODY, thread } from "./memory-map";
import { Slab, ThreadSlot } from "./records";
import { settle } from "./slab";
import { spec } from "./spec";
import { announce } from "./stages/pending";
import type { Ptr } from "./types";

/** Frees a block of a slab that this thread does not own. */
export function freeForeign(slab: Slab, block: Ptr): void {
  // The class does not change while one of the slab's blocks is out, and this one is.
  if (load32(slab + Slab.class) === 0) freeLarge(slab);
  else pushRemote(slab, block);
}

function pushRemote(slab: Slab, block: Ptr): void {
  seeGrowth();
  // Should this thread die before it has announced the block, `reclaim` finds here what to announce.
  if (spec.reclaim && thread !== NOBODY) store32(thread + ThreadSlot.pushing, slab);
  let head = 0;
  // May be stale: the exchange compares.
  let seen = loadRacy32(slab + Slab.remote);
  do {
    head = seen;
    link(block, head);
    seen = atomicCas(slab + Slab.remote, head, block);
  } while (seen !== head);
  if (head === 0) announce(slab);
}

/** Takes back what others freed into a slab of this thread's. The slab may be released by that. */
export function drainRemote(slab: Slab): void {
  // A block pushed this very moment is not missed for good: its announcement is still to come.
  if (loadRacy32(slab + Slab.remote) === 0) return;
  const blocks = takeRemote(slab);
  if (blocks === 0) return;
  if (spec.activeTracking) lowerActive(slab, blocks);
  lowerUsed(slab, blocks);
}

/**
 * Moves the remote list to the slab's own; returns how many blocks that were. The head is noted before it is
 * taken, and only what was noted is taken: if this thread dies in between, `reclaim` loses no block.
 */
export function takeRemote(slab: Slab): number {
  if (spec.reclaim) {
    let head = 0;
    let seen = loadRacy32(slab + Slab.remote);
    do {
      head = seen;
      store32(slab + Slab.taking, head);
      seen = atomicCas(slab + Slab.remote, head, 0);
    } while (seen !== head);
    return head === 0 ? 0 : takeNoted(slab);
  } else {
    const first = atomicExchange(slab + Slab.remote, 0);
    return first === 0 ? 0 : putFirst(slab, first);
  }
}

/** Where nobody dies, nothing is noted: puts a list before the slab's own. */
function putFirst(slab: Slab, first: Ptr): number {
  let blocks = 1;
  let last = first;
  for (let following = next(first); following !== 0; following = next(last)) {
    last = following;
    blocks++;
  }
  link(last, load32(slab + Slab.free));
  store32(slab + Slab.free, first);
  return blocks;
}

/** Puts the list that was noted before the slab's own. */
export function takeNoted(slab: Slab): number {
  const first = load32(slab + Slab.taking);
  const free = load32(slab + Slab.free);
  let blocks = 1;
  let last = first;
  // It ends in the slab's own list already if a thread died right here.
  for (let following = next(last); following !== 0 && following !== free; following = next(last)) {
    last = following;
    blocks++;
  }
  link(last, free);
  store32(slab + Slab.free, first);
  store32(slab + Slab.taking, 0);
  return blocks;
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
  settle(slab);
}
