/** free: the tier the block's class is routed to (R1), else its own slab. */
import { load8, load32, loadRacy32 } from "./intrinsics";
import { self, slabOf } from "./memory-map";
import { Slab } from "./records";
import { freeForeign } from "./remote-queue";
import { freeToSlab } from "./slab";
import { spec } from "./spec";
import { FIRST_LISTED, LAST_LISTED, pushList } from "./tiers/tls-sll";
import type { ClassIndex, Ptr } from "./types";

export function free(ptr: Ptr): void {
  if (ptr === 0) return;
  const slab = slabOf(ptr);
  // May be stale: but only this thread makes a slab its own, and its own writes it sees.
  if (spec.threads > 1 && loadRacy32(slab + Slab.owner) !== self) {
    freeForeign(slab, ptr);
    return;
  }
  if (spec.tlsSll.last > 0) {
    const c = classOfBlock(slab, ptr);
    if (c >= FIRST_LISTED && (spec.tlsSll.last === spec.classCount || c <= LAST_LISTED)) {
      pushList(slab, c, ptr);
      return;
    }
  }
  freeToSlab(slab, ptr);
}

/** @inline The class of a block, from its header (M5) or its slab. */
function classOfBlock(slab: Slab, block: Ptr): ClassIndex {
  return spec.headerBytes > 0 ? load8(block - 1) : load32(slab + Slab.class);
}
