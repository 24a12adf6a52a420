/**
 * The refill stages: where a class's next current slab comes from, in this order. A stage answers
 * with a slab of this thread's that has blocks to offer and is in no list any more, or with 0.
 *
 * A stage is a line in `nextSlab`. Behind all of them comes the shared pool, and behind that the
 * memory.
 */

import {
  FROM_ADOPTED,
  FROM_DRAINED,
  FROM_KEPT,
  FROM_OWN,
  FROM_POOL,
  FROM_STICKY,
  FROM_WAITING,
  fromStage,
} from "../observe/counters";
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
    (spec.refill.sticky ? watched(FROM_STICKY, c, takeSticky(c, last)) : 0) ||
    watched(FROM_OWN, c, takeOwn(c)) ||
    (spec.threads > 1 ? watched(FROM_DRAINED, c, takeDrained(c)) : 0) ||
    (spec.threads > 1 && spec.refill.adopt ? watched(FROM_ADOPTED, c, takeAdopted(c)) : 0) ||
    (spec.pool.emptySlabs > 0 ? watched(FROM_KEPT, c, takeKept(c)) : 0) ||
    watched(FROM_POOL, c, newSlab(c)) ||
    (spec.slab.waits ? watched(FROM_WAITING, c, takeWaiting(c)) : 0)
  );
}

/** @inline What a stage answered, which is counted where that was chosen. */
function watched(stage: number, c: ClassIndex, slab: Slab): Slab {
  return spec.observe.counters || spec.observe.events > 0 ? fromStage(stage, c, slab) : slab;
}
