/**
 * P1, sticky: per class the slab that was current before this one. It serves again as soon as a
 * block has come back to it.
 */
import { takeBack } from "../aside";
import { load32, loadRacy32, store32 } from "../intrinsics";
import { NO_SLAB, self, thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { drainRemote } from "../remote-queue";
import { spec } from "../spec";
import type { ClassIndex } from "../types";
import { isListed, offerAll, unlist } from "./partial";

/** The slab that was current before `usedUp`, if it has blocks to offer, or 0. */
export function takeSticky(c: ClassIndex, usedUp: Slab): Slab {
  if (usedUp === NO_SLAB) return 0;
  const word = thread + ThreadSlot.sticky + c;
  const remembered = load32(word);
  if (spec.threads > 1 && remembered !== 0) {
    if (isStillOf(remembered, c)) drainRemote(remembered);
    else store32(word, 0);
  }
  // The drain may have released it.
  const slab = load32(word);
  store32(word, usedUp);
  if (slab === 0 || slab === usedUp || load32(slab + Slab.free) === 0) return 0;
  if (isListed(slab, c)) unlist(slab, c);
  offerAll(slab);
  return slab;
}

/**
 * Whether a slab is still this thread's and of the class: one that was set aside may have changed
 * hands.
 */
function isStillOf(slab: Slab, c: ClassIndex): boolean {
  if (spec.threads === 1 || !spec.pool.handOver) return true;
  const isOwn =
    loadRacy32(slab + Slab.owner) === self || (loadRacy32(slab + Slab.remote) !== 0 && takeBack(slab));
  return isOwn && load32(slab + Slab.class) === c;
}

/** A slab is empty and given up. */
export function forgetSticky(slab: Slab, c: ClassIndex): void {
  const word = thread + ThreadSlot.sticky + c;
  if (load32(word) === slab) store32(word, 0);
}
