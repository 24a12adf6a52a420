/**
 * Hints of a heap with many threads: where free slabs may be found. Whoever follows one asks the
 * word that decides.
 *
 * A bit a page: a slab is claimed before its bit is set, and released before it is cleared, so a
 * free slab never stays hidden. Bits a SuperSlab: full, in use, kept. Whoever changes what such a
 * bit says changes the bit afterwards and looks again, so the last to do it is right; only a
 * thread that died in between leaves one wrong, which reclaim mends.
 */
import { atomicAnd, atomicLoad, atomicOr, atomicStore } from "../intrinsics";
import {
  ABANDONED_BOX,
  FULL_BITS,
  firstSuperSlab,
  KEPT_BITS,
  LIVE_BITS,
  pageBitmap,
  pageOf,
  SUPER_SLAB_PAGES,
  superSlabOf,
  superSlabWords,
} from "../memory-map";
import { maskOf } from "../page-bitmap";
import { wordsOf } from "../record";
import { SuperSlab } from "../records";
import type { Page, Word } from "../types";
import { isKept, isLive } from "./superslab-state";

export function markUsed(page: Page): void {
  const w = pageBitmap + (page >>> 5);
  const bit = 1 << (page & 31);
  if (((atomicOr(w, bit) | bit) & siblings(page)) === siblings(page)) noteFull(superSlabOf(page));
}

export function markFree(page: Page): void {
  atomicAnd(pageBitmap + (page >>> 5), ~(1 << (page & 31)));
  const superSlab = superSlabOf(page);
  if ((atomicLoad(FULL_BITS + wordOf(superSlab)) & bitOf(superSlab)) !== 0)
    setBit(FULL_BITS, superSlab, false);
}

/** @inline The bits of a page's word that belong to its SuperSlab. */
function siblings(page: Page): number {
  const first = page & 31 & -SUPER_SLAB_PAGES;
  return SUPER_SLAB_PAGES >= 32 ? -1 : maskOf(first, first + SUPER_SLAB_PAGES) | 0;
}

/** The last free slab of a SuperSlab may have been claimed. */
function noteFull(superSlab: SuperSlab): void {
  const page = pageOf(superSlab);
  if (!areMarked(page, page + SUPER_SLAB_PAGES)) return;
  setBit(FULL_BITS, superSlab, true);
  // A slab that was released meanwhile left the bit to this thread.
  if (!areMarked(page, page + SUPER_SLAB_PAGES)) setBit(FULL_BITS, superSlab, false);
}

/** The word of a SuperSlab has changed: its bits follow. */
export function noteState(superSlab: SuperSlab): void {
  let state = atomicLoad(superSlab + SuperSlab.state);
  let before = 0;
  do {
    before = state;
    setBit(LIVE_BITS, superSlab, isLive(before));
    setBit(KEPT_BITS, superSlab, isKept(before));
    state = atomicLoad(superSlab + SuperSlab.state);
  } while (isLive(state) !== isLive(before) || isKept(state) !== isKept(before));
}

/** Hints that somebody else left are not believed: of SuperSlabs, and of slabs to look at. */
export function forgetHints(): void {
  for (let w = ABANDONED_BOX; w < pageBitmap; w++) atomicStore(w, 0);
  for (let w = FULL_BITS; w < KEPT_BITS + superSlabWords; w++) atomicStore(w, 0);
}

function setBit(bits: Word, superSlab: SuperSlab, to: boolean): void {
  const w = bits + wordOf(superSlab);
  if (to) atomicOr(w, bitOf(superSlab));
  else atomicAnd(w, ~bitOf(superSlab));
}

/** @inline */
function wordOf(superSlab: SuperSlab): number {
  return ((superSlab - firstSuperSlab) / wordsOf(SuperSlab)) >>> 5;
}

/** @inline */
function bitOf(superSlab: SuperSlab): number {
  return 1 << (((superSlab - firstSuperSlab) / wordsOf(SuperSlab)) & 31);
}

/** Whether all of the pages `from … to - 1` are marked. */
function areMarked(from: Page, to: Page): boolean {
  let page = from;
  while (page < to) {
    const low = page & ~31;
    const end = low + 32 < to ? low + 32 : to;
    const mask = maskOf(page - low, end - low);
    if ((~atomicLoad(pageBitmap + (low >>> 5)) & mask) !== 0) return false;
    page = end;
  }
  return true;
}

/**
 * Whether none of the pages `from … to - 1` is marked. Nothing old is seen: of threads that each
 * have cleared a bit before they ask, the last one is told so.
 */
export function noneMarked(from: Page, to: Page): boolean {
  let page = from;
  while (page < to) {
    const low = page & ~31;
    const end = low + 32 < to ? low + 32 : to;
    if ((atomicLoad(pageBitmap + (low >>> 5)) & maskOf(page - low, end - low)) !== 0) return false;
    page = end;
  }
  return true;
}
