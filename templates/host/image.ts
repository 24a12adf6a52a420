/**
 * Images (N2): a heap lies wholly in its memory, so a copy of the bytes is a saved heap. It
 * begins with a header; nothing behind that is believed before the header agrees.
 */
import { load32, store32 } from "../kernel/intrinsics";
import {
  endSuperSlab,
  firstPage,
  firstSuperSlab,
  HEAP,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
} from "../kernel/memory-map";
import { addressOf, PAGE_BYTES } from "../kernel/page";
import { touchedPages } from "../kernel/pool/superslab-state";
import { wordsOf } from "../kernel/record";
import { Heap, Slab, SuperSlab, ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";
import { type HeapImage, HeapImageError, type HeapMemory, type HeapOptions } from "./api";
import { basePage, buffer, endPage } from "./memory";

/** "slab", as bytes. */
const MAGIC = 0x62616c73;
/** Raise it with every change of what records mean. Their lengths tell of most others. */
const LAYOUT_VERSION = 1;
const LAYOUT =
  LAYOUT_VERSION * 65536 + wordsOf(Heap) + wordsOf(ThreadSlot) + wordsOf(SuperSlab) + wordsOf(Slab);

/** Options that `openHeap` makes a heap with. */
export interface Opening extends HeapOptions {
  readonly image?: HeapImage;
}

/** Writes the header of a heap that is laid out. */
export function writeHeader(): void {
  store32(HEAP + Heap.layout, LAYOUT);
  store32(HEAP + Heap.specHigh, spec.specHash.high);
  store32(HEAP + Heap.specLow, spec.specHash.low);
  store32(HEAP + Heap.endPage, endPage);
  // Last: what has a magic has a header.
  store32(HEAP + Heap.magic, MAGIC);
}

/**
 * The page behind the last one that the heap in an image may use. Throws unless its header is one
 * of this build's heaps.
 */
export function pagesOfImage(image: HeapImage): number {
  const bytes = bytesOf(image);
  const base = basePage * PAGE_BYTES;
  if (bytes.byteLength < base + wordsOf(Heap) * 4) {
    throw new HeapImageError(`no heap of slabsmith: ${bytes.byteLength} bytes hold no header at ${base}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (field: number) => view.getUint32(base + field * 4, true);
  if (word(Heap.magic) !== MAGIC) throw new HeapImageError(`no heap of slabsmith: no header at byte ${base}`);
  const high = word(Heap.specHigh);
  const low = word(Heap.specLow);
  if (high !== spec.specHash.high || low !== spec.specHash.low) {
    throw new HeapImageError(
      `a heap of another spec: its hash is ${hashText(high, low)}, this build's ${hashText(spec.specHash.high, spec.specHash.low)}`,
    );
  }
  if (word(Heap.layout) !== LAYOUT) {
    throw new HeapImageError(
      `a heap of another layout: ${word(Heap.layout)}, this build's is ${LAYOUT}; open it with the build that made it`,
    );
  }
  const pages = word(Heap.endPage);
  if (pages <= basePage || pages >= 2 ** 32 / PAGE_BYTES) {
    throw new HeapImageError(`damaged header: a heap of ${pages} pages`);
  }
  if (spec.memory.kind === "fixed") expectLength(bytes.byteLength, pages * PAGE_BYTES);
  return pages;
}

/**
 * The memory of an image: itself, if it is of the kind that this build's heaps live in; otherwise
 * its bytes are copied to one.
 */
export function memoryOfImage(image: HeapImage, pages: number): HeapMemory {
  const isFitting =
    spec.memory.kind === "growable"
      ? image instanceof WebAssembly.Memory
      : !ArrayBuffer.isView(image) && image instanceof (spec.memory.shared ? SharedArrayBuffer : ArrayBuffer);
  if (isFitting) return image as HeapMemory;
  const bytes = bytesOf(image);
  if (spec.memory.kind === "growable") {
    const memory = new WebAssembly.Memory({
      initial: Math.ceil(Math.min(bytes.byteLength, pages * PAGE_BYTES) / 65536),
      maximum: Math.ceil((pages * PAGE_BYTES) / 65536),
      shared: spec.memory.shared,
    });
    new Uint8Array(memory.buffer).set(bytes.subarray(0, memory.buffer.byteLength));
    return memory;
  } else {
    const copy = spec.memory.shared
      ? new SharedArrayBuffer(bytes.byteLength)
      : new ArrayBuffer(bytes.byteLength);
    new Uint8Array(copy).set(bytes);
    return copy;
  }
}

/** The memory holds all that the heap says it has committed. */
export function checkLength(): void {
  expectLength(buffer.byteLength, firstPage * PAGE_BYTES);
  const used = load32(HEAP + Heap.usedTo);
  if (
    used < firstSuperSlab ||
    used > endSuperSlab ||
    (used - firstSuperSlab) % wordsOf(SuperSlab) !== 0 ||
    firstPage >= endPage
  ) {
    throw new HeapImageError(`damaged: SuperSlabs are used up to word ${used}`);
  }
  for (let superSlab = firstSuperSlab; superSlab < used; superSlab = nextSuperSlab(superSlab)) {
    const touched =
      spec.threads > 1
        ? touchedPages(load32(superSlab + SuperSlab.state))
        : load32(superSlab + SuperSlab.touched);
    if (touched > SUPER_SLAB_PAGES) {
      throw new HeapImageError(`damaged: a SuperSlab with ${touched} pages`);
    }
    const end = pageOf(superSlab) + touched;
    if (touched > 0) expectLength(buffer.byteLength, addressOf(end < endPage ? end : endPage));
  }
}

function expectLength(given: number, needed: number): void {
  if (given < needed) throw new HeapImageError(`truncated: ${given} bytes of at least ${needed}`);
}

function bytesOf(image: HeapImage): Uint8Array {
  if (ArrayBuffer.isView(image)) return new Uint8Array(image.buffer, image.byteOffset, image.byteLength);
  const given = typeof image === "object" && image !== null && "buffer" in image ? image.buffer : image;
  if (given instanceof ArrayBuffer || isSharedBuffer(given)) return new Uint8Array(given);
  throw new TypeError("image: give the memory of a heap, or a Uint8Array with a copy of its bytes");
}

/**
 * Pages without cross-origin isolation have no {@when spec.memory.shared} SharedArrayBuffer
 * {@else} shared buffers {@end} at all.
 */
function isSharedBuffer(given: unknown): given is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== "undefined" && given instanceof SharedArrayBuffer;
}

function hashText(high: number, low: number): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
