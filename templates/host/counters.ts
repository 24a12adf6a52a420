/** Counters (G5) as data: what {@when spec.manyThreads} all threads {@else} the heap {@end} did. */
import { load32 } from "../kernel/intrinsics";
import { THREAD_SLOTS } from "../kernel/memory-map";
import {
  CLAIMS_LOST,
  CLAIMS_WON,
  CLASS_ALLOCATED,
  CLASS_COUNTERS,
  CLASS_FREED,
  CLASS_REFILLED,
  COUNTED_CLASSES,
  FREED_REMOTE,
  FREED_TO_SLAB,
  FREED_TO_TIER,
  FROM_ADOPTED,
  FROM_CURRENT,
  FROM_DRAINED,
  FROM_KEPT,
  FROM_OWN,
  FROM_POOL,
  FROM_STICKY,
  FROM_WAITING,
  HEAP_FULL,
  NO_SIZE,
} from "../kernel/observe/counters";
import { wordsOf } from "../kernel/record";
import { ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import type { ClassCounters, HeapCounters } from "./api";

/** The counters of all slots together. */
export function counters(): HeapCounters {
  return {
    frees: {
      tier: counted(FREED_TO_TIER),
      slab: counted(FREED_TO_SLAB),
      /** @when spec.manyThreads */
      remote: counted(FREED_REMOTE),
    },
    earlyReturns: { noSize: counted(NO_SIZE), heapFull: counted(HEAP_FULL) },
    /** @when spec.manyThreads */
    claims: { won: counted(CLAIMS_WON), lost: counted(CLAIMS_LOST) },
    refills: {
      current: counted(FROM_CURRENT),
      /** @when spec.refill.sticky */
      sticky: counted(FROM_STICKY),
      own: counted(FROM_OWN),
      /** @when spec.manyThreads */
      drained: counted(FROM_DRAINED),
      /** @when spec.manyThreads && spec.refill.adopt */
      adopted: counted(FROM_ADOPTED),
      /** @when spec.pool.emptySlabs > 0 */
      kept: counted(FROM_KEPT),
      pool: counted(FROM_POOL),
      /** @when spec.slab.waits */
      waiting: counted(FROM_WAITING),
    },
    /** @when spec.observe.countsClasses */
    classes: classCounters(),
  };
}

function classCounters(): ClassCounters[] {
  const classes: ClassCounters[] = [];
  for (let c = 1; c <= spec.classCount; c++) {
    if (COUNTED_CLASSES[c] === 0) continue;
    classes.push({
      size: CLASS_BYTES[c],
      allocated: summed(ThreadSlot.classCounters + c * CLASS_COUNTERS + CLASS_ALLOCATED),
      freed: summed(ThreadSlot.classCounters + c * CLASS_COUNTERS + CLASS_FREED),
      refilled: summed(ThreadSlot.classCounters + c * CLASS_COUNTERS + CLASS_REFILLED),
    });
  }
  return classes;
}

function counted(counter: number): number {
  return summed(ThreadSlot.counters + counter);
}

function summed(field: number): number {
  let sum = 0;
  for (let index = 0; index < spec.threads; index++) {
    sum += load32(THREAD_SLOTS + index * wordsOf(ThreadSlot) + field);
  }
  return sum;
}
