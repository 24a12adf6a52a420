/** createHeap: an empty heap in a memory of its own, or in one that is given. */
import { free } from "../kernel/free";
import { releaseCaches } from "../kernel/idle";
import { initialise } from "../kernel/initialise";
import { calloc, malloc, memalign } from "../kernel/malloc";
import { addressOf } from "../kernel/page";
import { realloc, usableSize } from "../kernel/realloc";
import { spec } from "../kernel/spec";
import type { Heap, HeapHandle, HeapOptions } from "./api";
import { check } from "./check";
import { blocks } from "./heap-walk";
import {
  buffer,
  endPage,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  memory,
  showViewsIn,
  u8,
  u16,
  u32,
  u64,
} from "./memory";
import { stats } from "./stats";

/** What another attachment needs. */
function heapHandle(): HeapHandle {
  return { memory: spec.memory.kind === "growable" ? memory : buffer, maxBytes: addressOf(endPage) };
}

function reclaim(threadSlot: number): void {
  throw new RangeError(`reclaim: there is no thread slot ${threadSlot}`);
}

/** Makes a heap. Throws a RangeError when the memory holds no more than the metadata would take. */
export function createHeap(options: HeapOptions = {}): Heap {
  if (!initialise(options.memory === undefined)) {
    throw new RangeError(`maxBytes: ${addressOf(endPage)} bytes hold metadata only`);
  }
  // Plain properties: V8 keeps an object literal with accessors as a dictionary, and a call through that costs
  // three times as much.
  const heap = {
    buffer,
    u8,
    i8,
    u16,
    i16,
    u32,
    i32,
    f32,
    f64,
    i64,
    u64,
    malloc,
    calloc,
    realloc,
    memalign,
    free,
    usableSize,
    stats,
    /** @when spec.heapWalk */
    check,
    /** @when spec.heapWalk */
    blocks,
    handle: heapHandle(),
    threadSlot: 0,
    detach: releaseCaches,
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: releaseCaches,
    reclaim,
  };
  if (spec.memory.kind === "growable") showViewsIn(heap);
  return heap;
}
