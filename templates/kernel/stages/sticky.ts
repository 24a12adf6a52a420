/** P1, sticky: per class the slab that was current before this one. It serves again as soon as a block has come back to it. */
import { load32, store32 } from "../intrinsics";
import { NO_SLAB, thread } from "../memory-map";
import { Slab, ThreadSlot } from "../records";
import { drainRemote } from "../remote-queue";
import { spec } from "../spec";
import type { ClassIndex } from "../types";
import { isPartial, removePartial } from "./partial";

/** The slab that was current before `usedUp`, if it has blocks to offer, or 0. */
export function takeSticky(c: ClassIndex, usedUp: Slab): Slab {
  if (usedUp === NO_SLAB) return 0;
  const word = thread + ThreadSlot.sticky + c;
  if (spec.threads > 1 && load32(word) !== 0) drainRemote(load32(word));
  // The drain may have released it.
  const slab = load32(word);
  store32(word, usedUp);
  if (slab === 0 || slab === usedUp || load32(slab + Slab.free) === 0) return 0;
  if (isPartial(slab, c)) {
    removePartial(slab, c);
  } else {
    store32(slab + Slab.left, load32(slab + Slab.left) + load32(slab + Slab.rest));
    store32(slab + Slab.rest, 0);
  }
  return slab;
}

/** A slab is empty and given up. */
export function forgetSticky(slab: Slab, c: ClassIndex): void {
  const word = thread + ThreadSlot.sticky + c;
  if (load32(word) === slab) store32(word, 0);
}
