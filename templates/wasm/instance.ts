/**
 * A heap of which a Wasm module does the work, on the same memory. Words go in and out: what is no
 * size is answered here, and `>>> 0` makes an address of what JavaScript takes for a negative
 * number.
 */
import { endPage, image, memory } from "../host/memory";
import { haveViewsGone } from "../kernel/growth";
import { BASE_PAGE } from "../kernel/memory-map";
import { addressOf } from "../kernel/page";
import { isNoSize } from "../kernel/page-block";
import { spec } from "../kernel/spec";
import type { Page, Ptr, Size } from "../kernel/types";

/** `allocator.wasm`, as base64. */
declare const WASM: string;

/** What the module exports. Numbers are words; JavaScript sees them signed. */
interface WasmCalls {
  malloc(size: Size): number;
  calloc(count: number, size: Size): number;
  realloc(ptr: Ptr, size: Size): number;
  aligned_alloc(alignment: number, size: Size): number;
  free(ptr: Ptr): void;
  malloc_usable_size(ptr: Ptr): number;
  /** Makes the memory between two addresses an empty heap; 0: there is no room. */
  heap_init(base: Ptr, end: Ptr): number;
  /** The same of memory that is zero. */
  heap_init_zeroed(base: Ptr, end: Ptr): number;
  /**
   * Goes on with a heap that lies there already.
   * @when spec.api.image
   */
  heap_open(base: Ptr, end: Ptr): number;
  /** Gives back what the caches keep. */
  heap_collect(): void;
  /** @when spec.api.largestFree */
  heap_largest_free(): number;
  /**
   * The page that the heap ends before: the memory may have refused to grow further.
   * @when (spec.api.image || spec.heapWalk) && spec.pool.wordSearch
   */
  heap_limit(): number;
}

const wasmModule = new WebAssembly.Module(Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0)));

const calls = connect();

function connect(): WasmCalls {
  const { exports } = new WebAssembly.Instance(wasmModule, { env: { memory } });
  const calls = exports as unknown as WasmCalls;
  if (spec.api.image && image !== undefined) calls.heap_open(addressOf(BASE_PAGE), addressOf(endPage));
  return calls;
}

/**
 * Makes the memory, which is zero if `zeroed`, an empty heap. False: there is no room for the
 * metadata and a page besides.
 */
export function initialise(zeroed: boolean): boolean {
  const base = addressOf(BASE_PAGE);
  const end = addressOf(endPage);
  const isMade = zeroed ? calls.heap_init_zeroed(base, end) : calls.heap_init(base, end);
  haveViewsGone();
  return isMade !== 0;
}

export function malloc(size: Size): Ptr {
  return isNoSize(size) ? 0 : calls.malloc(size) >>> 0;
}

export function calloc(count: number, size: Size): Ptr {
  return isNoSize(count) || isNoSize(size) ? 0 : calls.calloc(count, size) >>> 0;
}

export function realloc(ptr: Ptr, size: Size): Ptr {
  return isNoSize(size) ? 0 : calls.realloc(ptr, size) >>> 0;
}

export function memalign(alignment: number, size: Size): Ptr {
  return isNoSize(alignment) || isNoSize(size) ? 0 : calls.aligned_alloc(alignment, size) >>> 0;
}

export function free(ptr: Ptr): void {
  calls.free(ptr);
}

export function usableSize(ptr: Ptr): Size {
  return calls.malloc_usable_size(ptr) >>> 0;
}

export function largestFree(): Size {
  return calls.heap_largest_free() >>> 0;
}

export function releaseCaches(): void {
  calls.heap_collect();
}

export function heapEnd(): Page {
  return calls.heap_limit();
}
