/** createHeap: an empty heap in a memory of its own, or in one that is given. */
import { free } from "../kernel/free";
import { releaseCaches } from "../kernel/idle";
import { initialise } from "../kernel/initialise";
import { calloc, malloc, memalign } from "../kernel/malloc";
import { realloc, usableSize } from "../kernel/realloc";
import { spec } from "../kernel/spec";
import type { Heap, HeapHandle, HeapOptions } from "./api";
import { check } from "./check";
import { blocks, stats } from "./heap-walk";
import { buffer, endPage, f32, f64, i8, i16, i32, i64, memory, u8, u16, u32, u64 } from "./memory";

/** What another attachment needs. */
function heapHandle(): HeapHandle {
  return { memory: spec.memory.kind === "growable" ? memory : buffer, maxBytes: endPage * (1 << spec.pageShift) };
}

/** Gives the caches of this thread back to their slabs, and empty slabs to the pool. */
function detach(): void {
  releaseCaches();
}

function reclaim(threadSlot: number): void {
  throw new RangeError(`reclaim: ${threadSlot} is nobody's slot; one thread is all this build has`);
}

/** Makes a heap. Throws a RangeError when the memory holds no more than the metadata would take. */
export function createHeap(options: HeapOptions = {}): Heap {
  if (!initialise(options.memory === undefined)) {
    throw new RangeError(`maxBytes: ${endPage * (1 << spec.pageShift)} bytes hold no block besides the metadata`);
  }
  return {
    get buffer() {
      return buffer;
    },
    get u8() {
      return u8;
    },
    get i8() {
      return i8;
    },
    get u16() {
      return u16;
    },
    get i16() {
      return i16;
    },
    get u32() {
      return u32;
    },
    get i32() {
      return i32;
    },
    get f32() {
      return f32;
    },
    get f64() {
      return f64;
    },
    get i64() {
      return i64;
    },
    get u64() {
      return u64;
    },
    malloc,
    calloc,
    realloc,
    memalign,
    free,
    usableSize,
    stats,
    check,
    blocks,
    get handle() {
      return heapHandle();
    },
    threadSlot: 0,
    detach,
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: detach,
    reclaim,
  };
}
