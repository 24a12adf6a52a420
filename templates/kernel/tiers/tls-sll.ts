/**
 * F2, the TLS SLL: per class a singly linked list of free blocks that belong to this thread. Refills fill it;
 * frees go to it for the classes routed there (R1).
 *
 * With the hot heap (F6) it is the hot box: it holds blocks of the class's current slab and no others, so that slab
 * is served from and freed into with no look at its record.
 */
import { next } from "../block";
import { load32, store32, table32 } from "../intrinsics";
import { thread } from "../memory-map";
import { type Slab, ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";
import { drainList, pushFirst, returnList } from "./block-list";

/** R1: the classes whose frees go to their list. */
const FIRST_LISTED: ClassIndex = spec.tlsSll.first;
const LAST_LISTED: ClassIndex = spec.tlsSll.last;

/** Blocks a list may hold, per class. */
const LIST_CAP = table32(spec.tlsSll.caps);

/** A block of the class, or 0. */
export function takeListed(c: ClassIndex): Ptr {
  const block = load32(thread + ThreadSlot.heads + c);
  if (block !== 0) store32(thread + ThreadSlot.heads + c, next(block));
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
  pushFirst(thread + ThreadSlot.heads + c, block);
  if (spec.tlsSll.drainEvery > 0) countFree();
  return true;
}

/** F6: keeps a freed block of the class's current slab. */
export function keepHot(slab: Slab, c: ClassIndex, block: Ptr): boolean {
  if (slab !== load32(thread + ThreadSlot.current + c)) return false;
  pushFirst(thread + ThreadSlot.heads + c, block);
  return true;
}

/** Makes the linked blocks from `first` on the list of a class whose list is empty. */
export function fillList(c: ClassIndex, first: Ptr, count: number): void {
  store32(thread + ThreadSlot.heads + c, first);
  if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, count);
}

/** Gives the class's blocks back to their slabs. */
export function drainListed(c: ClassIndex): void {
  drainList(thread + ThreadSlot.heads + c);
  if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, 0);
}

/** The same for a thread that leaves or has died. */
export function returnListed(slot: ThreadSlot, c: ClassIndex): void {
  returnList(slot + ThreadSlot.heads + c);
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
