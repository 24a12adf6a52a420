/**
 * free: {@when spec.freesByPage} each page has a note that says where its blocks go
 * {@when spec.listRoutes}: to the list of their class, or {@else}: {@end} to their slab.
 * A test of the class instead would be guessed wrong by the processor again and again.
 * {@when spec.manyThreads} Each thread has notes of its own: a page without one belongs to
 * another thread. {@end} {@else} the first tier that keeps the block has it, otherwise its slab.
 * {@end}
 */
import { lowerActive } from "./active";
import { takeBack } from "./aside";
import { load8, load32, loadRacy32 } from "./intrinsics";
import { firstOfRun } from "./large-block";
import { isList, routeOf, self, slabOf } from "./memory-map";
import { CLASS_FREED, FREED_TO_SLAB, FREED_TO_TIER, tally, tallyClass } from "./observe/counters";
import { Slab } from "./records";
import { freeForeign } from "./remote-queue";
import { freeToSlab } from "./slab";
import { spec } from "./spec";
import { keepCached } from "./tiers/tiers";
import { hintedSlab, isOther, setHint } from "./tiers/tls-hint";
import type { ClassIndex, Ptr } from "./types";

/** The classes that some tier keeps. */
const FIRST_CACHED: ClassIndex = spec.cacheFirst;
const LAST_CACHED: ClassIndex = spec.cacheLast;

export function free(ptr: Ptr): void {
  if (spec.threads > 1 && spec.freesByPage) {
    const route = routeOf(ptr);
    if (spec.observe.counters && route !== 0) tally(isList(route) ? FREED_TO_TIER : FREED_TO_SLAB);
    if (route !== 0) freeToSlab(route, ptr);
    else if (ptr !== 0) freeForeign(slabOf(ptr), ptr);
  } else if (spec.freesByPage) {
    if (spec.observe.counters && ptr !== 0) tally(isList(routeOf(ptr)) ? FREED_TO_TIER : FREED_TO_SLAB);
    if (ptr !== 0) freeToSlab(routeOf(ptr), ptr);
  } else if (ptr !== 0) {
    freeBySlab(ptr);
  }
}

/** Finds the block's slab, whose that is, and a tier that keeps the block. */
function freeBySlab(ptr: Ptr): void {
  const slab = spec.tlsHint ? hintedSlab(ptr) : slabOf(ptr);
  // May be stale: but only this thread makes a slab its own, and its own writes it sees.
  if (
    spec.threads > 1 &&
    (!spec.tlsHint || isOther(slab)) &&
    loadRacy32(slab + Slab.owner) !== self &&
    !(spec.threads > 1 && spec.pool.handOver && takeBack(slab))
  ) {
    freeForeign(spec.headerBytes > 0 ? firstOfRun(slab) : slab, ptr);
    return;
  }
  if (spec.tlsHint) setHint(ptr, slab);
  const c = classOfBlock(slab, ptr);
  if (spec.activeTracking && (spec.threads > 1 || c !== 0)) lowerActive(slab, 1);
  const kept = spec.cacheLast > 0 && isRouted(c) && keepCached(slab, c, ptr);
  if (spec.observe.counters) tally(kept ? FREED_TO_TIER : FREED_TO_SLAB);
  if (spec.observe.countsClasses) tallyClass(c, CLASS_FREED);
  if (!kept) freeToSlab(slab, ptr);
}

/** @inline R1: whether some tier keeps blocks of the class; pages are of class 0. */
function isRouted(c: ClassIndex): boolean {
  return c >= FIRST_CACHED && (spec.cacheLast === spec.classCount || c <= LAST_CACHED);
}

/** @inline The class of a block, from its header (M5) or its slab. */
function classOfBlock(slab: Slab, block: Ptr): ClassIndex {
  return spec.headerBytes > 0 ? load8(block - 1) : load32(slab + Slab.class);
}
