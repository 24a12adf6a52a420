/**
 * Refill: where blocks come from when a class has none at hand. What was freed into the current
 * slab, then another slab, from the first stage that has one.
 */
import { isWorthSettingAside, setAside } from "./aside";
import { next, setHeader } from "./block";
import { haveViewsGone } from "./growth";
import { assertOwned } from "./guards/ownership-assertion";
import { collect } from "./idle";
import { load32, store32 } from "./intrinsics";
import { someBlock } from "./malloc";
import { NO_SLAB, NOBODY, thread } from "./memory-map";
import { CLASS_REFILLED, FROM_CURRENT, fromStage, HEAP_FULL, tally, tallyClass } from "./observe/counters";
import { Slab, ThreadSlot } from "./records";
import { drainRemote } from "./remote-queue";
import { CLASS_BYTES } from "./size-class";
import { carvedBlocks, isVirgin, setFull } from "./slab";
import { spec } from "./spec";
import { nextSlab } from "./stages/stages";
import { takeFreed } from "./tiers/tiers";
import { fillList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr } from "./types";
import { forgetVirgin, openVirgin, takeVirgin } from "./virgin";

/** A block of the class, or 0: the heap is full. */
export function refill(c: ClassIndex): Ptr {
  if (haveViewsGone()) return someBlock(c);
  if (spec.threads > 1 && thread === NOBODY) return 0;
  let slab = sourceOf(c);
  if (slab === 0) {
    collect();
    slab = sourceOf(c);
    if (spec.observe.counters && slab === 0) tally(HEAP_FULL);
    if (slab === 0) return 0;
  }
  if (spec.observe.countsClasses) tallyClass(c, CLASS_REFILLED);
  if (spec.threads > 1 && spec.guards.ownership) assertOwned(slab);
  if (spec.zeroKnowledge && load32(slab + Slab.free) !== 0) store32(slab + Slab.zero, 0);
  return spec.tlsSll.on ? takeAllFreed(slab, c) || takeVirgin(c) : takeFreed(c) || carve(slab, c);
}

/** The class's current slab, after it was replaced should it have no blocks left; or 0. */
function sourceOf(c: ClassIndex): Slab {
  const current = thread + ThreadSlot.current + c;
  const last = load32(current);
  if (last !== NO_SLAB) {
    if (spec.threads > 1 && load32(last + Slab.free) === 0) drainRemote(last);
    if (load32(last + Slab.free) !== 0 || (!spec.tlsSll.on && isVirgin(last, c)))
      return spec.observe.counters ? fromStage(FROM_CURRENT, c, last) : last;
    const isWorth = spec.threads > 1 && spec.pool.handOver && isWorthSettingAside(last, c);
    setFull(last);
    // In this order: of a virgin part that is still noted the slab is still current.
    if (spec.threads > 1 && spec.tlsSll.on) forgetVirgin(c);
    store32(current, NO_SLAB);
    if (isWorth) setAside(last);
  }
  const slab = nextSlab(c, last);
  if (slab !== 0) {
    if (spec.threads > 1 && spec.pool.handOver)
      store32(thread + ThreadSlot.outBefore + c, load32(slab + Slab.left));
    store32(current, slab);
    if (spec.tlsSll.on) openVirgin(slab, c);
  }
  return slab;
}

/**
 * Takes all that was freed into the current slab: one block for the user, or 0, the others for
 * the thread's list.
 */
function takeAllFreed(slab: Slab, c: ClassIndex): Ptr {
  const block = load32(slab + Slab.free);
  if (block !== 0) {
    const carved = carvedBlocks(slab, c);
    const blocks = carved - load32(slab + Slab.left);
    // In this order: of what both show, no block is lost.
    fillList(c, next(block), blocks - 1);
    store32(slab + Slab.free, 0);
    store32(slab + Slab.left, carved);
  }
  return block;
}

/** Carves one block off the virgin part of a slab. */
function carve(slab: Slab, c: ClassIndex): Ptr {
  const start = load32(slab + Slab.carved);
  store32(slab + Slab.carved, start + CLASS_BYTES[c]);
  store32(slab + Slab.left, load32(slab + Slab.left) + 1);
  const block = start + spec.headerBytes;
  setHeader(block, c);
  return block;
}

/**
 * Whether a block that a refill just returned was never used: it is the last one carved off a
 * zero slab, to which no freed block has come back and gone again.
 */
export function isZeroBlock(c: ClassIndex, block: Ptr): boolean {
  const slab = load32(thread + ThreadSlot.current + c);
  if (load32(slab + Slab.zero) === 0) return false;
  const virgin = spec.tlsSll.on
    ? load32(thread + ThreadSlot.virgin + c)
    : load32(slab + Slab.carved) + spec.headerBytes;
  return block + CLASS_BYTES[c] === virgin;
}
