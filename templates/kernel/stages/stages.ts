/**
 * The refill stages: where a class's next current slab comes from, in this order. A stage answers
 * with a slab of this thread's that has blocks to offer and is in no list any more, or with 0.
 *
 * A stage is a line in `nextSlab`. Behind all of them comes the shared pool, and behind that the
 * memory.
 */

import type { Slab } from "../records";
import { newSlab } from "../slab";
import { spec } from "../spec";
import type { ClassIndex } from "../types";
import { takeAdopted } from "./adopt";
import { takeKept } from "./empty";
import { takeOwn, takeWaiting } from "./partial";
import { takeDrained } from "./pending";
import { takeSticky } from "./sticky";

/** @inline The class's next current slab, or 0: the heap is full. `last` is the one used up. */
export function nextSlab(c: ClassIndex, last: Slab): Slab {
  return (
    (spec.refill.sticky ? takeSticky(c, last) : 0) ||
    takeOwn(c) ||
    (spec.threads > 1 ? takeDrained(c) : 0) ||
    (spec.threads > 1 && spec.refill.adopt ? takeAdopted(c) : 0) ||
    (spec.pool.emptySlabs > 0 ? takeKept(c) : 0) ||
    newSlab(c) ||
    (spec.slab.waits ? takeWaiting(c) : 0)
  );
}
