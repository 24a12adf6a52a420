/**
 * Memory map: where the metadata lies, and the way from an address to its records.
 *
 * From the heap's base: heap, thread slot, page map, page bitmap, SuperSlab records, Slab records. They fill the first
 * pages of the first SuperSlab; every page behind them can serve blocks. The page map has a fixed place,
 * because `free` reads it; the tables behind it move with the number of pages.
 */
import { endPage } from "../host/memory";
import { load32, store32 } from "./intrinsics";
import { PAGE_SHIFT } from "./page";
import { wordsOf } from "./record";
import { Heap, Slab, SuperSlab, ThreadSlot } from "./records";
import { spec } from "./spec";
import type { Page, Ptr, Word } from "./types";

/** Pages of a SuperSlab. */
export const SUPER_SLAB_PAGES = 1 << (spec.superSlabShift - spec.pageShift);
export const SUPER_SLAB_PAGE_SHIFT = spec.superSlabShift - spec.pageShift;

export const BASE_PAGE = spec.memory.basePage;
const FIRST_SUPER_SLAB = BASE_PAGE >>> SUPER_SLAB_PAGE_SHIFT;

/** The one `Heap` record. */
export const HEAP: Word = BASE_PAGE << (spec.pageShift - 2);
const THREAD_SLOTS: Word = HEAP + wordsOf(Heap);
/** One word per page: the record of the slab whose first page it is in, for every page of a slab. */
const PAGE_MAP: Word = THREAD_SLOTS + spec.threads * wordsOf(ThreadSlot) - BASE_PAGE;

/** No slab: a record whose free list is always empty. */
export const NO_SLAB: Slab = HEAP;

/** This thread's slot. */
export const thread: ThreadSlot = THREAD_SLOTS;
/** Number of SuperSlabs from address 0 on. */
const endIndex = (endPage + SUPER_SLAB_PAGES - 1) >>> SUPER_SLAB_PAGE_SHIFT;
/** One bit per page: the word of page 0's, were it the heap's. */
export const pageBitmap: Word = PAGE_MAP + endPage - ((FIRST_SUPER_SLAB * SUPER_SLAB_PAGES) >>> 5);
/** SuperSlab records: of the first SuperSlab, … */
export const firstSuperSlab: SuperSlab = pageBitmap + ((endIndex * SUPER_SLAB_PAGES + 31) >>> 5);
/** … and the place behind the last one's. */
export const endSuperSlab: SuperSlab = firstSuperSlab + (endIndex - FIRST_SUPER_SLAB) * wordsOf(SuperSlab);
/** Slab records: where page 0's would be. */
const slabOrigin: Word = endSuperSlab - BASE_PAGE * wordsOf(Slab);
/** First page that can serve blocks. */
export const firstPage: Page = (((slabOrigin + endPage * wordsOf(Slab) - 1) * 4) >>> PAGE_SHIFT) + 1;

/** Metadata in bytes that every heap needs, … */
export const FIXED_METADATA_BYTES = (wordsOf(Heap) + spec.threads * wordsOf(ThreadSlot)) * 4;
/** … and what each committed SuperSlab adds: its record, its parts of the page map and bitmap, Slab records. */
export const SUPER_SLAB_METADATA_BYTES =
  (wordsOf(SuperSlab) + ((SUPER_SLAB_PAGES + 31) >>> 5) + SUPER_SLAB_PAGES * (1 + wordsOf(Slab))) * 4;

/** @inline The slab an address lies in: the one look-up `free` makes. */
export function slabOf(ptr: Ptr): Slab {
  return slabOfPage(ptr >>> PAGE_SHIFT);
}

/** @inline The slab a page belonged to last, or 0; it may be gone. */
export function slabOfPage(page: Page): Slab {
  return load32(PAGE_MAP + page);
}

/** @inline */
export function setSlabOf(page: Page, slab: Slab): void {
  store32(PAGE_MAP + page, slab);
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
  const end = pageOf(load32(HEAP + Heap.usedTo));
  return end < endPage ? end : endPage;
}

/** First page of a SuperSlab. */
export function pageOf(superSlab: SuperSlab): Page {
  return ((superSlab - firstSuperSlab) / wordsOf(SuperSlab) + FIRST_SUPER_SLAB) << SUPER_SLAB_PAGE_SHIFT;
}
