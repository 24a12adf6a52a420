/**
 * owns (N4): whether a block starts at an address, by what its slab's record says. Nothing is
 * walked, and nothing written.
 */
import { haveViewsGone } from "./growth";
import { loadRacy32 } from "./intrinsics";
import { firstOfRun } from "./large-block";
import { firstPage, slabOf, THREAD_SLOTS, thread, usedPages } from "./memory-map";
import { ABANDONED, ACTIVE, ASIDE, LARGE, stateOf } from "./ownership";
import { PAGE_SHIFT } from "./page";
import { isNoSize } from "./page-block";
import { wordsOf } from "./record";
import { Slab, ThreadSlot } from "./records";
import { CLASS_BYTES } from "./size-class";
import { spec } from "./spec";
import type { ClassIndex, Ptr, Word } from "./types";

/**
 * {@when spec.manyThreads} Other threads may change what is read here, so the answer may be out
 * of date. {@end}
 */
export function owns(ptr: Ptr): boolean {
  haveViewsGone();
  const page = ptr >>> PAGE_SHIFT;
  if (isNoSize(ptr) || page < firstPage || page >= usedPages()) return false;
  // {@when !spec.manyThreads} The page map may name a slab that is gone, or one that is shorter
  // now: its record says so. {@end}
  const first = slabOf(ptr);
  if (spec.threads === 1 && first === 0) return false;
  const slab = spec.threads > 1 && spec.headerBytes > 0 ? firstOfRun(first) : first;
  const start = loadRacy32(slab + Slab.start);
  if (start === 0) return false;
  const c = loadRacy32(slab + Slab.class);
  const state = spec.threads > 1 ? stateOf(loadRacy32(slab + Slab.owner)) : 0;
  if (c === 0) {
    return (
      (spec.threads === 1 || state === LARGE) &&
      ptr === (spec.headerBytes > 0 ? loadRacy32(slab + Slab.next) : start)
    );
  }
  if (spec.threads > 1 && state !== ACTIVE && state !== ASIDE && state !== ABANDONED) return false;
  const offset = ptr - spec.headerBytes - start;
  return offset >= 0 && offset % CLASS_BYTES[c] === 0 && ptr < handedOutTo(slab, c);
}

/** No block of the slab that was ever handed out starts at this address or behind it. */
function handedOutTo(slab: Slab, c: ClassIndex): Ptr {
  const carved = loadRacy32(slab + Slab.carved);
  if (spec.tlsSll.on) {
    const slot = slotOf(slab);
    if (loadRacy32(slot + ThreadSlot.current + c) === slab) {
      // The thread has opened the slab's virgin part, and takes block after block of it.
      const virgin = loadRacy32(slot + ThreadSlot.virgin + c);
      if (virgin !== 0) return virgin;
    }
  }
  return carved;
}

/**
 * The slot of the thread that owns a slab; of nobody's slab some slot, which does not have it.
 */
function slotOf(slab: Slab): Word {
  if (spec.threads > 1) {
    const owner = loadRacy32(slab + Slab.owner);
    return stateOf(owner) === ACTIVE ? THREAD_SLOTS + (owner - ACTIVE) * wordsOf(ThreadSlot) : THREAD_SLOTS;
  } else {
    return thread;
  }
}
