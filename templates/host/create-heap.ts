/** createHeap: an empty heap in a memory of its own, or in one that is given. */
import { attach, detach, idle, ownSlot, reserveSlot, threadSlot } from "../kernel/attach";
import { free } from "../kernel/free";
import {
  guardedCalloc,
  guardedFree,
  guardedMalloc,
  guardedMemalign,
  guardedOwns,
  guardedRealloc,
  guardedUsableSize,
} from "../kernel/guards/guarded-calls";
import { releaseCaches } from "../kernel/idle";
import { initialise } from "../kernel/initialise";
import { largestFree } from "../kernel/largest-free";
import { calloc, malloc, memalign } from "../kernel/malloc";
import { BASE_PAGE, firstPage } from "../kernel/memory-map";
import { owns } from "../kernel/owns";
import { addressOf } from "../kernel/page";
import { realloc, usableSize } from "../kernel/realloc";
import { reclaimSlot } from "../kernel/reclaim";
import { isAlone, resetHeap } from "../kernel/reset";
import { spec } from "../kernel/spec";
import type { Heap, HeapHandle, HeapImage, HeapOptions } from "./api";
import { blocks } from "./blocks";
import { check } from "./check";
import { withCurrentViews } from "./current-views";
import { events } from "./events";
import { type Opening, writeHeader } from "./image";
import { leaks } from "./leaks";
import { buffer, endPage, f32, f64, heapMemory, i8, i16, i32, i64, image, u8, u16, u32, u64 } from "./memory";
import { takeOver } from "./open-heap";
import { stats } from "./stats";
import { usedRanges } from "./used-ranges";
import { expectHandle, tooSmall } from "./wrong-memory";

/** What another thread needs to attach. */
function heapHandle(threadSlot: number): HeapHandle {
  return {
    memory: heapMemory(),
    maxBytes: addressOf(endPage),
    /** @when spec.memory.baseGiven */
    baseBytes: addressOf(BASE_PAGE),
    threadSlot,
  };
}

function reserve(): HeapHandle {
  const index = reserveSlot();
  if (index < 0) throw new RangeError(`reserve: all ${spec.threads} thread slots are taken`);
  return heapHandle(index);
}

function reclaim(threadSlot: number): void {
  if (!isOtherSlot(threadSlot)) throw new RangeError(`reclaim: no thread slot ${threadSlot}`);
  reclaimSlot(threadSlot);
}

function isOtherSlot(index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < spec.threads && index !== ownSlot();
}

function reset(): void {
  if (spec.threads > 1 && !isAlone()) {
    throw new Error(
      "reset: every other thread must have detached, and this one be attached; no slot may be reserved",
    );
  }
  resetHeap();
  if (spec.api.image) writeHeader();
}

/** Why the memory holds no heap. */
function noRoom(options: HeapOptions): RangeError {
  if (!spec.api.memoryChecks)
    return new RangeError(`maxBytes: ${addressOf(endPage)} bytes hold metadata only`);
  if (spec.memory.kind === "growable" && firstPage < endPage) {
    return new RangeError(
      `memory: it cannot grow to the ${addressOf(firstPage)} bytes of metadata for maxBytes ${addressOf(endPage)}; give it a larger maximum, or the heap a smaller maxBytes`,
    );
  }
  return tooSmall(options, endPage);
}

/** Makes the memory an empty heap. */
function layOut(options: HeapOptions): void {
  if (!initialise(options.memory === undefined)) throw noRoom(options);
  if (spec.api.image) writeHeader();
}

/**
 * Makes a heap. Throws a RangeError when the memory holds no more than the metadata would take.
 */
export function createHeap(options: HeapOptions = {}): Heap {
  const isOpened = spec.api.image && image !== undefined;
  if (isOpened) takeOver();
  if (spec.threads > 1) {
    const { threadSlot: wanted } = options as Partial<HeapHandle>;
    if (!isOpened && wanted === undefined) layOut(options);
    if (!attach(wanted ?? -1)) {
      throw new RangeError(
        !spec.reclaim || wanted === undefined || wanted < 0
          ? `all ${spec.threads} thread slots are taken`
          : `thread slot ${wanted} is not reserved`,
      );
    }
  } else if (!isOpened) {
    layOut(options);
  }
  // Plain properties: V8 keeps an object literal with accessors as a dictionary, and a call
  // through that costs three times as much.
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
    malloc: spec.guards.calls ? guardedMalloc : malloc,
    calloc: spec.guards.calls ? guardedCalloc : calloc,
    realloc: spec.guards.calls ? guardedRealloc : realloc,
    memalign: spec.guards.calls ? guardedMemalign : memalign,
    free: spec.guards.calls ? guardedFree : free,
    usableSize: spec.guards.calls ? guardedUsableSize : usableSize,
    /** @when spec.api.owns */
    owns: spec.guards.states ? guardedOwns : owns,
    /** @when spec.api.largestFree */
    largestFree,
    /** @when spec.manyThreads && spec.api.idle */
    idle,
    /** @when spec.api.reset */
    reset,
    stats,
    /** @when spec.heapWalk */
    check,
    /** @when spec.heapWalk */
    blocks,
    /** @when spec.guards.states */
    leaks,
    /** @when spec.observe.events > 0 */
    events,
    /** @when spec.api.image */
    usedRanges,
    /** @when spec.manyThreads */
    handle: heapHandle(-1),
    /** @when spec.manyThreads */
    threadSlot,
    detach: spec.threads > 1 ? detach : releaseCaches,
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: spec.threads > 1 ? detach : releaseCaches,
    /** @when spec.manyThreads && spec.reclaim */
    reserve,
    /** @when spec.manyThreads && spec.reclaim */
    reclaim,
  };
  return spec.memory.kind === "growable" ? withCurrentViews(heap) : heap;
}

/**
 * Attaches the calling thread to a heap that another one made. Throws a RangeError when all
 * thread slots are taken, or when the slot that the handle names is not reserved any more.
 */
export function attachHeap(handle: HeapHandle): Heap {
  expectHandle(handle);
  // A handle is options with a thread slot: that is what makes createHeap attach.
  return createHeap(handle);
}

/**
 * Goes on with a heap that lies in the memory already: a saved copy, a file's, another realm's. A
 * memory of the kind that this build's heaps live in is used where it is; bytes (a Uint8Array, a
 * buffer of another kind) are copied. The heap has the `maxBytes` it was made with, and its
 * blocks the addresses they had; of the options only `baseBytes` counts, where the build takes
 * it.
 *
 * Nothing is believed before it was checked: throws a HeapImageError when the header is missing
 * or another build's, or the image is too short {@when spec.heapWalk}, and a HeapCorruptionError,
 * as `check()` does, when an invariant does not hold {@end}. {@when spec.manyThreads} Threads
 * that were attached when the image was taken are taken for dead: what they kept is recovered. No
 * thread may still be attached to a memory that is used where it is. {@end}
 */
export function openHeap(image: HeapImage, options: HeapOptions = {}): Heap {
  // An image is an option, too: that is what makes createHeap open it.
  return createHeap({ ...options, image } as Opening);
}
