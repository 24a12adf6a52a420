/**
 * {@when spec.tlsSll.on} F2, the TLS SLL: {@when spec.manyThreads} the thread has {@else} the
 * heap has {@end} a singly linked list of free blocks per class. Refills fill it. {@when
 * spec.listRoutes} Frees go to it for the classes whose pages say so (R1). {@end} {@else} Notes
 * of where blocks are freed to. {@end}
 *
 * With the hot heap (F6) it is the hot box: it holds blocks of the class's current slab and no
 * others, so that slab is served from and freed into with no look at its record.
 */
import { next } from "../block";
import { heapEnd } from "../growth";
import { behindFirst } from "../guards/list-validation";
import { load32, store32, table32 } from "../intrinsics";
import { pageOf, pageOfSlab, setRouteOf, slabOf, thread, usedSuperSlabs } from "../memory-map";
import { type Slab, ThreadSlot } from "../records";
import { pagesOfSlab } from "../size-class";
import { freeToSlab } from "../slab";
import { spec } from "../spec";
import type { ClassIndex, Ptr, Word } from "../types";
import { drainBehind, drainList, pushFirst, returnList } from "./block-list";

/** {@when spec.routes} R1: {@end} the classes whose frees go to their list. */
const FIRST_LISTED: ClassIndex = spec.tlsSll.first;
const LAST_LISTED: ClassIndex = spec.tlsSll.last;

/**
 * R1: frees to a list that routes lead to until it is looked at: while the heap has room seldom,
 * in a heap that is nearly full often, so that little has to be collected when it is full.
 */
const FREES_IN_A_CALM_HEAP = 0x3fffffff;
const FREES_IN_A_FULL_HEAP = 16;
/** Blocks that a list keeps when it is looked at, and how many go home then at most. */
const KEPT_BLOCKS = 16;
const DRAINED_AT_ONCE = 64;

/** Blocks a list may hold, per class. */
const LIST_CAP = table32(spec.tlsSll.caps);

/** @inline A thread's list of a class. */
export function listOf(slot: ThreadSlot, c: ClassIndex): Word {
  return slot + ThreadSlot.heads + (spec.listRoutes ? c * 2 : c);
}

/** A block of the class, or 0. */
export function takeListed(c: ClassIndex): Ptr {
  const block = load32(listOf(thread, c));
  if (block !== 0) store32(listOf(thread, c), behindFirst(c, block));
  if (spec.tlsSll.counted && block !== 0) {
    store32(thread + ThreadSlot.counts + c, load32(thread + ThreadSlot.counts + c) - 1);
  }
  return block;
}

/** Keeps a freed block, unless it is for the next tier. */
export function keepListed(c: ClassIndex, block: Ptr): boolean {
  if (spec.tlsSll.first > spec.cacheFirst && c < FIRST_LISTED) return false;
  if (spec.tlsSll.last < spec.cacheLast && c > LAST_LISTED) return false;
  if (spec.tlsSll.counted) {
    const count = load32(thread + ThreadSlot.counts + c);
    if (count >= LIST_CAP[c]) return false;
    store32(thread + ThreadSlot.counts + c, count + 1);
  }
  pushFirst(listOf(thread, c), block);
  if (spec.tlsSll.drainEvery > 0) countFree();
  return true;
}

/** F6: keeps a freed block of the class's current slab. */
export function keepHot(slab: Slab, c: ClassIndex, block: Ptr): boolean {
  if (slab !== load32(thread + ThreadSlot.current + c)) return false;
  pushFirst(listOf(thread, c), block);
  return true;
}

/** Makes the linked blocks from `first` on the list of a class whose list is empty. */
export function fillList(c: ClassIndex, first: Ptr, count: number): void {
  store32(listOf(thread, c), first);
  if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, count);
}

/** R1: where this thread frees blocks of its slab to, its list of their class or the slab. */
export function routeFor(slab: Slab, c: ClassIndex): Word {
  const isListed = c >= FIRST_LISTED && (spec.tlsSll.last === spec.classCount || c <= LAST_LISTED);
  return spec.listRoutes && isListed ? listOf(thread, c) : slab;
}

/** R1: from now on this thread frees blocks of its slab to where it frees those of a class. */
export function routeSlab(slab: Slab, c: ClassIndex): void {
  const route = routeFor(slab, c);
  const page = pageOfSlab(slab);
  if (spec.threads > 1) setRouteOf(page, route);
  else for (let i = 0; i < pagesOfSlab(c); i++) setRouteOf(page + i, route);
}

/** R1: a thread's lists are empty, and begin to count frees. */
export function beginLists(slot: ThreadSlot): void {
  store32(slot + ThreadSlot.short, 0);
  for (let c = 1; c <= spec.classCount; c++) store32(listOf(slot, c) + 1, FREES_IN_A_CALM_HEAP);
}

/**
 * R1: seven eighths of the heap are in use, so from now on this thread's lists are kept short.
 */
export function shortenLists(): void {
  if (load32(thread + ThreadSlot.short) !== 0) return;
  const end = heapEnd();
  if (pageOf(usedSuperSlabs()) < end - (end >>> 3)) return;
  store32(thread + ThreadSlot.short, 1);
  for (let c = 1; c <= spec.classCount; c++) store32(listOf(thread, c) + 1, 1);
}

/**
 * R1: a list has taken as many frees as it may between two looks at it. In a heap that is nearly
 * full what it has too much goes home, the blocks freed longest ago: four for each free, so that
 * a list that was long becomes short.
 */
export function trimList(list: Word): void {
  const isShort = load32(thread + ThreadSlot.short) !== 0;
  store32(list + 1, isShort ? FREES_IN_A_FULL_HEAP : FREES_IN_A_CALM_HEAP);
  let last = load32(list);
  for (let i = 1; i < KEPT_BLOCKS && last !== 0; i++) last = next(last);
  if (last !== 0) drainBehind(last, DRAINED_AT_ONCE);
}

/**
 * Gives up to `most` blocks of this thread's lists back to their slabs, the next ones each time.
 * Returns whether that was all.
 */
export function drainLists(most: number): boolean {
  let left = most;
  let c = load32(thread + ThreadSlot.drained);
  for (let i = 1; i <= spec.classCount; i++) {
    c = c < spec.classCount ? c + 1 : 1;
    left -= drainSome(c, left);
    if (left === 0) {
      // This class was not done: the next time begins with it.
      store32(thread + ThreadSlot.drained, c - 1);
      return false;
    }
  }
  return true;
}

/** Gives up to `most` blocks of a class's list back to their slabs. Returns how many. */
function drainSome(c: ClassIndex, most: number): number {
  const list = listOf(thread, c);
  let blocks = 0;
  for (let block = load32(list); block !== 0 && blocks < most; block = load32(list)) {
    // {@when spec.manyThreads} One by one: a thread that dies here loses no more than this block.
    // {@end}
    store32(list, next(block));
    freeToSlab(slabOf(block), block);
    blocks++;
  }
  if (spec.tlsSll.counted) {
    store32(thread + ThreadSlot.counts + c, load32(thread + ThreadSlot.counts + c) - blocks);
  }
  return blocks;
}

/** Gives the class's blocks back to their slabs. */
export function drainListed(c: ClassIndex): void {
  drainList(listOf(thread, c));
  if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, 0);
}

/** The same for a thread that leaves or has died. */
export function returnListed(slot: ThreadSlot, c: ClassIndex): void {
  returnList(listOf(slot, c));
  if (spec.tlsSll.counted) store32(slot + ThreadSlot.counts + c, 0);
}

/** One more free; after so many, all lists are drained to the slabs. */
function countFree(): void {
  const left = load32(thread + ThreadSlot.untilDrain) - 1;
  if (left === 0) {
    for (let c = 1; c <= spec.classCount; c++) drainListed(c);
  }
  store32(thread + ThreadSlot.untilDrain, left === 0 ? spec.tlsSll.drainEvery : left);
}
