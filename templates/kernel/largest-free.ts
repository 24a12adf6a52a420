/**
 * largestFree (N4): how many bytes a request may have that would succeed now. What the thread
 * keeps is collected first. Bound: what `collect` does, and a look at each SuperSlab.
 */
import { haveViewsGone, heapEnd } from "./growth";
import { emptyQuarantine } from "./guards/quarantine";
import { collect } from "./idle";
import { load32 } from "./intrinsics";
import {
  endSuperSlab,
  firstSuperSlab,
  NO_SLAB,
  NOBODY,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  thread,
} from "./memory-map";
import { addressOf } from "./page";
import { longestFree } from "./page-bitmap";
import { offsetInRun } from "./page-block";
import { Slab, SuperSlab, ThreadSlot } from "./records";
import { ALIGNMENT, CLASS_BYTES, MAX_CLASS_BYTES, pagesOfSlab } from "./size-class";
import { isVirgin } from "./slab";
import { spec } from "./spec";
import { endIn } from "./superslab";
import type { ClassIndex, Size } from "./types";

export function largestFree(): Size {
  haveViewsGone();
  if (spec.threads > 1 && thread === NOBODY) return 0;
  if (spec.guards.quarantineBytes > 0) emptyQuarantine();
  collect();
  const pages = longestAnywhere();
  const bytes = addressOf(pages) - offsetInRun(ALIGNMENT);
  if (bytes > MAX_CLASS_BYTES) return bytes;
  let c: ClassIndex = spec.classCount;
  while (c > 0 && pagesOfSlab(c) > pages && !offersBlocks(c)) c--;
  return c === 0 ? 0 : CLASS_BYTES[c] - spec.headerBytes;
}

/**
 * Pages of the longest run that could be taken: inside a SuperSlab, or of SuperSlabs that are
 * empty.
 */
function longestAnywhere(): number {
  let longest = 0;
  let empty = 0;
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const from = pageOf(superSlab);
    const to = endIn(superSlab, heapEnd());
    const room = roomOf(superSlab, from, to);
    empty = room === to - from ? empty + room : 0;
    if (room > longest) longest = room;
    if (empty > longest) longest = empty;
  }
  return longest;
}

/** @inline Pages of the longest run of a SuperSlab. */
function roomOf(superSlab: SuperSlab, from: number, to: number): number {
  if (to <= from) return 0;
  return spec.threads === 1 && load32(superSlab + SuperSlab.used) === SUPER_SLAB_PAGES
    ? 0
    : longestFree(from, to);
}

/** Whether the thread has a slab that offers a block of the class. */
function offersBlocks(c: ClassIndex): boolean {
  const current = load32(thread + ThreadSlot.current + c);
  return (
    load32(thread + ThreadSlot.partial + c) !== 0 ||
    (spec.slab.waits && load32(thread + ThreadSlot.waiting + c) !== 0) ||
    (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) !== 0) ||
    (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) !== 0) ||
    (spec.tlsSll.on && load32(thread + ThreadSlot.virgin + c) < load32(thread + ThreadSlot.virginEnd + c)) ||
    (current !== NO_SLAB && (load32(current + Slab.free) !== 0 || (!spec.tlsSll.on && isVirgin(current, c))))
  );
}
