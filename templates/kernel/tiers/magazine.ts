/**
 * F4, the magazine: per class an array of addresses, filled and emptied in batches (after J.
 * Bonwick and J. Adams, "Magazines and Vmem", 2001). Nothing is written into the blocks.
 */
import { next } from "../block";
import { load32, store32, table32 } from "../intrinsics";
import { arrays, arraysOf, slabOf, thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { freeToSlab } from "../slab";
import { spec } from "../spec";
import type { ClassIndex, Ptr, Word } from "../types";
import { returnBlock } from "./block-list";
import { keepInTlsList } from "./tls-list";

/** Rounds a magazine may hold, per class; 0: the class has none. */
export const ROUNDS = table32(spec.magazine.rounds);
/** Where it begins in the thread's arrays. */
const MAGAZINE_START = table32(spec.magazine.starts);

/** A block of the class, or 0. */
export function takeRound(c: ClassIndex): Ptr {
  let rounds = load32(thread + ThreadSlot.rounds + c);
  if (rounds === 0) {
    if (spec.tlsSll.on) return 0;
    rounds = fillMagazine(c);
    if (rounds === 0) return 0;
  }
  store32(thread + ThreadSlot.rounds + c, rounds - 1);
  return load32(roundWord(arrays, c, rounds - 1));
}

/**
 * Keeps a freed block, if its class has a magazine; one that is too full by that gives half of
 * its rounds away.
 */
export function keepRound(c: ClassIndex, block: Ptr): boolean {
  const most = ROUNDS[c];
  if (most === 0) return false;
  const rounds = load32(thread + ThreadSlot.rounds + c);
  store32(roundWord(arrays, c, rounds), block);
  store32(thread + ThreadSlot.rounds + c, rounds + 1);
  // {@when spec.manyThreads} Afterwards: a thread that dies in it has one block in hand, not two.
  // {@end}
  if (rounds === most) emptyMagazine(c, most);
  return true;
}

/** Gives the class's blocks back to their slabs. */
export function drainMagazine(c: ClassIndex): void {
  let rounds = load32(thread + ThreadSlot.rounds + c);
  while (rounds > 0) {
    rounds--;
    const block = load32(roundWord(arrays, c, rounds));
    store32(thread + ThreadSlot.rounds + c, rounds);
    freeToSlab(slabOf(block), block);
  }
}

/** The same for a thread that leaves or has died. */
export function returnMagazine(slot: ThreadSlot, c: ClassIndex): void {
  let rounds = load32(slot + ThreadSlot.rounds + c);
  while (rounds > 0) {
    rounds--;
    const block = load32(roundWord(arraysOf(slot), c, rounds));
    store32(slot + ThreadSlot.rounds + c, rounds);
    returnBlock(block);
  }
}

/** @inline The word of a round; there is room for one too many. */
export function roundWord(from: Word, c: ClassIndex, round: number): Word {
  return from + MAGAZINE_START[c] + round;
}

/**
 * Half a magazine of what was freed into the class's current slab. Returns how many rounds that
 * are.
 */
function fillMagazine(c: ClassIndex): number {
  const slab = load32(thread + ThreadSlot.current + c);
  const half = (ROUNDS[c] + 1) >>> 1;
  let rounds = 0;
  for (let block = load32(slab + Slab.free); block !== 0 && rounds < half; block = load32(slab + Slab.free)) {
    store32(slab + Slab.free, next(block));
    store32(slab + Slab.left, load32(slab + Slab.left) + 1);
    store32(roundWord(arrays, c, rounds), block);
    rounds++;
    store32(thread + ThreadSlot.rounds + c, rounds);
  }
  return rounds;
}

/** The next tier gets half of the rounds, the last ones first; or their slabs. */
function emptyMagazine(c: ClassIndex, most: number): void {
  const half = most >>> 1;
  for (let rounds = most + 1; rounds > half; rounds--) {
    const block = load32(roundWord(arrays, c, rounds - 1));
    store32(thread + ThreadSlot.rounds + c, rounds - 1);
    if (!(spec.tlsList.on && keepInTlsList(c, block))) freeToSlab(slabOf(block), block);
  }
}
