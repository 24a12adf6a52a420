/**
 * F2, the TLS SLL: per class a singly linked list of free blocks that belong to this thread. Refills fill
 * it; frees go to it for the classes routed there (R1), the others' go straight to their slab.
 */
import { link, next } from "../block";
import { load32, store32, table32 } from "../intrinsics";
import { slabOf, thread } from "../memory-map";
import { type Slab, ThreadSlot } from "../records";
import { freeToSlab } from "../slab";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";

/** R1: the classes whose frees go to their list. */
export const FIRST_LISTED: ClassIndex = spec.tlsSll.first;
export const LAST_LISTED: ClassIndex = spec.tlsSll.last;

/** Blocks a list may hold, per class. */
const LIST_CAP = table32(spec.tlsSll.caps);

/** @inline First block of the list, or 0. */
export function firstInList(c: ClassIndex): Ptr {
  return load32(thread + ThreadSlot.heads + c);
}

/** Takes the first block, which the caller has looked at, off the list. */
export function popList(c: ClassIndex, block: Ptr): void {
  store32(thread + ThreadSlot.heads + c, next(block));
  if (spec.tlsSll.counted) addToCount(c, -1);
}

/** Makes the linked blocks from `first` on the list of a class whose list is empty. */
export function fillList(c: ClassIndex, first: Ptr, count: number): void {
  store32(thread + ThreadSlot.heads + c, first);
  if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, count);
}

/** Takes a freed block; past the list's cap it goes to its own slab. */
export function pushList(slab: Slab, c: ClassIndex, block: Ptr): void {
  if (spec.tlsSll.counted) {
    if (load32(thread + ThreadSlot.counts + c) >= LIST_CAP[c]) {
      freeToSlab(slab, block);
      return;
    }
    addToCount(c, 1);
  }
  link(block, firstInList(c));
  store32(thread + ThreadSlot.heads + c, block);
  if (spec.tlsSll.drainEvery > 0) {
    const left = load32(thread + ThreadSlot.untilDrain) - 1;
    store32(thread + ThreadSlot.untilDrain, left);
    if (left === 0) drainLists();
  }
}

/** Gives every block of every list back to its slab. */
export function drainLists(): void {
  for (let c = 1; c <= spec.classCount; c++) {
    let block = firstInList(c);
    while (block !== 0) {
      const following = next(block);
      // One by one: a thread that dies here loses no more than this block.
      store32(thread + ThreadSlot.heads + c, following);
      freeToSlab(slabOf(block), block);
      block = following;
    }
    if (spec.tlsSll.counted) store32(thread + ThreadSlot.counts + c, 0);
  }
  if (spec.tlsSll.drainEvery > 0) {
    store32(thread + ThreadSlot.untilDrain, spec.tlsSll.drainEvery);
  }
}

function addToCount(c: ClassIndex, blocks: number): void {
  const count = thread + ThreadSlot.counts + c;
  store32(count, load32(count) + blocks);
}
