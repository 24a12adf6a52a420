/**
 * Slabs set aside (L3): a slab whose thread sleeps goes back to the pool by whoever frees its
 * last block.
 *
 * A full slab has no block to offer, so its thread keeps no way that leads there, and says so:
 * ACTIVE becomes ASIDE. From then on the slab is somebody's as soon as he has turned ASIDE into
 * ACTIVE, and looked after that: the thread, when one of its blocks comes back to it; or whoever
 * sees all of its blocks in the remote list. While a slab is aside blocks only come home, so once
 * all are there they stay. A stamp tells one time aside from the next.
 *
 * It costs two compare-and-swaps, so a slab is set aside only if at least half of its blocks were
 * handed out at a stretch.
 */
import { free } from "./free";
import { atomicCas, atomicLoad, load32, loadRacy32, store32 } from "./intrinsics";
import { pageOfSlab, self, setRouteOf, slabOf, thread } from "./memory-map";
import { ACTIVE, ASIDE, claim, ownerOf, stateOf } from "./ownership";
import { releaseToPool } from "./pool/release";
import { Slab, ThreadSlot } from "./records";
import { drainRemote, remoteBlocks, takeRemote } from "./remote-queue";
import { spec } from "./spec";
import { forgetHint } from "./tiers/tls-hint";
import { routeSlab } from "./tiers/tls-sll";
import type { ClassIndex, Ptr, Word } from "./types";

/** The low bits of an ASIDE word are the thread's number, those above count. */
const NUMBER_BITS = 32 - Math.clz32(spec.threads);
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
const ASIDE_STAMPS = (1 << (28 - NUMBER_BITS)) - 1;

/** Slabs that this thread has set aside. */
let stamp = 0;

/** Whether a slab that is full was given to the thread for at least half of its blocks. */
export function isWorthSettingAside(slab: Slab, c: ClassIndex): boolean {
  return load32(slab + Slab.left) >= 2 * load32(thread + ThreadSlot.outBefore + c);
}

/** Sets a full slab of this thread's aside. Nothing of the thread's leads to it any more. */
export function setAside(slab: Slab): void {
  if (spec.routes) setRouteOf(pageOfSlab(slab), asideList(thread));
  if (spec.tlsHint) forgetHint();
  stamp = (stamp + 1) & ASIDE_STAMPS;
  atomicCas(slab + Slab.owner, self, ASIDE | (stamp << NUMBER_BITS) | (self - ACTIVE));
  // Whoever freed the last block before this saw the slab ACTIVE, and left it to its thread.
  if (atomicLoad(slab + Slab.remote) !== 0 && takeBack(slab)) drainRemote(slab);
}

/**
 * Makes a slab this thread's that it has set aside. False: it is no such slab, or somebody else's
 * by now.
 */
export function takeBack(slab: Slab): boolean {
  // Only this thread sets slabs aside in its name, and its own writes it sees.
  const seen = loadRacy32(slab + Slab.owner);
  if (!isAsideOf(seen, self - ACTIVE) || !claim(slab, seen, self)) return false;
  if (spec.routes) routeSlab(slab, load32(slab + Slab.class));
  return true;
}

/** @inline Whether an owner word says that the thread of a number has set the slab aside. */
export function isAsideOf(owner: number, index: number): boolean {
  return stateOf(owner) === ASIDE && (owner & NUMBER_MASK) === index;
}

/** @inline The number of the thread that has set a slab with this owner word aside. */
export function asideBy(owner: number): number {
  return owner & NUMBER_MASK;
}

/**
 * Blocks of a slab's remote list were all of its blocks. If it was set aside, and is so still, it
 * goes to the pool.
 */
export function handOver(slab: Slab): boolean {
  const owner = ownerOf(slab);
  if (stateOf(owner) !== ASIDE) return false;
  // Asked after the owner word was read: while that stays as it is, no block goes out.
  if (remoteBlocks(atomicLoad(slab + Slab.remote)) !== loadRacy32(slab + Slab.blocks)) return false;
  if (!claim(slab, owner, self)) return false;
  takeRemote(slab);
  releaseToPool(slab);
  return true;
}

/** Where blocks of slabs that a thread has set aside are freed to: each free is looked at. */
function asideList(slot: ThreadSlot): Word {
  return slot + ThreadSlot.aside;
}

/** @inline Whether a list is the one of a thread's slabs set aside. */
export function isAsideList(list: Word): boolean {
  return list === asideList(thread);
}

/** A slot's list of slabs set aside is empty, and settles at each free. */
export function beginAside(slot: ThreadSlot): void {
  store32(asideList(slot), 0);
  store32(asideList(slot) + 1, 1);
}

/** The thread has freed a block of a slab that it set aside, and that may be another's by now. */
export function freeAside(block: Ptr): void {
  beginAside(thread);
  const slab = slabOf(block);
  if (!takeBack(slab)) setRouteOf(pageOfSlab(slab), 0);
  free(block);
}
