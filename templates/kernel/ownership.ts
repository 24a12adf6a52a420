/**
 * Ownership (R4, L2): one word per slab says what the slab is and whose, and changes by
 * compare-and-swap only. Claim first, look after: nobody reads or writes a slab's other words
 * before the slab is his.
 *
 * Whatever else remembers a slab (a bit, a list of EMPTY ones) is a hint: it may be stale, and
 * the word decides. Records are never freed, so a stale name is always safe to ask.
 */
import { atomicCas, atomicLoad, load32, loadRacy32 } from "./intrinsics";
import { CLAIMS_LOST, CLAIMS_WON, tally } from "./observe/counters";
import { Slab } from "./records";
import { spec } from "./spec";

/** Bits 28 … 31 of an owner word are a state, and the bits below say more. */
const STATE_SHIFT = 28;
/**
 * What an owner word holds: with this state a generation; nobody has used the slab since its
 * SuperSlab was taken,
 */
export const UNUSED = 0;
/** with this one the number of the thread that owns it, */
export const ACTIVE = 1 << STATE_SHIFT;
/** a generation: it was used and is empty, */
export const EMPTY = 2 << STATE_SHIFT;
/** a generation: its owner has left, and blocks of it are out, */
export const ABANDONED = 3 << STATE_SHIFT;
/**
 * a generation: it is a block of whole pages, or the first of them. Whoever frees the block owns
 * it.
 */
export const LARGE = 4 << STATE_SHIFT;
/** the page of the LARGE slab that it continues. */
export const TAIL = 5 << STATE_SHIFT;
/** It holds metadata. */
export const RESERVED = 6 << STATE_SHIFT;
/**
 * the number of the thread that owns it and has set it aside, and above that a stamp: see
 * `aside`.
 */
export const ASIDE = 7 << STATE_SHIFT;

const LAST_GENERATION = (1 << STATE_SHIFT) - 1;

/** @inline The state of an owner word. */
export function stateOf(word: number): number {
  return word & -ACTIVE;
}

/** @inline Whether a slab with this owner word can be claimed. */
export function isFree(word: number): boolean {
  return (word & ~EMPTY) < ACTIVE;
}

/** Claims a slab whose owner word was seen to be `seen`. */
export function claim(slab: Slab, seen: number, as: number): boolean {
  if (spec.observe.counters) return countedClaim(atomicCas(slab + Slab.owner, seen, as) === seen);
  return atomicCas(slab + Slab.owner, seen, as) === seen;
}

function countedClaim(won: boolean): boolean {
  tally(won ? CLAIMS_WON : CLAIMS_LOST);
  return won;
}

/** The owner gives a slab up. It is his until the last step, so that one never fails. */
export function giveUp(slab: Slab, state: number): void {
  atomicCas(slab + Slab.owner, loadRacy32(slab + Slab.owner), state | load32(slab + Slab.generation));
}

/**
 * The generation a slab has when it is released next. It is never 0 again: 0 says that the memory
 * is as new.
 */
export function nextGeneration(slab: Slab): number {
  const generation = load32(slab + Slab.generation);
  return generation === LAST_GENERATION ? 1 : generation + 1;
}

/** What a slab is at this moment. */
export function ownerOf(slab: Slab): number {
  return atomicLoad(slab + Slab.owner);
}
