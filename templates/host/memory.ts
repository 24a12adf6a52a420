/**
 * Memory of a heap: the buffer it lives in, and views of all of it.
 * {@when spec.memory.kind === "growable"} Every growth replaces the views. {@end}
 */
import { PAGE_BYTES } from "../kernel/page";
import { spec } from "../kernel/spec";
import type { HeapBuffer, HeapMemory, HeapOptions } from "./api";
import { memoryOfImage, type Opening, pagesOfImage } from "./image";
import { expectMemory } from "./wrong-memory";

/** What the heap is made with: the parameter of `createHeap`. */
declare const options: HeapOptions;

const WASM_PAGE = 65536;

/** The image to open, if one was given. */
export const image = (options as Opening).image;

/** First page the heap may use; the pages before it belong to somebody else (N1). */
export const basePage = spec.memory.baseGiven ? baseOf(options) : spec.memory.basePage;

/**
 * The page behind the last one the heap may use. Addresses behind its last block still fit 32
 * bits.
 */
export const endPage =
  spec.api.image && image !== undefined
    ? pagesOfImage(image)
    : Math.min(Math.floor(reservedBytes(options) / PAGE_BYTES), 2 ** 32 / PAGE_BYTES - 1);

/** The memory that the heap is to live in, if there is one already. */
const given = spec.api.image && image !== undefined ? memoryOfImage(image, endPage) : options.memory;

/** What stands for a memory that grows where the buffer is fixed. */
const NO_MEMORY = {} as WebAssembly.Memory;

/** The memory that grows. */
export const memory = spec.memory.kind === "growable" ? openMemory(given) : NO_MEMORY;
export let buffer = spec.memory.kind === "growable" ? (memory.buffer as HeapBuffer) : openBuffer(given);
export let u8 = new Uint8Array(buffer);
export let i8 = new Int8Array(buffer);
export let u16 = new Uint16Array(buffer);
export let i16 = new Int16Array(buffer);
export let u32 = new Uint32Array(buffer);
export let i32 = new Int32Array(buffer);
export let f32 = new Float32Array(buffer);
export let f64 = new Float64Array(buffer);
export let i64 = new BigInt64Array(buffer);
export let u64 = new BigUint64Array(buffer);

/** What the heap lives in. */
export function heapMemory(): HeapMemory {
  return (spec.memory.kind === "growable" ? memory : buffer) as HeapMemory;
}

/** @inline Pages that the views show. */
export function memoryPages(): number {
  return Math.floor(buffer.byteLength / PAGE_BYTES);
}

function baseOf({ baseBytes }: HeapOptions): number {
  return baseBytes === undefined ? spec.memory.basePage : Math.floor(baseBytes / PAGE_BYTES);
}

/** Address space the heap may use, in bytes from address 0. */
function reservedBytes(options: HeapOptions): number {
  if (spec.api.memoryChecks) expectMemory(options);
  const { maxBytes } = options;
  const length = bytesGiven(options);
  const bytes = maxBytes ?? length ?? spec.memory.maxPages * PAGE_BYTES;
  if (!spec.api.memoryChecks && !(bytes >= 0))
    throw new RangeError(`maxBytes: ${bytes} is no number of bytes`);
  return Math.min(bytes, length ?? bytes);
}

/** The length of the memory that is given, if it has a fixed one. */
export function bytesGiven(options: HeapOptions): number | undefined {
  if (spec.memory.kind === "growable") return undefined;
  return (options.memory as HeapBuffer | undefined)?.byteLength;
}

function openBuffer(given: HeapOptions["memory"]): HeapBuffer {
  if (given === undefined) {
    return spec.memory.shared
      ? new SharedArrayBuffer(endPage * PAGE_BYTES)
      : new ArrayBuffer(endPage * PAGE_BYTES);
  }
  if (!spec.api.memoryChecks && !("byteLength" in given))
    throw new TypeError(`memory: give ${spec.memory.shared ? "a SharedArrayBuffer" : "an ArrayBuffer"}`);
  return given as HeapBuffer;
}

function openMemory(given: HeapOptions["memory"]): WebAssembly.Memory {
  if (given === undefined) {
    const maximum = Math.ceil((endPage * PAGE_BYTES) / WASM_PAGE);
    return new WebAssembly.Memory({ initial: 0, maximum, shared: spec.memory.shared });
  }
  if (!spec.api.memoryChecks && !("grow" in given)) throw new TypeError("memory: give a WebAssembly.Memory");
  if (
    !spec.api.memoryChecks &&
    spec.memory.shared &&
    !((given as WebAssembly.Memory).buffer instanceof SharedArrayBuffer)
  ) {
    throw new TypeError("memory: give a shared WebAssembly.Memory");
  }
  return given as WebAssembly.Memory;
}

/** Grows the memory to at least so many bytes; false when it cannot. */
export function growMemory(bytes: number): boolean {
  const missing = Math.ceil((bytes - buffer.byteLength) / WASM_PAGE);
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
  } catch {
    return false;
  }
  renewViews();
  return true;
}

/**
 * Looks how long the memory is by now. Only growing tells: `buffer` may lag behind in a thread
 * that did not grow it.
 */
export function lookAtMemory(): void {
  memory.grow(0);
  renewViews();
}

/** Whether the buffer was taken from under the views: another has grown the memory. */
export function isDetached(): boolean {
  return u32.length === 0;
}

function renewViews(): void {
  buffer = memory.buffer as HeapBuffer;
  u8 = new Uint8Array(buffer);
  i8 = new Int8Array(buffer);
  u16 = new Uint16Array(buffer);
  i16 = new Int16Array(buffer);
  u32 = new Uint32Array(buffer);
  i32 = new Int32Array(buffer);
  f32 = new Float32Array(buffer);
  f64 = new Float64Array(buffer);
  i64 = new BigInt64Array(buffer);
  u64 = new BigUint64Array(buffer);
}
