/**
 * Mailboxes: a bit for each slab that somebody should look at. A thread has one for its slabs
 * that others have freed into (P4), set by whoever pushes the first block on an empty remote
 * list; and there is one for slabs that nobody owns (P5).
 *
 * Bits are hints: to set one twice does no harm, and one that comes after its slab changed hands
 * is ignored, because a new owner drains after he has claimed, and the block was pushed before
 * that. Before the bits of pages lies a bit for each word of them: set after a bit of that word,
 * and cleared before the word is taken.
 */
import { asideBy, takeBack } from "../aside";
import { atomicAnd, atomicExchange, atomicOr, load32, loadRacy32, store32 } from "../intrinsics";
import {
  ABANDONED_BOX,
  boxOf,
  boxSummaryWords,
  firstPage,
  indexOf,
  pageOfSlab,
  self,
  slabAt,
  thread,
  usedPages,
} from "../memory-map";
import { ABANDONED, ACTIVE, ASIDE, claim, ownerOf, stateOf } from "../ownership";
import { lowestBit } from "../page-bitmap";
import { Slab, ThreadSlot } from "../records";
import { drainRemote } from "../remote-queue";
import { spec } from "../spec";
import type { ClassIndex, Page, Word } from "../types";
import { settleAdopted } from "./adopt";
import { takeOwn } from "./partial";

/**
 * A call takes back so much and stops at the next slab: list nodes walked and slabs looked at.
 * What is left stays announced.
 */
const STEPS = spec.pool.portion;

/**
 * Tells whoever should look at a slab that blocks wait in its remote list. `again`: who told
 * first may have died over it.
 */
export function announce(slab: Slab, again: boolean): void {
  const owner = ownerOf(slab);
  const page = pageOfSlab(slab);
  if (stateOf(owner) === ABANDONED) {
    post(ABANDONED_BOX, page, again);
  } else if (spec.refill.mailbox && stateOf(owner) === ACTIVE) {
    post(boxOf(owner - ACTIVE), page, again);
  } else if (spec.refill.mailbox && spec.threads > 1 && spec.pool.handOver && stateOf(owner) === ASIDE) {
    post(boxOf(asideBy(owner)), page, again);
  }
}

/** Sets the bit of a page in a mailbox. */
export function post(box: Word, page: Page, again: boolean): void {
  const w = page >>> 5;
  // Of a word that is not empty the bit was set, or is about to be.
  const before = atomicOr(box + boxSummaryWords + w, 1 << (page & 31));
  if (before === 0 || again) atomicOr(box + (w >>> 5), 1 << (w & 31));
}

/** A slab of the class that others have freed into, or 0. */
export function takeDrained(c: ClassIndex): Slab {
  takeFreedByOthers();
  return takeOwn(c);
}

/**
 * Takes back what others have freed into this thread's slabs, or a portion of it. Returns whether
 * there was anything.
 */
export function takeFreedByOthers(): boolean {
  return spec.refill.mailbox ? takeAnnounced(boxOf(indexOf(thread))) : drainOwned();
}

/**
 * Looks at the slabs announced in a mailbox, until all are done or enough is. Returns whether
 * there were any.
 */
export function takeAnnounced(box: Word): boolean {
  const end = (usedPages() + 1023) >>> 10;
  let steps = 0;
  for (let i = 0; i < end; i++) {
    // A bit that is not seen yet is seen next time.
    let words = loadRacy32(box + i);
    while (words !== 0) {
      const bit = words & -words;
      const w = i * 32 + lowestBit(words);
      words ^= bit;
      atomicAnd(box + i, ~bit);
      steps += takeWord(box, w);
      if (steps >= STEPS) return true;
    }
  }
  return steps > 0;
}

/**
 * Looks at the slabs announced in a word of a mailbox. Returns how many steps that took; what is
 * too much stays announced.
 */
function takeWord(box: Word, w: number): number {
  let steps = 0;
  let bits = atomicExchange(box + boxSummaryWords + w, 0);
  while (bits !== 0) {
    if (steps >= STEPS) {
      atomicOr(box + boxSummaryWords + w, bits);
      atomicOr(box + (w >>> 5), 1 << (w & 31));
      return steps;
    }
    steps += visit(w * 32 + lowestBit(bits));
    bits &= bits - 1;
  }
  return steps;
}

/**
 * Takes back what was freed into a slab of this thread's, or that nobody owns. Returns how many
 * steps that took.
 */
function visit(page: Page): number {
  const slab = slabAt(page);
  // Only this thread makes a slab its own, and its own writes it sees.
  const owner = loadRacy32(slab + Slab.owner);
  if (owner === self || (spec.threads > 1 && spec.pool.handOver && takeBack(slab))) return drainRemote(slab);
  // Stale or not: the claim compares.
  if (stateOf(owner) === ABANDONED && claim(slab, owner, self)) return settleAdopted(slab);
  return 1;
}

/** Without a mailbox: looks through this thread's slabs for remote frees, a portion at a time. */
function drainOwned(): boolean {
  const end = usedPages();
  const pages = end - firstPage < STEPS ? end - firstPage : STEPS;
  let page = load32(thread + ThreadSlot.looked);
  let found = false;
  for (let i = 0; i < pages; i++) {
    page = page + 1 < end && page >= firstPage ? page + 1 : firstPage;
    const slab = slabAt(page);
    if (isOwnWithRemote(slab)) {
      drainRemote(slab);
      found = true;
    }
  }
  store32(thread + ThreadSlot.looked, page);
  return found;
}

/** Whether a slab is this thread's, and others have freed into it. */
function isOwnWithRemote(slab: Slab): boolean {
  if (loadRacy32(slab + Slab.remote) === 0) return false;
  return loadRacy32(slab + Slab.owner) === self || (spec.threads > 1 && spec.pool.handOver && takeBack(slab));
}
