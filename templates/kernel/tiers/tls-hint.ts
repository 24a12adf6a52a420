/**
 * F8, the TLS hint: the slab of the block freed last. The next block of its page needs no
 * look-up; and with many threads no look at the owner, which is this thread.
 */
import { slabOf } from "../memory-map";
import { PAGE_SHIFT } from "../page";
import type { Slab } from "../records";
import { spec } from "../spec";
import type { Page, Ptr } from "../types";

/** 0: none; page 0 serves no blocks. */
let hintPage: Page = 0;
let hintSlab: Slab = 0;

/**
 * @inline The slab an address lies in. With many threads the look-up is arithmetic: nothing to
 * spare.
 */
export function hintedSlab(ptr: Ptr): Slab {
  return spec.threads === 1 && ptr >>> PAGE_SHIFT === hintPage ? hintSlab : slabOf(ptr);
}

/** @inline Whether a slab is another one than that of the block freed last, this thread's. */
export function isOther(slab: Slab): boolean {
  return slab !== hintSlab;
}

/** @inline-body Remembers the slab of a block of this thread's. */
export function setHint(ptr: Ptr, slab: Slab): void {
  if (spec.threads === 1) hintPage = ptr >>> PAGE_SHIFT;
  hintSlab = slab;
}

/** A slab of this thread's is given up. */
export function forgetHint(): void {
  if (spec.threads === 1) hintPage = 0;
  hintSlab = 0;
}
