/** P1, sticky: per class the slab that was current before this one. It serves again as soon as a block has come back to it. */
import { load32, store32 } from "./intrinsics";
import { thread } from "./memory-map";
import { addPartial, isPartial } from "./partial";
import { Slab, ThreadSlot } from "./records";
import { drainRemote } from "./remote-queue";
import { spec } from "./spec";
import type { ClassIndex } from "./types";

/** The class's current slab is used up. Returns the one before it, if that has blocks to offer: it is partial then; or 0. */
export function stickySlab(usedUp: Slab, c: ClassIndex): Slab {
  const word = thread + ThreadSlot.sticky + c;
  if (spec.threads > 1 && load32(word) !== 0) drainRemote(load32(word));
  // The drain may have released it.
  const slab = load32(word);
  store32(word, usedUp);
  if (slab === 0 || slab === usedUp || load32(slab + Slab.free) === 0) return 0;
  if (!isPartial(slab, c)) {
    store32(slab + Slab.left, load32(slab + Slab.left) + load32(slab + Slab.rest));
    store32(slab + Slab.rest, 0);
    addPartial(slab, c);
  }
  return slab;
}

/** A slab is empty and given up. */
export function forgetSticky(slab: Slab, c: ClassIndex): void {
  const word = thread + ThreadSlot.sticky + c;
  if (load32(word) === slab) store32(word, 0);
}
