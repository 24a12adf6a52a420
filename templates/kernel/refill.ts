/**
 * Refill: where blocks come from when a class's tiers have none. The virgin part of the current slab (M4),
 * what was freed into it, then a partial slab (P6), then a new one (P6 stage 0.5, P8, P9).
 */
import { adopt } from "./adopt";
import { next, setHeader } from "./block";
import { collect } from "./idle";
import { load32, store32 } from "./intrinsics";
import { NO_SLAB, NOBODY, thread } from "./memory-map";
import { firstPartial, removePartial } from "./partial";
import { drainOwned, drainPending } from "./pending";
import { Slab, ThreadSlot } from "./records";
import { drainRemote } from "./remote-queue";
import { CLASS_BYTES } from "./size-class";
import { carvedBlocks, isVirgin, newSlab, setFull } from "./slab";
import { spec } from "./spec";
import { stickySlab } from "./sticky";
import { fillList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr } from "./types";
import { forgetVirgin, openVirgin, takeVirgin } from "./virgin";

/** A block of the class, or 0: the heap is full. */
export function refill(c: ClassIndex): Ptr {
  if (spec.threads > 1 && thread === NOBODY) return 0;
  if (spec.tlsSll.on) {
    const block = takeVirgin(c);
    if (block !== 0) return block;
  }
  let slab = sourceOf(c);
  if (slab === 0) {
    collect();
    slab = sourceOf(c);
    if (slab === 0) return 0;
  }
  if (load32(slab + Slab.free) !== 0) return takeFree(slab, c);
  return spec.tlsSll.on ? takeVirgin(c) : carve(slab, c);
}

/** The class's current slab, after it was replaced should it have no blocks left; or 0. */
function sourceOf(c: ClassIndex): Slab {
  const current = thread + ThreadSlot.current + c;
  const last = load32(current);
  if (last !== NO_SLAB) {
    if (spec.threads > 1 && load32(last + Slab.free) === 0) drainRemote(last);
    if (load32(last + Slab.free) !== 0 || (!spec.tlsSll.on && isVirgin(last, c))) return last;
    setFull(last);
    store32(current, NO_SLAB);
    if (spec.threads > 1 && spec.tlsSll.on) forgetVirgin(c);
  }
  let slab =
    (spec.refill.sticky && last !== NO_SLAB ? stickySlab(last, c) : 0) ||
    (spec.threads > 1 ? seekPartial(c) : firstPartial(c));
  if (slab !== 0) removePartial(slab, c);
  else slab = newSlab(c);
  if (slab !== 0) {
    store32(current, slab);
    if (spec.tlsSll.on) openVirgin(slab, c);
  }
  return slab;
}

/** A partial slab, also one that others have freed into or left (P4, P5); or 0. */
function seekPartial(c: ClassIndex): Slab {
  const slab = firstPartial(c);
  if (slab !== 0) return slab;
  if (spec.refill.mailbox) drainPending();
  else drainOwned();
  if (spec.refill.adopt) adopt();
  return firstPartial(c);
}

/** Takes what was freed into a slab: all of it where the thread has a list to hold it, else one block. */
function takeFree(slab: Slab, c: ClassIndex): Ptr {
  const block = load32(slab + Slab.free);
  if (spec.zeroKnowledge) store32(slab + Slab.zero, 0);
  if (spec.tlsSll.on) {
    const carved = carvedBlocks(slab, c);
    const blocks = carved - load32(slab + Slab.left);
    // In this order: of what both show, no block is lost.
    fillList(c, next(block), blocks - 1);
    store32(slab + Slab.free, 0);
    store32(slab + Slab.left, carved);
  } else {
    store32(slab + Slab.free, next(block));
    store32(slab + Slab.left, load32(slab + Slab.left) + 1);
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
 * Whether a block that a refill just returned was never used: it is the last one carved off a zero slab, to
 * which no freed block has come back and gone again.
 */
export function isZeroBlock(c: ClassIndex, block: Ptr): boolean {
  const slab = load32(thread + ThreadSlot.current + c);
  if (load32(slab + Slab.zero) === 0) return false;
  const virgin = spec.tlsSll.on
    ? load32(thread + ThreadSlot.virgin + c)
    : load32(slab + Slab.carved) + spec.headerBytes;
  return block + CLASS_BYTES[c] === virgin;
}
