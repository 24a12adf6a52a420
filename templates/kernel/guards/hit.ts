/**
 * Hits: what a guard can find. {@when spec.guards.throws} A hit throws {@else} A hit is counted and
 * reported, and what it was found in is dropped {@end}; the host says so in words.
 */
import { report } from "../../host/guard-report";
import type { Ptr } from "../types";

/** A block that was freed is freed again. */
export const DOUBLE_FREE = 0;
/** An address that no block starts at is freed, or given to `realloc` or `usableSize`. */
export const INVALID_ADDRESS = 1;
/** The bytes behind a block were written, … */
export const OVERRUN = 2;
/** … or those before it, … */
export const UNDERRUN = 3;
/** … or its header. */
export const HEADER_DAMAGE = 4;
/** A freed block was written. */
export const USE_AFTER_FREE = 5;
/** A free block links to what is none of its class. */
export const BAD_LINK = 6;
/** A slab is changed by a thread that does not own it. */
export const FOREIGN_SLAB = 7;

/** `ptr`: the block; `at`: the byte that tells. */
export function hit(kind: number, ptr: Ptr, at: Ptr): void {
  report(kind, ptr, at);
}
