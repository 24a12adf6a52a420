/**
 * SuperSlabs of a heap with many threads: one word each. In use (LIVE), empty but kept (KEPT,
 * L3), or gone, which means given back to the memory: not committed. There are no counters and no
 * list, which a dying thread could leave wrong; what is kept, how much is committed, and which
 * was kept longest is read off the words.
 *
 * Who claims a slab first claims it, then looks whether its SuperSlab is LIVE. Who retires a
 * SuperSlab first takes LIVE away, then looks whether all slabs are free. So at least one of two
 * such threads sees the other. Who puts LIVE back, because a slab was in use, looks at that slab
 * once more: so a SuperSlab does not stay in use for a slab that was released meanwhile.
 */
import { endPage } from "../../host/memory";
import { atomicAdd, atomicCas, atomicLoad, loadRacy32 } from "../intrinsics";
import {
  firstSuperSlab,
  HEAP,
  KEPT_BITS,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  slabAt,
  superSlabOf,
  superSlabWords,
} from "../memory-map";
import { EMPTY, isFree, ownerOf, stateOf, UNUSED } from "../ownership";
import { lowestBit } from "../page-bitmap";
import { wordsOf } from "../record";
import { Heap, Slab, SuperSlab } from "../records";
import { spec } from "../spec";
import { count, notePeak } from "../statistics";
import type { Page } from "../types";
import { noneMarked, noteState } from "./hints";

/** Bits 0 … 9: pages before this one are committed. */
const TOUCHED_MASK = 0x3ff;
/** Bit 30: in use. Bit 29: kept, and bits 10 … 28 say since when. */
export const LIVE = 1 << 30;
export const KEPT = 1 << 29;
const STAMP_SHIFT = 10;
const STAMP_MASK = 0x7ffff;

/** @inline */
export function isLive(state: number): boolean {
  return state >= LIVE;
}

/** @inline */
export function isKept(state: number): boolean {
  return (state & KEPT) !== 0;
}

/** @inline Pages of a SuperSlab that are committed. */
export function touchedPages(state: number): number {
  return state & TOUCHED_MASK;
}

/** Pages were claimed: their SuperSlabs are in use, and committed up to there. */
export function enlivenRun(from: Page, to: Page): void {
  let page = from;
  while (page < to) {
    const behind = pageOf(nextSuperSlab(superSlabOf(page)));
    page = behind < to ? behind : to;
    enlivenAt(page - 1);
  }
}

/** A page was claimed: its SuperSlab is in use, and committed up to there. */
export function enlivenAt(page: Page): void {
  const superSlab = superSlabOf(page);
  const behind = page - pageOf(superSlab) + 1;
  let seen = atomicLoad(superSlab + SuperSlab.state);
  while (!isLive(seen) || touchedPages(seen) < behind) {
    const touched = touchedPages(seen);
    const state = LIVE | (touched < behind ? behind : touched);
    const found = atomicCas(superSlab + SuperSlab.state, seen, state);
    if (found === seen) {
      if (!isLive(seen)) noteState(superSlab);
      noteLive(seen);
      return;
    }
    seen = found;
  }
}

/** The state of a SuperSlab was `before`, and now it is in use. */
function noteLive(before: number): void {
  if (spec.osStatistics && !isLive(before)) {
    count(touchedPages(before) === 0 ? Heap.superSlabsCreated : Heap.superSlabsReused);
  }
  notePeak();
}

/**
 * A page is about to be claimed: walks come there from now on, also those for a thread that dies
 * right after the claim.
 */
export function reach(page: Page): void {
  const behind = nextSuperSlab(superSlabOf(page));
  let used = atomicLoad(HEAP + Heap.usedTo);
  while (used < behind) {
    const seen = atomicCas(HEAP + Heap.usedTo, used, behind);
    used = seen === used ? behind : seen;
  }
}

/** Keeps a SuperSlab if all its slabs are free, and gives back those that are too many. */
export function retireIfEmpty(superSlab: SuperSlab): void {
  const page = pageOf(superSlab);
  const behind = page + SUPER_SLAB_PAGES < endPage ? page + SUPER_SLAB_PAGES : endPage;
  while (noneMarked(page, behind)) {
    const seen = atomicLoad(superSlab + SuperSlab.state);
    if (!isLive(seen)) return;
    const stamp = (atomicAdd(HEAP + Heap.retirements, 1) & STAMP_MASK) << STAMP_SHIFT;
    const kept = KEPT | stamp | touchedPages(seen);
    if (atomicCas(superSlab + SuperSlab.state, seen, kept) !== seen) return;
    let each = page;
    while (each < behind && isFree(ownerOf(slabAt(each)))) each++;
    if (each === behind) {
      noteState(superSlab);
      giveBackSurplus();
      return;
    }
    if (atomicCas(superSlab + SuperSlab.state, kept, seen) !== kept) return;
    // Another thread may have noted meanwhile that it was kept.
    noteState(superSlab);
    // Who has released the slab by now found LIVE gone, and left the SuperSlab to this thread.
    if (!isFree(ownerOf(slabAt(each)))) return;
  }
}

/**
 * Gives SuperSlabs back, the ones kept longest first, while more than the limits allow are kept.
 */
function giveBackSurplus(): void {
  let oldest = oldestSurplus();
  while (oldest !== 0) {
    dropKept(oldest);
    oldest = oldestSurplus();
  }
}

function oldestSurplus(): SuperSlab {
  let entries = 0;
  let pages = 0;
  let oldest = 0;
  let most = -1;
  // Ages are distances on the circle of stamps.
  const now = loadRacy32(HEAP + Heap.retirements);
  for (let w = 0; w < superSlabWords; w++) {
    let kept = loadRacy32(KEPT_BITS + w);
    while (kept !== 0) {
      const superSlab = firstSuperSlab + (w * 32 + lowestBit(kept)) * wordsOf(SuperSlab);
      kept &= kept - 1;
      const state = loadRacy32(superSlab + SuperSlab.state);
      if (isKept(state)) {
        entries++;
        pages += touchedPages(state);
        const age = (now - (state >>> STAMP_SHIFT)) & STAMP_MASK;
        if (age > most) {
          most = age;
          oldest = superSlab;
        }
      }
    }
  }
  return entries > spec.lru.entries || pages > spec.lru.pages ? oldest : 0;
}

/** A kept SuperSlab is no longer committed. If it is in use again by now, nothing happens. */
function dropKept(superSlab: SuperSlab): void {
  const seen = atomicLoad(superSlab + SuperSlab.state);
  if ((seen & KEPT) === 0 || atomicCas(superSlab + SuperSlab.state, seen, 0) !== seen) return;
  noteState(superSlab);
  if (spec.osStatistics) count(Heap.superSlabsReturned);
  const page = pageOf(superSlab);
  const end = page + touchedPages(seen);
  for (let each = page; each < end; each++) {
    const slab = slabAt(each);
    const owner = ownerOf(slab);
    if (stateOf(owner) === EMPTY) atomicCas(slab + Slab.owner, owner, UNUSED | (owner - EMPTY));
  }
}
