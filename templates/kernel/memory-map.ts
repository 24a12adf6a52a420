/**
 * Memory map: where the metadata lies, and the way from an address to its records.
 *
 * From the heap's base: heap, thread slots and their arrays, page map, page bitmap, SuperSlab
 * records and rooms, Slab records{@when spec.guards.states}, block states {@end}. They fill the
 * first pages of the first SuperSlab; every page behind them can serve blocks. The page map has a
 * fixed place, because `free` reads it; the tables behind it move with the number of pages.
 */
import { basePage, endPage } from "../host/memory";
import { atomicLoad, load32, ownTable32, store32 } from "./intrinsics";
import { ACTIVE } from "./ownership";
import { PAGE_SHIFT } from "./page";
import { wordsOf } from "./record";
import { Heap, Slab, SuperSlab, ThreadSlot } from "./records";
import { spec } from "./spec";
import { forgetHint } from "./tiers/tls-hint";
import type { Page, Ptr, Word } from "./types";

/** Pages of a SuperSlab. */
export const SUPER_SLAB_PAGES = 1 << (spec.superSlabShift - spec.pageShift);
export const SUPER_SLAB_PAGE_SHIFT = spec.superSlabShift - spec.pageShift;

export const BASE_PAGE = basePage;
const FIRST_SUPER_SLAB = BASE_PAGE >>> SUPER_SLAB_PAGE_SHIFT;

/** The one `Heap` record. */
export const HEAP: Word = BASE_PAGE << (spec.pageShift - 2);
export const THREAD_SLOTS: Word = HEAP + wordsOf(Heap);
/**
 * Per thread slot the arrays of its caches ({@when spec.magazine.on} F4 {@end}{@when
 * spec.magazine.on && spec.unifiedCache.on}, {@end}{@when spec.unifiedCache.on} F5 {@end}){@when
 * spec.manyThreads}; the slot of nobody has none {@end}.
 */
const ARRAYS: Word = THREAD_SLOTS + (spec.threads > 1 ? spec.threads + 1 : 1) * wordsOf(ThreadSlot);
/**
 * For every page of a slab the slab's record, that of its first page.
 * {@when spec.routes} A second word (R1) says what blocks of the page are freed to
 * {@when spec.listRoutes}: the list of their class or the slab {@else}: the slab {@end}. {@end}
 */
const PAGE_MAP: Word = ARRAYS + spec.arrayWords - (spec.routes ? BASE_PAGE * 2 : BASE_PAGE);

/** No slab: a record whose free list is always empty. */
export const NO_SLAB: Slab = HEAP;

/** The slot of threads that are not attached: its lists are always empty. */
export const NOBODY: ThreadSlot = THREAD_SLOTS + spec.threads * wordsOf(ThreadSlot);
/** A mailbox has a bit per page, from page 0 on, in whole cache lines; … */
const boxedWords = ((endPage + 511) >>> 9) << 4;
/** … and before them a bit for each of these words. */
export const boxSummaryWords = ((boxedWords + 511) >>> 9) << 4;
const boxWords = boxSummaryWords + boxedWords;
/** Mailbox of the slabs that nobody owns (P5). Behind it lie those of the threads (P4). */
export const ABANDONED_BOX: Word = ARRAYS + spec.threads * spec.arrayWords;

/** This thread's slot. */
export let thread: ThreadSlot = spec.threads > 1 ? NOBODY : THREAD_SLOTS;
/** Its arrays. */
export let arrays: Word = ARRAYS;
/** What the owner word of its slabs holds. */
export let self = ACTIVE | spec.threads;
/**
 * R1, with threads: per page what this thread frees blocks of it to, its list of their class or
 * the slab; 0: the page is not its own. A note of the thread's, which dies with it, so no part of
 * the heap's memory.
 */
const routes = ownTable32(endPage);
/** Number of SuperSlabs from address 0 on. */
const endIndex = (endPage + SUPER_SLAB_PAGES - 1) >>> SUPER_SLAB_PAGE_SHIFT;
/** One bit per page: the word of page 0's, were it the heap's. */
export const pageBitmap: Word =
  (spec.threads > 1
    ? ABANDONED_BOX + (spec.refill.mailbox ? spec.threads + 1 : 1) * boxWords
    : pageEntry(endPage)) -
  ((FIRST_SUPER_SLAB * SUPER_SLAB_PAGES) >>> 5);
/** SuperSlab records: of the first SuperSlab, … */
export const firstSuperSlab: SuperSlab = pageBitmap + ((endIndex * SUPER_SLAB_PAGES + 31) >>> 5);
/** … and the place behind the last one's. */
export const endSuperSlab: SuperSlab = firstSuperSlab + (endIndex - FIRST_SUPER_SLAB) * wordsOf(SuperSlab);
/** Leaves of a tree over all SuperSlabs: a power of two. 0: there are no trees. */
export const roomLeaves = spec.pool.wordSearch ? 1 << (32 - Math.clz32(endIndex - FIRST_SUPER_SLAB - 1)) : 0;
/**
 * {@when spec.pool.wordSearch && !spec.manyThreads} The trees of rooms, of two nodes a leaf each.
 * {@else} The place behind the SuperSlab records. {@end}
 */
export const rooms: Word = endSuperSlab;
/** Many threads: words with a bit for each SuperSlab. */
export const superSlabWords = (endIndex - FIRST_SUPER_SLAB + 31) >>> 5;
/** Which SuperSlabs have no free slab, … */
export const FULL_BITS: Word = endSuperSlab;
/** … which are in use, … */
export const LIVE_BITS: Word = FULL_BITS + superSlabWords;
/** … and which are empty and kept. */
export const KEPT_BITS: Word = LIVE_BITS + superSlabWords;
/** Slab records: where page 0's would be. */
const slabOrigin: Word =
  (spec.threads > 1 ? ((KEPT_BITS + superSlabWords + 15) >>> 4) << 4 : rooms + 6 * roomLeaves) -
  BASE_PAGE * wordsOf(Slab);
const STATES_SHIFT = PAGE_SHIFT - spec.alignShift;
/**
 * G3: the states of blocks, a word for each place where one may start: where address 0's would
 * be.
 */
export const blockStates: Word = slabOrigin + endPage * wordsOf(Slab) - (BASE_PAGE << STATES_SHIFT);
/** First page that can serve blocks. */
export const firstPage: Page = spec.guards.states
  ? (((blockStates + (endPage << STATES_SHIFT) - 1) * 4) >>> PAGE_SHIFT) + 1
  : (((slabOrigin + endPage * wordsOf(Slab) - 1) * 4) >>> PAGE_SHIFT) + 1;

/** Metadata in bytes that every heap needs, … */
export const FIXED_METADATA_BYTES =
  (wordsOf(Heap) +
    (spec.threads > 1 ? spec.threads + 1 : 1) * wordsOf(ThreadSlot) +
    spec.threads * spec.arrayWords) *
  4;
/**
 * … and what each committed SuperSlab adds: its record, its parts of {@when !spec.manyThreads}
 * the page map and of {@end} the page bitmap, {@when spec.pool.wordSearch && !spec.manyThreads}
 * its rooms, {@end} its Slab records{@when spec.guards.states}, the states of its blocks {@end}.
 */
export const SUPER_SLAB_METADATA_BYTES =
  (wordsOf(SuperSlab) +
    (spec.threads > 1 || !spec.pool.wordSearch ? 0 : 6) +
    ((SUPER_SLAB_PAGES + 31) >>> 5) +
    (spec.guards.states ? SUPER_SLAB_PAGES << STATES_SHIFT : 0) +
    SUPER_SLAB_PAGES * ((spec.threads > 1 ? 0 : spec.routes ? 2 : 1) + wordsOf(Slab))) *
  4;

/** @inline The slab an address lies in: the one look-up `free` makes. */
export function slabOf(ptr: Ptr): Slab {
  return spec.threads > 1 ? slabAt(ptr >>> PAGE_SHIFT) : slabOfPage(ptr >>> PAGE_SHIFT);
}

/** @inline The page that a slab begins with. */
export function pageOfSlab(slab: Slab): Page {
  return (slab - slabOrigin) / wordsOf(Slab);
}

/** The mailbox of the thread with that number. */
export function boxOf(index: number): Word {
  return ABANDONED_BOX + (index + 1) * boxWords;
}

/** @inline The number of a slot. */
export function indexOf(slot: ThreadSlot): number {
  return (slot - THREAD_SLOTS) / wordsOf(ThreadSlot);
}

/** From now on this thread works with a slot, and owns what has `owner` for an owner. */
export function become(slot: ThreadSlot, owner: number): void {
  thread = slot;
  self = owner;
  if (spec.arrayWords > 0) arrays = arraysOf(slot);
  if (spec.tlsHint) forgetHint();
}

/** The arrays of a thread slot. */
export function arraysOf(slot: ThreadSlot): Word {
  return ARRAYS + indexOf(slot) * spec.arrayWords;
}

/** @inline What the page map has of a page. */
export function pageEntry(page: Page): Word {
  return PAGE_MAP + (spec.routes ? page * 2 : page);
}

/** @inline The slab a page belonged to last, or 0; it may be gone. */
export function slabOfPage(page: Page): Slab {
  return load32(pageEntry(page));
}

/** @inline */
export function setSlabOf(page: Page, slab: Slab): void {
  store32(pageEntry(page), slab);
}

/**
 * @inline R1: what a block is freed to, its class's list or its slab; 0: it is not this thread's.
 */
export function routeOf(ptr: Ptr): Word {
  if (spec.threads > 1) return routes[ptr >>> PAGE_SHIFT];
  return spec.routes ? load32(pageEntry(ptr >>> PAGE_SHIFT) + 1) : slabOf(ptr);
}

/** @inline */
export function setRouteOf(page: Page, to: Word): void {
  if (spec.threads > 1) routes[page] = to;
  else store32(pageEntry(page) + 1, to);
}

/** @inline R1: whether a route leads to a list: those lie before the records of SuperSlabs. */
export function isList(route: Word): boolean {
  return route < firstSuperSlab;
}

/** @inline The record of the slab that begins at a page. */
export function slabAt(page: Page): Slab {
  return slabOrigin + page * wordsOf(Slab);
}

export function superSlabOf(page: Page): SuperSlab {
  return firstSuperSlab + ((page >>> SUPER_SLAB_PAGE_SHIFT) - FIRST_SUPER_SLAB) * wordsOf(SuperSlab);
}

/** @inline */
export function nextSuperSlab(superSlab: SuperSlab): SuperSlab {
  return superSlab + wordsOf(SuperSlab);
}

/** The page behind the last one that was ever in use. */
export function usedPages(): Page {
  const end = pageOf(usedSuperSlabs());
  return end < endPage ? end : endPage;
}

/** @inline The SuperSlab behind the last one that was ever in use. */
export function usedSuperSlabs(): SuperSlab {
  return spec.threads > 1 ? atomicLoad(HEAP + Heap.usedTo) : load32(HEAP + Heap.usedTo);
}

/** First page of a SuperSlab. */
export function pageOf(superSlab: SuperSlab): Page {
  return ((superSlab - firstSuperSlab) / wordsOf(SuperSlab) + FIRST_SUPER_SLAB) << SUPER_SLAB_PAGE_SHIFT;
}
