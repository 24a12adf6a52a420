/**
 * P4, the mailbox: per thread a bit for each slab, set by whoever pushes the first block on an empty remote list.
 * Bits are hints: to set one twice does no harm, and one that comes after its slab changed hands is ignored,
 * because a new owner drains after he has claimed, and the block was pushed before that.
 */
import { atomicAdd, atomicExchange, atomicOr, loadRacy32 } from "../intrinsics";
import {
  firstPage,
  HEAP,
  pageOfSlab,
  pendingWord,
  self,
  slabAt,
  THREAD_SLOTS,
  thread,
  usedPages,
} from "../memory-map";
import { ABANDONED, ACTIVE, ownerOf, stateOf } from "../ownership";
import { wordsOf } from "../record";
import { Heap, Slab, ThreadSlot } from "../records";
import { drainRemote } from "../remote-queue";
import { spec } from "../spec";
import type { ClassIndex, Page } from "../types";
import { takeOwn } from "./partial";

/** Tells the owner of a slab, if it has one, that blocks wait in its remote list. */
export function announce(slab: Slab): void {
  const owner = ownerOf(slab);
  if (spec.refill.mailbox && stateOf(owner) === ACTIVE) {
    const slot = THREAD_SLOTS + (owner - ACTIVE) * wordsOf(ThreadSlot);
    const page = pageOfSlab(slab);
    atomicOr(pendingWord(slot, page), 1 << (page & 31));
  } else if (stateOf(owner) === ABANDONED) {
    atomicAdd(HEAP + Heap.abandonments, 1);
  }
}

/** A slab of the class that others have freed into, or 0. */
export function takeDrained(c: ClassIndex): Slab {
  if (spec.refill.mailbox) drainPending();
  else drainOwned();
  return takeOwn(c);
}

/** Drains the slabs of this thread that were announced. */
function drainPending(): void {
  const end = usedPages();
  for (let page = 0; page < end; page += 32) {
    // A bit that is not seen yet is seen next time.
    if (loadRacy32(pendingWord(thread, page)) !== 0) drainAnnounced(page);
  }
}

/** Without a mailbox: drains those of this thread's slabs that have remote frees. */
function drainOwned(): void {
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    if (loadRacy32(slab + Slab.owner) === self) drainRemote(slab);
  }
}

function drainAnnounced(page: Page): void {
  let bits = atomicExchange(pendingWord(thread, page), 0);
  while (bits !== 0) {
    const bit = 31 - Math.clz32(bits);
    bits = (bits ^ (1 << bit)) >>> 0;
    const slab = slabAt(page + bit);
    // Only this thread makes a slab its own, and its own writes it sees.
    if (loadRacy32(slab + Slab.owner) === self) drainRemote(slab);
  }
}
