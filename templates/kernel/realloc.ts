/**
 * realloc, usableSize. A block stays where it is while it fits well. A page block takes free
 * pages behind it.
 */

import { endPage } from "../host/memory";
import { copyBlock } from "./bytes";
import { free } from "./free";
import { haveViewsGone, seeGrowth } from "./growth";
import { addSaturating, ceilDiv, load32, store32 } from "./intrinsics";
import { extendLarge, releaseTails, slabOfBlock } from "./large-block";
import { malloc } from "./malloc";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "./page";
import { isNoSize, pageBlock } from "./page-block";
import { extendRun, releaseRun } from "./page-run";
import { Slab } from "./records";
import { ALIGNMENT, CLASS_BYTES, MAX_CLASS_BYTES } from "./size-class";
import { spec } from "./spec";
import type { Page, Ptr, Size } from "./types";

export function realloc(ptr: Ptr, size: Size): Ptr {
  if (ptr === 0) return malloc(size);
  if (size === 0) {
    free(ptr);
    return 0;
  }
  if (isNoSize(size)) return 0;
  haveViewsGone();
  const slab = slabOfBlock(ptr);
  const usable = usableIn(slab, ptr);
  if (load32(slab + Slab.class) === 0) {
    if (size > MAX_CLASS_BYTES && resizeRun(slab, ptr, size)) return ptr;
  } else if (size <= usable && size >= usable >>> 1) {
    return ptr;
  }
  return move(ptr, usable, size);
}

export function usableSize(ptr: Ptr): Size {
  haveViewsGone();
  return ptr === 0 ? 0 : usableIn(slabOfBlock(ptr), ptr);
}

/** Usable bytes of a block of a slab. */
export function usableIn(slab: Slab, ptr: Ptr): Size {
  const c = load32(slab + Slab.class);
  return c !== 0 ? CLASS_BYTES[c] - spec.headerBytes : load32(slab + Slab.carved) - ptr;
}

/** Makes a page block as long as `size` needs, in place, if it can. */
function resizeRun(slab: Slab, ptr: Ptr, size: Size): boolean {
  const end: Page = load32(slab + Slab.carved) >>> PAGE_SHIFT;
  const wanted: Page = ceilDiv(addSaturating(ptr, size), PAGE_BYTES);
  if (wanted > end) {
    if (spec.threads > 1) {
      if (wanted > endPage || !extendLarge(slab, end, wanted)) return false;
    } else if (!extendRun(end, wanted - end)) {
      return false;
    }
  } else {
    const start: Page = load32(slab + Slab.start) >>> PAGE_SHIFT;
    if (end - wanted <= (end - start) >>> 2) return true;
    if (spec.threads > 1) releaseTails(slab, wanted, end);
    else releaseRun(wanted, end - wanted);
  }
  store32(slab + Slab.carved, addressOf(wanted));
  return true;
}

/**
 * A page block that outgrew its place gets an eighth more than it asks for, so that appending
 * byte by byte is linear overall.
 */
function move(ptr: Ptr, usable: Size, size: Size): Ptr {
  let target = 0;
  if (size > MAX_CLASS_BYTES && size > usable) target = pageBlock(addSaturating(size, size >>> 3), ALIGNMENT);
  if (target === 0) target = malloc(size);
  if (target === 0) return size <= usable ? ptr : 0;
  seeGrowth();
  copyBlock(target, ptr, usable < size ? usable : size);
  free(ptr);
  return target;
}
