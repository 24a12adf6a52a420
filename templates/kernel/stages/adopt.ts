/** P5: slabs whose owner has left. Whoever needs memory first claims them, then drains them. */
import { seeGrowth } from "../growth";
import { load32, store32 } from "../intrinsics";
import { ABANDONED_BOX } from "../memory-map";
import { Slab } from "../records";
import { takeRemote } from "../remote-queue";
import { endOf, isVirgin, releaseSlab, setFull } from "../slab";
import { spec } from "../spec";
import { routeSlab } from "../tiers/tls-sll";
import type { ClassIndex } from "../types";
import { addPartial, takeOwn } from "./partial";
import { takeAnnounced } from "./pending";

/** A slab of the class that had no owner any more, or 0. */
export function takeAdopted(c: ClassIndex): Slab {
  takeAnnounced(ABANDONED_BOX);
  return takeOwn(c);
}

/** A slab that nobody owned is this thread's from now on. Returns how many steps that took. */
export function settleAdopted(slab: Slab): number {
  seeGrowth();
  const c = load32(slab + Slab.class);
  const isWalked = load32(slab + Slab.free) !== 0;
  const blocks = takeRemote(slab);
  const out = load32(slab + Slab.left) - blocks;
  store32(slab + Slab.left, out);
  if (spec.routes) routeSlab(slab, c);
  if (spec.activeTracking) store32(slab + Slab.active, out);
  if (out === 0) releaseSlab(slab, endOf(slab, c));
  else if (load32(slab + Slab.free) !== 0 || isVirgin(slab, c)) addPartial(slab, c);
  else setFull(slab);
  return isWalked ? blocks + 1 : 1;
}
