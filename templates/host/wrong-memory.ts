/**
 * The wrong memory: what a user can give a heap by mistake, each with a sentence that says what
 * was given and the way out.
 */
import {
  BASE_PAGE,
  FIXED_METADATA_BYTES,
  HEAP,
  SUPER_SLAB_PAGE_SHIFT,
  SUPER_SLAB_PAGES,
} from "../kernel/memory-map";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Slab, SuperSlab } from "../kernel/records";
import { spec } from "../kernel/spec";
import type { HeapHandle, HeapOptions } from "./api";
import { bytesGiven } from "./memory";

/** Throws an error unless a heap can lie in this memory. */
export function expectMemory(options: HeapOptions): void {
  const { memory: given, maxBytes } = options;
  if (spec.memory.shared && typeof SharedArrayBuffer === "undefined") {
    throw new Error(
      "SharedArrayBuffer does not exist here: a page gets it when it is cross-origin isolated, so serve it with the headers " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  }
  if (maxBytes !== undefined && !(typeof maxBytes === "number" && maxBytes >= 0)) {
    throw new RangeError(
      `maxBytes: ${kindOf(maxBytes)} is no number of bytes; give a number above 0, or leave it out`,
    );
  }
  if (spec.memory.baseGiven && options.baseBytes !== undefined) expectBase(options.baseBytes);
  if (given === undefined) return;
  const wanted =
    spec.memory.kind === "growable"
      ? "a WebAssembly.Memory"
      : spec.memory.shared
        ? "a SharedArrayBuffer"
        : "an ArrayBuffer";
  if (ArrayBuffer.isView(given)) {
    throw new TypeError(
      `memory: a ${kindOf(given)} is a view of a memory; give its .buffer, if nobody else uses that (small Buffers of Node share one)`,
    );
  }
  const kind = kindOf(given);
  const isShared = kind === "SharedArrayBuffer";
  if (spec.memory.kind === "growable") {
    if (kind !== "Memory") throw new TypeError(`memory: ${kind} is given; this build takes ${wanted}`);
    const memoryIsShared = kindOf((given as WebAssembly.Memory).buffer) === "SharedArrayBuffer";
    if (spec.memory.shared && !memoryIsShared) {
      throw new TypeError(
        "memory: this WebAssembly.Memory is not shared; several threads need one made with shared: true",
      );
    }
    if (!spec.memory.shared && memoryIsShared) {
      throw new TypeError(
        "memory: this WebAssembly.Memory is shared; this build is for one thread and takes one made without shared: true",
      );
    }
  } else {
    if (spec.memory.shared && kind === "ArrayBuffer") {
      throw new TypeError(
        `memory: an ArrayBuffer is given; ${spec.threads > 1 ? "other threads would get a copy of it, so give" : "this build takes"} a SharedArrayBuffer`,
      );
    }
    if (kind !== "ArrayBuffer" && !isShared)
      throw new TypeError(`memory: ${kind} is given; this build takes ${wanted}`);
    const buffer = given as {
      readonly resizable?: boolean;
      readonly growable?: boolean;
      readonly byteLength: number;
    };
    if (buffer.resizable || buffer.growable) {
      throw new TypeError(
        `memory: this ${kind} can change its length, and access to such a one is slow; give one of a fixed length`,
      );
    }
    if (buffer.byteLength === 0) {
      throw new RangeError(
        `memory: this ${kind} has 0 bytes; it was made so, or it is detached, as after it was transferred`,
      );
    }
  }
}

/** The first address of a heap is a page's. */
function expectBase(baseBytes: number): void {
  if (!Number.isInteger(baseBytes) || baseBytes < 0) {
    throw new RangeError(`baseBytes: ${kindOf(baseBytes)} is no address; give a multiple of ${PAGE_BYTES}`);
  }
  if (baseBytes % PAGE_BYTES !== 0) {
    const below = baseBytes - (baseBytes % PAGE_BYTES);
    throw new RangeError(
      `baseBytes: ${baseBytes} is no multiple of the page size, ${PAGE_BYTES}; the nearest are ${below} and ${below + PAGE_BYTES}`,
    );
  }
}

/** The error for a memory, or a part of it, that holds no heap. */
export function tooSmall(options: HeapOptions, endPage: number): RangeError {
  const { maxBytes } = options;
  const length = bytesGiven(options);
  const isMemory = length !== undefined && (maxBytes === undefined || length <= maxBytes);
  const option = isMemory ? "memory" : "maxBytes";
  const bytes = isMemory ? length : (maxBytes ?? addressOf(endPage));
  return new RangeError(
    `${option}: ${bytes} bytes are too few for the metadata and one page; give at least ${addressOf(leastEndPage(endPage))}`,
  );
}

/**
 * The least end of a heap that has room for its metadata, and a page besides; `endPage` is one
 * that has not.
 */
function leastEndPage(endPage: number): number {
  let least = Math.max(endPage, BASE_PAGE + 1);
  while (((metadataEnd(least) * 4 - 1) >>> PAGE_SHIFT) + 1 >= least) least++;
  return least;
}

/**
 * The word behind the metadata of a heap that would end at a page: the sum of what `memory-map`
 * places.
 */
function metadataEnd(endPage: number): number {
  const pages = endPage - BASE_PAGE;
  const first = BASE_PAGE >>> SUPER_SLAB_PAGE_SHIFT;
  const superSlabs = ((endPage + SUPER_SLAB_PAGES - 1) >>> SUPER_SLAB_PAGE_SHIFT) - first;
  const bitmapWords =
    (((first + superSlabs) * SUPER_SLAB_PAGES + 31) >>> 5) - ((first * SUPER_SLAB_PAGES) >>> 5);
  let end = HEAP + FIXED_METADATA_BYTES / 4 + bitmapWords + superSlabs * wordsOf(SuperSlab);
  if (spec.threads > 1) {
    const bits = ((endPage + 511) >>> 9) << 4;
    end += (spec.refill.mailbox ? spec.threads + 1 : 1) * (bits + (((bits + 511) >>> 9) << 4));
    end = ((end + 3 * ((superSlabs + 31) >>> 5) + 15) >>> 4) << 4;
  } else {
    end += spec.routes ? 2 * pages : pages;
    if (spec.pool.wordSearch) end += 6 * 2 ** Math.ceil(Math.log2(superSlabs));
  }
  return end + pages * wordsOf(Slab);
}

/** Throws an error unless this is what `heap.handle` or `heap.reserve()` gave. */
export function expectHandle(handle: HeapHandle): void {
  const { memory, maxBytes, threadSlot } = Object(handle) as Partial<HeapHandle>;
  if (memory === undefined || typeof maxBytes !== "number" || !Number.isInteger(threadSlot)) {
    throw new TypeError(
      `attachHeap: ${kindOf(handle)} is no handle of a heap; give heap.handle, or what heap.reserve() returned`,
    );
  }
}

/** What a value is, in a word. */
function kindOf(value: unknown): string {
  if (typeof value === "object" && value !== null)
    return Object.prototype.toString.call(value).slice(8, -1).replace("WebAssembly.", "");
  return typeof value === "bigint"
    ? `${value}n`
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}
