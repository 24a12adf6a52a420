/**
 * Walks over all slabs{@when spec.heapWalk}, and over the blocks that {@when spec.manyThreads}
 * threads keep {@else} the caches keep {@end}{@end}. Each walk ends, whatever lies in the heap.
 */
import { ATTACHED_SLOT } from "../kernel/attach";
import { next } from "../kernel/block";
import { load32 } from "../kernel/intrinsics";
import { arraysOf, firstPage, slabAt, slabOf, THREAD_SLOTS, thread, usedPages } from "../kernel/memory-map";
import { ACTIVE } from "../kernel/ownership";
import { wordsOf } from "../kernel/record";
import { Slab, ThreadSlot } from "../kernel/records";
import { endOf } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { ROUNDS, roundWord } from "../kernel/tiers/magazine";
import { listOf } from "../kernel/tiers/tls-sll";
import { RING_CAP, ringWord } from "../kernel/tiers/unified-cache";
import { virginBlocks } from "../kernel/virgin";
import { expect, IN_ONE_PLACE, isBlockOf } from "./soundness";

/**
 * Every slab, page blocks included, by address: the records in use. What continues a slab has no
 * start of its own.
 */
export function* slabs(): Generator<number> {
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    if (load32(slab + Slab.start) !== 0) yield slab;
  }
}

/** Address behind the pages of a slab or of a page block. */
export function endOfSlab(slab: number): number {
  const c = load32(slab + Slab.class);
  return c === 0 ? load32(slab + Slab.carved) : endOf(slab, c);
}

/**
 * The slots of {@when spec.manyThreads} all attached threads {@else} the heap: there is one
 * {@end}.
 */
export function* threadSlots(): Generator<number> {
  if (spec.threads > 1) {
    for (let index = 0; index < spec.threads; index++) {
      const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
      if (load32(slot + ThreadSlot.state) >= ATTACHED_SLOT) yield slot;
    }
  } else {
    yield thread;
  }
}

/** The owner word of the slabs of the thread in a slot. */
function ownerIn(slot: number): number {
  return ACTIVE | ((slot - THREAD_SLOTS) / wordsOf(ThreadSlot));
}

/** The blocks of a class that a thread's tiers hold. */
export function* cachedBlocks(slot: number, c: number): Generator<number> {
  if (spec.fast.on) yield* linked(load32(slot + ThreadSlot.fast + c), slot, c);
  if (spec.tlsSll.on) yield* linked(load32(listOf(slot, c)), slot, c);
  if (spec.unifiedCache.on) {
    const first = load32(slot + ThreadSlot.ringFirst + c);
    const blocks = (load32(slot + ThreadSlot.ringEnd + c) - first) >>> 0;
    expect(blocks <= RING_CAP[c], "a ring holds no more than its cap", (slot + ThreadSlot.ringEnd + c) * 4);
    for (let i = 0; i < blocks; i++) {
      const w = ringWord(arraysOf(slot), c, first + i);
      expectCached(load32(w), slot, c);
      yield load32(w);
    }
  }
  if (spec.magazine.on) {
    const rounds = load32(slot + ThreadSlot.rounds + c);
    expect(rounds <= ROUNDS[c], "a magazine holds no more than its cap", (slot + ThreadSlot.rounds + c) * 4);
    for (let round = 0; round < rounds; round++) {
      const w = roundWord(arraysOf(slot), c, round);
      expectCached(load32(w), slot, c);
      yield load32(w);
    }
  }
  if (spec.tlsList.on) yield* linked(load32(slot + ThreadSlot.tlsList + c), slot, c);
}

/**
 * The blocks of a thread's list of a class, from `first` on. A list that is a ring ends with an
 * error (R. Brent, 1980).
 */
export function* linked(first: number, slot: number, c: number): Generator<number> {
  let anchor = 0;
  let untilAnchor = 1;
  let sinceAnchor = 0;
  for (let block = first; block !== 0; block = next(block)) {
    if (block === anchor) expect(false, IN_ONE_PLACE, entryOfRing(first, sinceAnchor));
    if (sinceAnchor === untilAnchor || anchor === 0) {
      anchor = block;
      untilAnchor *= 2;
      sinceAnchor = 0;
    }
    sinceAnchor++;
    expectCached(block, slot, c);
    yield block;
  }
}

/** The block that two others link to, of a list that goes into a ring of so many blocks. */
function entryOfRing(first: number, blocks: number): number {
  let ahead = first;
  for (let i = 0; i < blocks; i++) ahead = next(ahead);
  let block = first;
  while (block !== ahead) {
    block = next(block);
    ahead = next(ahead);
  }
  return block;
}

/** What a thread keeps of a class is a block of it, in a slab of the thread's own. */
function expectCached(block: number, slot: number, c: number): void {
  expect(isBlockOf(c, block), "a thread's list holds blocks of its class", block);
  if (spec.threads > 1) {
    const owner = load32(slabOf(block) + Slab.owner);
    expect(owner === ownerIn(slot), "a thread's list holds blocks of its own slabs", block);
  }
}

/** Blocks at the end of the carved part that a thread has not handed out yet. */
export function unopenedBlocks(slab: number, c: number): number {
  if (spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      if (slab === load32(slot + ThreadSlot.current + c)) return virginBlocks(slot, c);
    }
  }
  return 0;
}
