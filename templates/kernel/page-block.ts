/**
 * Page blocks (M6): above the classes a block is a run of pages of its own: a slab of one block,
 * of class 0.
 */
import { endPage } from "../host/memory";
import { setHeader } from "./block";
import { haveViewsGone } from "./growth";
import { collect } from "./idle";
import { addSaturating, atomicStore, ceilDiv, store32 } from "./intrinsics";
import { publishLarge } from "./large-block";
import { NOBODY, setRouteOf, setSlabOf, slabAt, thread } from "./memory-map";
import { HEAP_FULL, NO_SIZE, tally } from "./observe/counters";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "./page";
import { takeRun } from "./page-run";
import { acquireRun } from "./pool/acquire";
import { Slab } from "./records";
import { spec } from "./spec";
import type { Ptr, Size } from "./types";

/**
 * @inline Whether a user's number is no size at all: negative, a fraction, not a number, 4 GiB or
 * more.
 */
export function isNoSize(size: Size): boolean {
  return spec.anyNumbers && size >>> 0 !== size;
}

/** A block of whole pages, or 0: no room, or `size` is no size. `alignment` is a power of two. */
export function pageBlock(size: Size, alignment: number): Ptr {
  haveViewsGone();
  if (spec.observe.counters && isNoSize(size)) tally(NO_SIZE);
  if (isNoSize(size) || (spec.threads > 1 && thread === NOBODY)) return 0;
  const offset = offsetInRun(alignment);
  const pages = ceilDiv(addSaturating(Math.max(size, 1), offset), PAGE_BYTES);
  const align = alignment > PAGE_BYTES ? alignment >>> PAGE_SHIFT : 1;
  if (pages > endPage) return 0;
  let page = spec.threads > 1 ? acquireRun(pages, align) : takeRun(pages, align);
  if (page === 0) {
    collect();
    page = spec.threads > 1 ? acquireRun(pages, align) : takeRun(pages, align);
    if (spec.observe.counters && page === 0) tally(HEAP_FULL);
    if (page === 0) return 0;
  }
  const slab = slabAt(page);
  const start = addressOf(page);
  const block = start + offset;
  store32(slab + Slab.free, 0);
  store32(slab + Slab.left, 1);
  store32(slab + Slab.rest, 0);
  store32(slab + Slab.class, 0);
  if (spec.threads > 1) atomicStore(slab + Slab.blocks, 0);
  store32(slab + Slab.carved, addressOf(page + pages));
  if (spec.headerBytes > 0) {
    store32(slab + Slab.next, block);
    setHeader(block, 0);
  }
  store32(slab + Slab.start, start);
  if (spec.threads > 1) {
    publishLarge(slab);
  } else {
    setSlabOf(page, slab);
    if (spec.routes) setRouteOf(page, slab);
    if (spec.headerBytes > 0) setSlabOf(block >>> PAGE_SHIFT, slab);
  }
  return block;
}

/** Bytes between the start of a run and its block: room for a header, if blocks have one. */
export function offsetInRun(alignment: number): number {
  if (spec.headerBytes === 0) return 0;
  return alignment > spec.headerBytes ? alignment : spec.headerBytes;
}
