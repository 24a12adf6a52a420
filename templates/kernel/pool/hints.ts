/**
 * The page bitmap of a heap with many threads: where free slabs may be found. A hint: a slab is claimed before its
 * bit is set, and released before it is cleared, so a free slab never stays hidden.
 */
import { atomicAnd, atomicOr } from "../intrinsics";
import { pageBitmap } from "../memory-map";
import type { Page } from "../types";

export function markUsed(page: Page): void {
  atomicOr(pageBitmap + (page >>> 5), 1 << (page & 31));
}

export function markFree(page: Page): void {
  atomicAnd(pageBitmap + (page >>> 5), ~(1 << (page & 31)));
}
