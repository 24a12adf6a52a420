/**
 * Surrender: everything a thread keeps goes back, its blocks to their slabs, empty slabs to the
 * pool, the others to whoever adopts them. A thread that leaves does it itself; for one that died
 * another does it.
 *
 * Counts are not believed but made anew, from the lists themselves: a thread that died left the
 * lists whole, but perhaps a count behind.
 */
import { isAsideOf } from "./aside";
import { next } from "./block";
import { atomicLoad, load32, loadRacy32, store32 } from "./intrinsics";
import { releaseTails } from "./large-block";
import {
  ABANDONED_BOX,
  firstPage,
  NO_SLAB,
  pageOfSlab,
  setRouteOf,
  slabAt,
  thread,
  usedPages,
} from "./memory-map";
import { ABANDONED, ACTIVE, claim, giveUp } from "./ownership";
import { PAGE_SHIFT } from "./page";
import { releaseSlot } from "./pool/release";
import { Slab, ThreadSlot } from "./records";
import { firstRemote, takeNoted, takeRemote } from "./remote-queue";
import { carvedBlocks, endOf, releaseSlab } from "./slab";
import { spec } from "./spec";
import { post } from "./stages/pending";
import { returnCached } from "./tiers/tiers";

/** `owner` is what the slabs of the thread in that slot have for an owner. */
export function surrender(slot: ThreadSlot, owner: number): void {
  for (let c = 1; c <= spec.classCount; c++) {
    if (spec.cacheLast > 0 || spec.tlsSll.on) returnCached(slot, c);
    if (spec.tlsSll.on) returnVirgin(slot, c);
    store32(slot + ThreadSlot.current + c, NO_SLAB);
    store32(slot + ThreadSlot.partial + c, 0);
    if (spec.slab.waits) store32(slot + ThreadSlot.waiting + c, 0);
    if (spec.refill.sticky) store32(slot + ThreadSlot.sticky + c, 0);
    if (spec.refill.hotSlot) store32(slot + ThreadSlot.hotSlot + c, 0);
    if (spec.refill.benchSlot) store32(slot + ThreadSlot.benchSlot + c, 0);
  }
  if (spec.pool.emptySlabs > 0) {
    store32(slot + ThreadSlot.empty, 0);
    store32(slot + ThreadSlot.empties, 0);
  }
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    // No other thread gives slabs to this owner: what is read here is what its own thread wrote
    // last.
    const seen = loadRacy32(slab + Slab.owner);
    const isOwned =
      seen === owner ||
      (spec.threads > 1 && spec.pool.handOver && isAsideOf(seen, owner - ACTIVE) && claim(slab, seen, owner));
    if (isOwned) surrenderSlab(slab);
    // A slab that this thread set aside and lost may still lead to its list.
    if (spec.routes && slot === thread) setRouteOf(page, 0);
  }
}

/** The virgin part that a thread had opened is carved no longer. */
function returnVirgin(slot: ThreadSlot, c: number): void {
  const virgin = load32(slot + ThreadSlot.virgin + c);
  if (virgin !== 0) store32(load32(slot + ThreadSlot.current + c) + Slab.carved, virgin - spec.headerBytes);
  store32(slot + ThreadSlot.virgin + c, 0);
  store32(slot + ThreadSlot.virginEnd + c, 0);
}

function surrenderSlab(slab: Slab): void {
  if (spec.reclaim && (load32(slab + Slab.start) === 0 || load32(slab + Slab.class) === 0)) {
    // Claimed and not set up, or a large block before it was handed out or after it was freed:
    // with its whole run.
    store32(slab + Slab.start, 0);
    releaseTails(slab, pageOfSlab(slab) + 1, load32(slab + Slab.carved) >>> PAGE_SHIFT);
    releaseSlot(slab);
    return;
  }
  takeRemote(slab);
  const out = carvedBlocks(slab, load32(slab + Slab.class)) - lengthOf(load32(slab + Slab.free));
  store32(slab + Slab.left, out);
  store32(slab + Slab.rest, 0);
  if (spec.activeTracking) store32(slab + Slab.active, out);
  store32(slab + Slab.previous, 0);
  if (out === 0) {
    releaseSlab(slab, endOf(slab, load32(slab + Slab.class)));
  } else {
    giveUp(slab, ABANDONED);
    post(ABANDONED_BOX, pageOfSlab(slab), false);
  }
}

/** Finishes what a thread that died was doing to a slab of its own: a drain. */
export function finishDrain(slab: Slab): void {
  const taking = load32(slab + Slab.taking);
  if (taking === 0) return;
  const page = pageOfSlab(slab);
  const first = firstRemote(page, taking);
  let block = firstRemote(page, atomicLoad(slab + Slab.remote));
  while (block !== 0 && block !== first) block = next(block);
  // Still in the remote list, it was not taken; first in the slab's own list, it was taken and
  // put there.
  if (block === first || load32(slab + Slab.free) === first) store32(slab + Slab.taking, 0);
  else takeNoted(slab);
}

function lengthOf(list: number): number {
  let blocks = 0;
  for (let block = list; block !== 0; block = next(block)) blocks++;
  return blocks;
}
