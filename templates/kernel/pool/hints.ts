/**
 * The page bitmap of a heap with many threads: where free slabs may be found. A hint: a slab is claimed before its
 * bit is set, and released before it is cleared, so a free slab never stays hidden. Who looks for a slab reads it plainly.
 */
import { atomicAnd, atomicLoad, atomicOr } from "../intrinsics";
import { pageBitmap } from "../memory-map";
import { maskOf } from "../page-bitmap";
import type { Page } from "../types";

export function markUsed(page: Page): void {
  atomicOr(pageBitmap + (page >>> 5), 1 << (page & 31));
}

export function markFree(page: Page): void {
  atomicAnd(pageBitmap + (page >>> 5), ~(1 << (page & 31)));
}

/**
 * Whether none of the pages `from … to - 1` is marked. Nothing old is seen: of threads that each have cleared a bit before
 * they ask, the last one is told so.
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
