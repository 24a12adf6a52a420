/**
 * Refill: where blocks come from when a class's tiers have none. The current slab, first what was freed
 * into it, then its virgin part; then a partial slab (P6); then a new one (P8, P9).
 */
import { load32, store32, store8 } from "./intrinsics";
import { link, next } from "./block";
import { collect } from "./idle";
import { NO_SLAB, thread } from "./memory-map";
import { removePartial } from "./partial";
import { Slab, ThreadSlot } from "./records";
import { CLASS_BYTES } from "./size-class";
import { carvedBlocks, endOf, isVirgin, newSlab, setFull } from "./slab";
import { spec } from "./spec";
import { fillList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr } from "./types";

/** Whether the block a refill returned last is known to be zero. */
export let blockIsZero = false;

/** A block of the class, or 0: the heap is full. */
export function refill(c: ClassIndex): Ptr {
  let slab = sourceOf(c);
  if (slab === 0) {
    collect();
    slab = sourceOf(c);
    if (slab === 0) return 0;
  }
  return load32(slab + Slab.free) !== 0 ? takeFree(slab, c) : carve(slab, c);
}

/** The class's current slab, after it was replaced should it have no blocks left; or 0. */
function sourceOf(c: ClassIndex): Slab {
  const current = thread + ThreadSlot.current + c;
  const last = load32(current);
  if (last !== NO_SLAB) {
    if (load32(last + Slab.free) !== 0 || isVirgin(last, c)) return last;
    setFull(last);
    store32(current, NO_SLAB);
  }
  let slab = load32(thread + ThreadSlot.partial + c);
  if (slab !== 0) removePartial(slab, c);
  else slab = newSlab(c);
  if (slab !== 0) store32(current, slab);
  return slab;
}

/** Takes what was freed into a slab: all of it where the thread has a list to hold it, else one block. */
function takeFree(slab: Slab, c: ClassIndex): Ptr {
  if (spec.zeroKnowledge) blockIsZero = false;
  const block = load32(slab + Slab.free);
  if (spec.tlsSll.on) {
    const carved = carvedBlocks(slab, c);
    store32(slab + Slab.free, 0);
    fillList(c, next(block), carved - load32(slab + Slab.left) - 1);
    store32(slab + Slab.left, carved);
  } else {
    store32(slab + Slab.free, next(block));
    store32(slab + Slab.left, load32(slab + Slab.left) + 1);
  }
  return block;
}

/** Carves blocks off the virgin part of a slab: one to return and, for the thread's list, a few more. */
function carve(slab: Slab, c: ClassIndex): Ptr {
  if (spec.zeroKnowledge) blockIsZero = load32(slab + Slab.zero) !== 0;
  const bytes = CLASS_BYTES[c];
  const start = load32(slab + Slab.carved);
  let carved = start + bytes;
  let count = 1;
  setHeader(start + spec.headerBytes, c);
  if (spec.tlsSll.on) {
    const end = endOf(slab, c);
    const batch = start + spec.slab.carveBytes;
    const limit = (batch < end ? batch : end) - bytes;
    if (carved <= limit) {
      const first = carved + spec.headerBytes;
      while (carved + bytes <= limit) {
        link(carved + spec.headerBytes, carved + bytes + spec.headerBytes);
        setHeader(carved + spec.headerBytes, c);
        carved += bytes;
        count++;
      }
      link(carved + spec.headerBytes, 0);
      setHeader(carved + spec.headerBytes, c);
      carved += bytes;
      count++;
      fillList(c, first, count - 1);
    }
  }
  store32(slab + Slab.carved, carved);
  store32(slab + Slab.left, load32(slab + Slab.left) + count);
  return start + spec.headerBytes;
}

/** M5: notes a block's class in the byte before it. */
export function setHeader(block: Ptr, c: ClassIndex): void {
  if (spec.headerBytes > 0) store8(block - 1, c);
}
