/** malloc, calloc, memalign: a cached block of the size's class, else a refill; above the classes, pages. */

import { next } from "./block";
import { clearBytes } from "./bytes";
import { load32, store32 } from "./intrinsics";
import { thread } from "./memory-map";
import { PAGE_BYTES, PAGE_SHIFT } from "./page";
import { isNoSize, pageBlock } from "./page-block";
import { runIsZero } from "./page-run";
import { isNew } from "./pool/acquire";
import { Slab, ThreadSlot } from "./records";
import { isZeroBlock, refill } from "./refill";
import { ALIGNMENT, CLASS_BYTES, classOf, MAX_CLASS_BYTES } from "./size-class";
import { spec } from "./spec";
import { firstInList, popList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr, Size } from "./types";

export function malloc(size: Size): Ptr {
  if (isNoSize(size) || size > MAX_CLASS_BYTES) return pageBlock(size, ALIGNMENT);
  return allocate(classOf(size));
}

export function calloc(count: number, size: Size): Ptr {
  const bytes = count * size;
  if (isNoSize(count) || isNoSize(size) || isNoSize(bytes)) return 0;
  if (bytes > MAX_CLASS_BYTES) {
    const block = pageBlock(bytes, ALIGNMENT);
    if (block !== 0 && !(spec.zeroKnowledge && isZeroRun(block, bytes))) clearBytes(block, bytes);
    return block;
  }
  const c = classOf(bytes);
  const refilled = spec.zeroKnowledge && !isCached(c);
  const block = allocate(c);
  if (block !== 0 && !(refilled && isZeroBlock(c, block))) clearBytes(block, bytes);
  return block;
}

/** Blocks of a class that is a multiple of the alignment are aligned, since slabs start at pages. */
export function memalign(alignment: number, size: Size): Ptr {
  if (isNoSize(size) || isNoSize(alignment) || alignment === 0 || (alignment & (alignment - 1)) !== 0)
    return 0;
  if (alignment <= ALIGNMENT) return malloc(size);
  if (spec.headerBytes === 0 && alignment <= PAGE_BYTES && size <= MAX_CLASS_BYTES) {
    let c = classOf(size);
    while (c <= spec.classCount && (CLASS_BYTES[c] & (alignment - 1)) !== 0) c++;
    if (c <= spec.classCount) return allocate(c);
  }
  return pageBlock(size, alignment);
}

/** @inline Whether the page block just taken was never used. */
function isZeroRun(block: Ptr, bytes: Size): boolean {
  return spec.threads > 1 ? isNew(block >>> PAGE_SHIFT, Math.ceil(bytes / PAGE_BYTES)) : runIsZero;
}

/** Whether the front tiers hold a block of the class. */
function isCached(c: ClassIndex): boolean {
  if (spec.tlsSll.on) return firstInList(c) !== 0;
  return load32(load32(thread + ThreadSlot.current + c) + Slab.free) !== 0;
}

/** A block of the class, or 0: what the front tiers hold, else a refill. */
function allocate(c: ClassIndex): Ptr {
  if (spec.tlsSll.on) {
    const block = firstInList(c);
    if (block === 0) return refill(c);
    popList(c, block);
    return block;
  }
  const slab = load32(thread + ThreadSlot.current + c);
  const block = load32(slab + Slab.free);
  if (block === 0) return refill(c);
  store32(slab + Slab.free, next(block));
  store32(slab + Slab.left, load32(slab + Slab.left) + 1);
  return block;
}
