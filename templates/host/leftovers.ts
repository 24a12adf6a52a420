/**
 * {@when spec.manyThreads}
 * What threads left that were attached when the image was taken (N2), perhaps in the middle of a
 * call: `check()` does not hold of it until it is reclaimed. Looked at is what reclaiming
 * follows: every list ends, and its blocks are in one place. {@else} The virgin parts of current
 * slabs in an image (N2). {@end}
 */
import { next } from "../kernel/block";
import { load32 } from "../kernel/intrinsics";
import { firstPage, NO_SLAB, pageOfSlab, slabAt, THREAD_SLOTS, usedPages } from "../kernel/memory-map";
import { ACTIVE, ASIDE, stateOf } from "../kernel/ownership";
import { addressOf } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Slab, ThreadSlot } from "../kernel/records";
import { firstRemote } from "../kernel/remote-queue";
import { spec } from "../kernel/spec";
import { listOf } from "../kernel/tiers/tls-sll";
import { virginBlocks } from "../kernel/virgin";
import { keptBlocks, markBlock, newMarks } from "./free-blocks";
import { threadSlots } from "./heap-walk";
import { endPage } from "./memory";
import { expect, expectSlab, isBlockIn, isSlab } from "./soundness";

export function checkOwned(): void {
  for (const slot of threadSlots()) checkCurrent(slot);
  const kept = keptBlocks();
  const marks = newMarks();
  let behind = 0;
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    if (isOwned(load32(slab + Slab.owner))) behind += checkOwnedSlab(slab, kept, behind, marks);
  }
  expect(behind === kept.length, "a thread's list holds blocks of slabs in use", kept[behind]);
}

/** Whether an owner word says that a thread owns the slab. */
function isOwned(owner: number): boolean {
  return stateOf(owner) === ACTIVE || (spec.threads > 1 && spec.pool.handOver && stateOf(owner) === ASIDE);
}

/** The slabs that a thread takes blocks from. */
function checkCurrent(slot: number): void {
  for (let c = 1; c <= spec.classCount; c++) {
    const slab = load32(slot + ThreadSlot.current + c);
    if (slab !== NO_SLAB) {
      expect(
        isSlab(slab) && load32(slab + Slab.class) === c,
        "a current slab serves its class",
        (slot + ThreadSlot.current + c) * 4,
      );
    }
    if (spec.tlsSll.on) checkVirgin(slot, c, slab);
  }
}

/**
 * The virgin part that a thread had opened: the place where it is given back lies in its slab.
 */
export function checkVirgin(slot: number, c: number, slab: number): void {
  const virgin = load32(slot + ThreadSlot.virgin + c);
  if (virgin === 0) return;
  const place = (slot + ThreadSlot.virgin + c) * 4;
  if (slab === NO_SLAB) {
    expect(virginBlocks(slot, c) === 0, "a virgin part is the current slab's", place);
    return;
  }
  // The address behind the last block may be the end of what was carved.
  const isEnd = virgin - spec.headerBytes === load32(slab + Slab.carved);
  expect(isEnd || isBlockIn(slab, c, virgin), "a virgin part begins with a block", place);
}

/**
 * A slab of a thread's. Returns how many of the blocks that threads keep, from `kept[from]` on,
 * are its.
 */
function checkOwnedSlab(slab: number, kept: Uint32Array, from: number, marks: Uint32Array): number {
  const c = load32(slab + Slab.class);
  if (load32(slab + Slab.start) === 0 || c === 0) {
    // Claimed, and not set up.
    const place = addressOf(pageOfSlab(slab));
    expect(load32(slab + Slab.carved) <= addressOf(endPage), "a run ends in the memory", place);
    return 0;
  }
  expectSlab(slab);
  marks.fill(0);
  const free = load32(slab + Slab.free);
  let behind = from;
  for (; behind < kept.length && isBlockIn(slab, c, kept[behind]); behind++) {
    // Blocks that were just moved to the thread's list are shown by both.
    if (!(spec.tlsSll.on && isBeingTaken(slab, c, free))) mark(slab, c, marks, kept[behind]);
  }
  markChain(slab, c, marks, free, 0);
  const page = pageOfSlab(slab);
  const taking = firstRemote(page, load32(slab + Slab.taking));
  const remote = firstRemote(page, load32(slab + Slab.remote));
  if (taking !== 0 && taking !== free && !leadsTo(slab, c, remote, taking)) {
    markChain(slab, c, marks, taking, free);
  }
  markChain(slab, c, marks, remote, 0);
  return behind - from;
}

/**
 * Whether a thread died between two steps of a refill: its list begins behind the slab's first
 * free block.
 */
function isBeingTaken(slab: number, c: number, free: number): boolean {
  if (free === 0 || stateOf(load32(slab + Slab.owner)) !== ACTIVE || !isBlockIn(slab, c, free)) return false;
  const slot = THREAD_SLOTS + (load32(slab + Slab.owner) - ACTIVE) * wordsOf(ThreadSlot);
  return load32(slot + ThreadSlot.current + c) === slab && load32(listOf(slot, c)) === next(free);
}

/** Marks the blocks from `first` on, as far as `end`. */
function markChain(slab: number, c: number, marks: Uint32Array, first: number, end: number): void {
  for (let block = first; block !== 0 && block !== end; block = next(block)) mark(slab, c, marks, block);
}

function mark(slab: number, c: number, marks: Uint32Array, block: number): void {
  expect(isBlockIn(slab, c, block), "a slab's list holds its own blocks", block);
  markBlock(slab, c, marks, block);
}

/**
 * Whether a list of the slab's leads to a block. Ends at what is none of its blocks, or after as
 * many as it has.
 */
function leadsTo(slab: number, c: number, first: number, to: number): boolean {
  let left = load32(slab + Slab.carved) - load32(slab + Slab.start);
  for (let block = first; isBlockIn(slab, c, block) && left > 0; block = next(block)) {
    if (block === to) return true;
    left--;
  }
  return false;
}
