/**
 * Page bitmap: one bit per page, 1 is in use. Free runs need no lists and coalesce by themselves;
 * to look for one is a walk over at most a few words.
 */
import { load32, loadRacy32, store32 } from "./intrinsics";
import { pageBitmap } from "./memory-map";
import type { Page } from "./types";

/** @inline The bits `from … to - 1` of a word, 0 ≤ from < to ≤ 32. */
export function maskOf(from: number, to: number): number {
  return (0xffffffff >>> (32 - (to - from))) << from;
}

/** The page behind the last one in use among `from … to - 1`, or `from` when all are free. */
export function behindLastUsed(from: Page, to: Page): Page {
  let end = to;
  while (end > from) {
    const low = (end - 1) & ~31;
    const start = low > from ? low : from;
    const used = loadRacy32(pageBitmap + (low >>> 5)) & maskOf(start - low, end - low);
    if (used !== 0) return low + 32 - Math.clz32(used);
    end = start;
  }
  return from;
}

/**
 * The first of `count` free pages at a multiple of `align` pages between `from` and `to`, or 0.
 */
export function findFree(from: Page, to: Page, count: number, align: number): Page {
  let start = (from + align - 1) & -align;
  while (start + count <= to) {
    const behind = behindLastUsed(start, start + count);
    if (behind === start) return start;
    start = (behind + align - 1) & -align;
  }
  return 0;
}

/** The same for at most 32 pages between multiples of 32, anywhere: a word at a time. */
export function findShort(from: Page, to: Page, count: number): Page {
  const end = pageBitmap + (to >>> 5);
  let free = ~load32(pageBitmap + (from >>> 5));
  for (let w = pageBitmap + (from >>> 5); w < end; w++) {
    const following = w + 1 < end ? ~load32(w + 1) : 0;
    let fits = free;
    // Bit b of `fits` stays while pages b … b + k are free; the last ones may lie in the
    // following word.
    for (let k = 1; k < count && fits !== 0; k++) fits &= (free >>> k) | (following << (32 - k));
    if (fits !== 0) return ((w - pageBitmap) << 5) + lowestBit(fits);
    free = following;
  }
  return 0;
}

/** @inline Number of the lowest bit that is set; `bits` is not 0. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Number of the bits below the lowest one that is set: 32 when none is. */
function zerosBelow(bits: number): number {
  return bits === 0 ? 32 : lowestBit(bits);
}

/** The first of `count` free pages among `from … to - 1`, whose bits lie in one word; or 0. */
export function findInWord(from: Page, to: Page, count: number): Page {
  const used = loadRacy32(pageBitmap + (from >>> 5)) | ~maskOf(from & 31, (from & 31) + (to - from));
  const fits = beginsOfRuns(~used, count);
  return fits === 0 ? 0 : (from & ~31) + lowestBit(fits);
}

/**
 * The bits with which runs of `count` bits begin, 1 ≤ count ≤ 32. A run is doubled while it is
 * too short; the last two overlap.
 */
function beginsOfRuns(bits: number, count: number): number {
  let runs = bits;
  if (count >= 2) runs &= runs >>> 1;
  if (count >= 4) runs &= runs >>> 2;
  if (count >= 8) runs &= runs >>> 4;
  if (count >= 16) runs &= runs >>> 8;
  if (count >= 32) runs &= runs >>> 16;
  return runs & (runs >>> (count - (1 << (31 - Math.clz32(count)))));
}

/**
 * Length of the longest run of free pages among `from … to - 1`. Bound: a step a word, and two a
 * run.
 */
export function longestFree(from: Page, to: Page): number {
  let longest = 0;
  let run = 0;
  let page = from;
  while (page < to) {
    const behind = (page & ~31) + 32 < to ? (page & ~31) + 32 : to;
    const used = loadRacy32(pageBitmap + (page >>> 5)) >>> (page & 31);
    const free = zerosBelow(used);
    const end = page + free < behind ? page + free : behind;
    run += end - page;
    if (run > longest) longest = run;
    page = end;
    if (end < behind) {
      run = 0;
      page += zerosBelow(~(used >>> free));
    }
  }
  return longest;
}

/** Turns free pages into pages in use, or the other way round; they must be all of one kind. */
export function togglePages(from: Page, to: Page): void {
  let start = from;
  while (start < to) {
    const low = start & ~31;
    const end = low + 32 < to ? low + 32 : to;
    const w = pageBitmap + (low >>> 5);
    store32(w, load32(w) ^ maskOf(start - low, end - low));
    start = end;
  }
}
