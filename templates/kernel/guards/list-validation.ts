/**
 * List validation (G1): a link that is about to be followed leads to a block of the class, in a
 * slab that serves it; else the list ends here, and what is behind it stays out of use.
 */
import { next } from "../block";
import { load32 } from "../intrinsics";
import { slabOf } from "../memory-map";
import { owns } from "../owns";
import { Slab } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";
import { BAD_LINK, hit } from "./hit";

/** @inline The block behind the first one of a list of a class, or 0. */
export function behindFirst(c: ClassIndex, block: Ptr): Ptr {
  return spec.guards.lists ? checkedNext(c, block) : next(block);
}

function checkedNext(c: ClassIndex, block: Ptr): Ptr {
  const following = next(block);
  if (following === 0 || (owns(following) && load32(slabOf(following) + Slab.class) === c)) return following;
  hit(BAD_LINK, block, following);
  return 0;
}
