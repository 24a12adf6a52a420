/**
 * Page bitmap of a SuperSlab: one bit per page, 1 is in use. Free runs need no lists and coalesce by
 * themselves; to look for one is a walk over at most a few words.
 */
import { load32, store32 } from "./intrinsics";
import { SUPER_SLAB_PAGES } from "./memory-map";
import { SuperSlab } from "./records";

/** The bits `from … to - 1` of one bitmap word, 0 ≤ from < to ≤ 32. @inline */
function maskOf(from: number, to: number): number {
  return (0xffffffff >>> (32 - (to - from))) << from;
}

/** The offset behind the last page in use among `from … to - 1`, or `from` when all are free. */
export function behindLastUsed(superSlab: SuperSlab, from: number, to: number): number {
  const bitmap = superSlab + SuperSlab.bitmap;
  let end = to;
  while (end > from) {
    const low = (end - 1) & ~31;
    const start = low > from ? low : from;
    const used = load32(bitmap + (low >>> 5)) & maskOf(start - low, end - low);
    if (used !== 0) return low + 32 - Math.clz32(used);
    end = start;
  }
  return from;
}

/** First offset of `count` free pages at a multiple of `align`, or SUPER_SLAB_PAGES. */
export function findFree(superSlab: SuperSlab, count: number, align: number): number {
  let start = 0;
  while (start + count <= SUPER_SLAB_PAGES) {
    const behind = behindLastUsed(superSlab, start, start + count);
    if (behind === start) return start;
    start = (behind + align - 1) & -align;
  }
  return SUPER_SLAB_PAGES;
}

export function setUsed(superSlab: SuperSlab, from: number, to: number): void {
  const bitmap = superSlab + SuperSlab.bitmap;
  let start = from;
  while (start < to) {
    const low = start & ~31;
    const end = low + 32 < to ? low + 32 : to;
    const w = bitmap + (low >>> 5);
    store32(w, load32(w) | maskOf(start - low, end - low));
    start = end;
  }
}

export function setFree(superSlab: SuperSlab, from: number, to: number): void {
  const bitmap = superSlab + SuperSlab.bitmap;
  let start = from;
  while (start < to) {
    const low = start & ~31;
    const end = low + 32 < to ? low + 32 : to;
    const w = bitmap + (low >>> 5);
    store32(w, load32(w) & ~maskOf(start - low, end - low));
    start = end;
  }
}
