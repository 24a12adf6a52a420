/** The wrong memory: what a user can give a heap by mistake, each with a sentence that says what was given and the way out. */
import { BASE_PAGE, SUPER_SLAB_PAGE_SHIFT, SUPER_SLAB_PAGES, slabAt } from "../kernel/memory-map";
import { addressOf, PAGE_SHIFT } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Slab, SuperSlab } from "../kernel/records";
import { spec } from "../kernel/spec";
import type { HeapHandle, HeapOptions } from "./api";

/** Throws an error unless a heap can lie in this memory. */
export function expectMemory({ memory: given, maxBytes }: HeapOptions): void {
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
        "memory: an ArrayBuffer is given; other threads would get a copy of it, so give a SharedArrayBuffer",
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

/** The error for a memory, or a part of it, that holds no heap. */
export function tooSmall({ memory: given, maxBytes }: HeapOptions, endPage: number): RangeError {
  const length = given !== undefined && "byteLength" in given ? given.byteLength : undefined;
  const isMemory = length !== undefined && (maxBytes === undefined || length <= maxBytes);
  const option = isMemory ? "memory" : "maxBytes";
  const bytes = isMemory ? length : (maxBytes ?? addressOf(endPage));
  return new RangeError(
    `${option}: ${bytes} bytes are too few for the metadata and one page; give at least ${addressOf(leastEndPage(endPage))}`,
  );
}

/** The least end of a heap that has room for its metadata, and a page besides; `endPage` is one that has not. */
function leastEndPage(endPage: number): number {
  const fromEnd = endWord(endPage);
  let least = endPage;
  let metadata = 0;
  do {
    least++;
    metadata = (slabAt(endPage) + endWord(least) - fromEnd) * 4;
  } while (least <= BASE_PAGE || ((metadata - 1) >>> PAGE_SHIFT) + 1 >= least);
  return least;
}

/** Where the metadata of a heap that ends at a page would end, from some word on. */
function endWord(endPage: number): number {
  const superSlabs = (endPage + SUPER_SLAB_PAGES - 1) >>> SUPER_SLAB_PAGE_SHIFT;
  const pending = spec.refill.mailbox ? (((endPage + 511) >>> 9) << 4) * spec.threads : 0;
  const map = spec.threads > 1 ? 0 : spec.routes ? endPage * 2 : endPage;
  const records = superSlabs * wordsOf(SuperSlab) + endPage * wordsOf(Slab);
  return pending + map + ((superSlabs * SUPER_SLAB_PAGES + 31) >>> 5) + records;
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
