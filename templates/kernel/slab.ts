/**
 * Slabs: pages cut into the blocks of one class. A virgin slab is carved from its start (M4);
 * what is freed goes to the slab's own list (R2).
 */

import { freeAside, isAsideList } from "./aside";
import { link } from "./block";
import { free } from "./free";
import { haveViewsGone } from "./growth";
import { forgetBlocks } from "./guards/block-states";
import { assertOwned } from "./guards/ownership-assertion";
import { atomicStore, load32, store32 } from "./intrinsics";
import { isList, setSlabOf, slabAt, thread } from "./memory-map";
import { addressOf, PAGE_SHIFT } from "./page";
import { releaseRun, runIsZero, takeRun } from "./page-run";
import { acquireSlab, isNew } from "./pool/acquire";
import { releaseToPool } from "./pool/release";
import { Slab, ThreadSlot } from "./records";
import { CLASS_BYTES, pagesOfSlab } from "./size-class";
import { spec } from "./spec";
import { keepEmpty } from "./stages/empty";
import { addPartial, addWaiting, isListed, unlist } from "./stages/partial";
import { forgetSticky } from "./stages/sticky";
import { forgetHint } from "./tiers/tls-hint";
import { routeSlab, trimList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr } from "./types";

/** Bytes of a slab, where all are of one length. */
const SLAB_BYTES = addressOf(spec.slab.pages);

/** A virgin slab for a class, or 0: no room. */
export function newSlab(c: ClassIndex): Slab {
  const pages = pagesOfSlab(c);
  const page = spec.threads > 1 ? acquireSlab(c) : takeRun(pages, 1);
  if (page === 0) return 0;
  const slab = slabAt(page);
  const start = addressOf(page);
  store32(slab + Slab.free, 0);
  store32(slab + Slab.left, 0);
  store32(slab + Slab.rest, 0);
  store32(slab + Slab.class, c);
  if (spec.threads > 1) tellBlocks(slab, c);
  store32(slab + Slab.carved, start);
  store32(slab + Slab.previous, 0);
  if (spec.activeTracking) store32(slab + Slab.active, 0);
  if (spec.zeroKnowledge) {
    const isZero = spec.threads > 1 ? isNew(page, 1) : runIsZero;
    store32(slab + Slab.zero, isZero ? 1 : 0);
  }
  if (spec.threads === 1) {
    for (let i = 0; i < pages; i++) setSlabOf(page + i, slab);
  }
  if (spec.routes) routeSlab(slab, c);
  if (spec.guards.states) forgetBlocks(start, start + addressOf(pages));
  // Last: a slab that has a start is set up.
  store32(slab + Slab.start, start);
  return slab;
}

/**
 * Those who free a block of a slab without being its owner are told how many it has from now on.
 */
export function tellBlocks(slab: Slab, c: ClassIndex): void {
  atomicStore(slab + Slab.blocks, (SLAB_BYTES / CLASS_BYTES[c]) >>> 0);
}

/**
 * Puts a block back into its slab, which is looked at when it may have become empty, or useful
 * again. {@when spec.listRoutes} Or onto a list: it begins as a slab does (R1). {@end}
 */
export function freeToSlab(slab: Slab, block: Ptr): void {
  if (spec.threads > 1 && spec.guards.ownership && !(spec.routes && isList(slab))) assertOwned(slab);
  link(block, load32(slab + Slab.free));
  store32(slab + Slab.free, block);
  const left = load32(slab + Slab.left) - 1;
  store32(slab + Slab.left, left);
  if (spec.viewsMayGo ? !(left > 0) : left === 0) settle(slab, block);
}

/** Whether the slab has a virgin part that holds another block. */
export function isVirgin(slab: Slab, c: ClassIndex): boolean {
  return load32(slab + Slab.carved) + CLASS_BYTES[c] <= endOf(slab, c);
}

/** Address behind the pages of a slab. */
export function endOf(slab: Slab, c: ClassIndex): Ptr {
  return load32(slab + Slab.start) + (spec.slab.uniform ? SLAB_BYTES : addressOf(pagesOfSlab(c)));
}

/** Blocks carved off a slab so far. */
export function carvedBlocks(slab: Slab, c: ClassIndex): number {
  return ((load32(slab + Slab.carved) - load32(slab + Slab.start)) / CLASS_BYTES[c]) >>> 0;
}

/**
 * Every block of the current slab is out: it is looked at again when the first one comes back.
 */
export function setFull(slab: Slab): void {
  if (spec.threads > 1 && spec.guards.ownership) assertOwned(slab);
  store32(slab + Slab.rest, load32(slab + Slab.left) - 1);
  store32(slab + Slab.left, 1);
}

/**
 * `left` has come to 0 by a free of `block`: the slab is empty, or a full one has blocks to offer
 * again.
 */
export function settle(slab: Slab, block: Ptr): void {
  if (haveViewsGone()) {
    free(block);
    return;
  }
  if ((spec.listRoutes || (spec.routes && spec.threads > 1 && spec.pool.handOver)) && isList(slab)) {
    if (spec.threads > 1 && spec.pool.handOver && isAsideList(slab)) freeAside(block);
    else if (spec.listRoutes) trimList(slab);
    return;
  }
  const c = load32(slab + Slab.class);
  const rest = load32(slab + Slab.rest);
  if (rest !== 0) {
    if (spec.slab.waits) {
      rejoin(slab, c, rest);
    } else {
      store32(slab + Slab.left, rest);
      store32(slab + Slab.rest, 0);
      addPartial(slab, c);
    }
  } else if (spec.threads === 1 && c === 0) {
    releaseSlab(slab, load32(slab + Slab.carved));
  } else if (slab !== load32(thread + ThreadSlot.current + c)) {
    if (isListed(slab, c)) unlist(slab, c);
    if (spec.refill.sticky) forgetSticky(slab, c);
    if (!(spec.pool.emptySlabs > 0 && pagesOfSlab(c) === spec.slab.pages && keepEmpty(slab))) {
      releaseSlab(slab, endOf(slab, c));
    }
  }
}

/**
 * Blocks have come back to a full slab: with enough of them it is offered for refills; until then
 * it waits.
 */
function rejoin(slab: Slab, c: ClassIndex, rest: number): void {
  const carved = carvedBlocks(slab, c);
  const some = carved >>> spec.slab.rejoinShift;
  const enough = (some === 0 ? 1 : some) + rest;
  const listed = isListed(slab, c);
  if (enough > carved) {
    const missing = enough - carved;
    store32(slab + Slab.left, missing);
    store32(slab + Slab.rest, rest - missing);
    if (!listed) addWaiting(slab, c);
  } else {
    store32(slab + Slab.left, rest);
    store32(slab + Slab.rest, 0);
    if (listed) unlist(slab, c);
    addPartial(slab, c);
  }
}

/** Gives the pages of an empty slab back (L3). */
export function releaseSlab(slab: Slab, end: Ptr): void {
  if (spec.tlsHint) forgetHint();
  if (spec.threads > 1) {
    releaseToPool(slab);
  } else {
    const start = load32(slab + Slab.start);
    store32(slab + Slab.start, 0);
    releaseRun(start >>> PAGE_SHIFT, (end - start) >>> PAGE_SHIFT);
  }
}
