/**
 * malloc, calloc, memalign: a block of the size's class from the first tier that has one, else a
 * refill; above the classes, pages.
 */

import { raiseActive } from "./active";
import { clearBytes } from "./bytes";
import { ceilDiv, productOverflows } from "./intrinsics";
import { CLASS_ALLOCATED, tallyClass } from "./observe/counters";
import { PAGE_BYTES, PAGE_SHIFT } from "./page";
import { isNoSize, pageBlock } from "./page-block";
import { runIsZero } from "./page-run";
import { isNew } from "./pool/acquire";
import { isZeroBlock, refill } from "./refill";
import { ALIGNMENT, CLASS_BYTES, classOf, MAX_CLASS_BYTES } from "./size-class";
import { spec } from "./spec";
import { takeCached } from "./tiers/tiers";
import type { ClassIndex, Ptr, Size } from "./types";
import { takeFresh } from "./virgin";

export function malloc(size: Size): Ptr {
  if (isNoSize(size) || size > MAX_CLASS_BYTES) return pageBlock(size, ALIGNMENT) >>> 0;
  return allocate(classOf(size));
}

export function calloc(count: number, size: Size): Ptr {
  const bytes = count * size;
  if (isNoSize(count) || isNoSize(size) || productOverflows(count, size, bytes)) return 0;
  if (bytes > MAX_CLASS_BYTES) {
    const block = pageBlock(bytes, ALIGNMENT);
    if (block !== 0 && !(spec.zeroKnowledge && isZeroRun(block, bytes))) clearBytes(block, bytes);
    return block;
  }
  return clearedBlock(classOf(bytes), bytes);
}

/**
 * Blocks of a class that is a multiple of the alignment are aligned, since slabs start at pages.
 */
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
  return spec.threads > 1
    ? isNew(block >>> PAGE_SHIFT, ceilDiv(bytes + spec.headerBytes, PAGE_BYTES))
    : runIsZero;
}

/**
 * A block of the class, or 0: the heap is full. {@when spec.anyNumbers} (`>>> 0`: an address that
 * was loaded the engine knows to be an unsigned number; of one that a call returned it must be
 * told, to keep it in a register.) {@end}
 */
function allocate(c: ClassIndex): Ptr {
  if (spec.activeTracking) {
    const block = someBlock(c);
    return raiseActive(block);
  } else {
    return someBlock(c);
  }
}

/** @inline The same, not counted as active. */
export function someBlock(c: ClassIndex): Ptr {
  if (spec.observe.countsClasses) tallyClass(c, CLASS_ALLOCATED);
  return takeCached(c) || takeFresh(c) || refill(c) >>> 0;
}

/** The same, its first `bytes` bytes zero. */
function clearedBlock(c: ClassIndex, bytes: Size): Ptr {
  if (spec.zeroKnowledge) {
    const cached = takeCached(c);
    const block = cached || takeFresh(c) || refill(c) >>> 0;
    if (spec.activeTracking) raiseActive(block);
    const isZero = cached === 0 && block !== 0 && isZeroBlock(c, block);
    if (block !== 0 && !isZero) clearBytes(block, bytes);
    return block;
  } else {
    const block = allocate(c);
    if (block !== 0) clearBytes(block, bytes);
    return block;
  }
}
