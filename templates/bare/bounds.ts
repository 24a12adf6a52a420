/**
 * Bounds: where the heap begins and ends. Whoever makes it says so, and everything that is known of
 * its layout follows.
 */
import { initialise } from "../kernel/initialise";
import { beginRegisters, ceilDiv } from "../kernel/intrinsics";
import { PAGE_BYTES, PAGE_SHIFT } from "../kernel/page";
import type { Page, Ptr } from "../kernel/types";

/** First page the heap may use; the pages before it belong to somebody else (N1). */
export let basePage: Page = 0;
/** The page behind the last one. */
export let endPage: Page = 0;

/** Makes the memory between two addresses an empty heap. False: there is no room for one. */
export function heapInit(base: Ptr, end: Ptr): boolean {
  return heapOpen(base, end) && initialise(false);
}

/** The same of memory that is zero: nobody has written there. */
export function heapInitZeroed(base: Ptr, end: Ptr): boolean {
  return heapOpen(base, end) && initialise(true);
}

/** Goes on with a heap that lies between two addresses already. */
export function heapOpen(base: Ptr, end: Ptr): boolean {
  basePage = ceilDiv(base, PAGE_BYTES);
  endPage = end >>> PAGE_SHIFT;
  if (basePage >= endPage) return false;
  beginRegisters();
  return true;
}
