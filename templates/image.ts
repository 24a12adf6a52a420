/**
 * Images of a heap: sparse ones, which hold what the heap uses and no more, and deltas, which
 * hold what has changed since an image was taken. Bytes in and bytes out, for a file, a message,
 * IndexedDB or the network.
 *
 * Every function verifies what it is given before anything is changed; what is damaged, or of
 * another heap, gives an ImageError. While an image or a delta is taken, or put back, no other
 * thread may be in a call of the heap.
 *
 * Both are 32-bit words, little-endian:
 *
 *        ┌───────────────────────────────────────────────────────────┐
 *   0    │ magic, version of the format, check sum                   │
 *   3    │ kind of the memory, address space, length in bytes        │
 *   6    │ base address, layout, hash of the spec (2 words)          │
 *   10   │ address behind all that was ever used, number of ranges   │
 *   12   │ of a delta: sums of both images, number of runs, 0        │
 *        ├───────────────────────────────────────────────────────────┤
 *        │ ranges: begin and end in bytes                            │
 *        │ of a delta: runs that changed, begin and end in bytes     │
 *        ├───────────────────────────────────────────────────────────┤
 *        │ the bytes of all ranges; of a delta, of all runs          │
 *        └───────────────────────────────────────────────────────────┘
 */

/** Of a heap: what is asked of it here. */
interface ImagedHeap {
  readonly u8: Uint8Array;
  usedRanges(): Used;
}

/** Of a heap: what an image must hold, and what it lives in. */
interface Used {
  readonly ranges: Uint32Array;
  readonly end: number;
  readonly memory: ArrayBufferLike | WebAssembly.Memory;
  readonly maxBytes: number;
}

/** What was given is no image, damaged, or of another heap. Nothing was changed. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}

/** "slim" and "sldl", as bytes. */
const IMAGE = 0x6d696c73;
const DELTA = 0x6c646c73;
const VERSION = 1;

const MAGIC_AT = 0;
const VERSION_AT = 1;
/** Of an image: of its contents, by `mixed`. Of a delta: of all words behind. */
const SUM_AT = 2;
const KIND_AT = 3;
const MAX_BYTES_AT = 4;
const LENGTH_AT = 5;
const BASE_AT = 6;
const LAYOUT_AT = 7;
const END_AT = 10;
const RANGES_AT = 11;
const IMAGE_HEAD = 12;
/** Of a delta only. */
const EARLIER_SUM_AT = 12;
const LATER_SUM_AT = 13;
const RUNS_AT = 14;
const DELTA_HEAD = 16;

/** In a delta, for the number of ranges: those of the earlier image. */
const SAME_RANGES = 0xffffffff;

/** Where a heap's header begins, in words from its base: magic, layout and the spec's hash. */
const HEADER_AT = 1;

/** Kinds of memory, by the number that an image has for them. */
const ARRAY_BUFFER = 0;
const SHARED_BUFFER = 1;
const WASM = 2;
const SHARED_WASM = 3;

const WASM_PAGE = 65536;

/** An image, or a delta, that is taken apart. */
interface Parts {
  /** All of it. */
  readonly words: Uint32Array;
  readonly ranges: Uint32Array;
  /** Of a delta. */
  readonly runs: Uint32Array;
  readonly payload: Uint32Array;
}

/**
 * Saves a heap: what it uses, in an image of 48 bytes, 8 for each range in use, and those ranges'
 * bytes.
 */
export function saveImage(heap: ImagedHeap): Uint8Array {
  const used = heap.usedRanges();
  const { ranges } = used;
  const memory = wordsOf(heap);
  const words = new Uint32Array(IMAGE_HEAD + ranges.length + lengthOf(ranges));
  writeHead(words, IMAGE, heap, used);
  words[RANGES_AT] = ranges.length / 2;
  words.set(ranges, IMAGE_HEAD);
  let at = IMAGE_HEAD + ranges.length;
  let sum = headSum(words);
  for (let i = 0; i < ranges.length; i += 2) {
    const [from, to] = [ranges[i] >>> 2, ranges[i + 1] >>> 2];
    words.set(memory.subarray(from, to), at);
    at += to - from;
    sum = (sum + sumOf(memory, from, from, to - from)) | 0;
  }
  words[SUM_AT] = sum;
  return bytesOf(words);
}

/**
 * What has changed in a heap since an image of it was taken: 64 bytes, 8 for each run of words
 * that changed and each range in use, if those are not the same, and the bytes of these runs.
 * `applyDelta` makes the later image of it.
 */
export function deltaOf(earlier: Uint8Array, heap: ImagedHeap): Uint8Array {
  const old = imageParts(earlier);
  const used = heap.usedRanges();
  const { ranges } = used;
  const memory = wordsOf(heap);
  const head = new Uint32Array(DELTA_HEAD);
  writeHead(head, DELTA, heap, used);
  failOnOther(old.words, head);
  const runs: number[] = [];
  let sum = (old.words[SUM_AT] - headSum(old.words)) | 0;
  eachPart(ranges, old.ranges, (from, to, at) => {
    sum = (sum + changesIn(memory, from, to, old.payload, at, runs)) | 0;
  });
  // What is used no more is no part of the later image.
  eachPart(old.ranges, ranges, (from, to, at, ownAt) => {
    if (at < 0) sum = (sum - sumOf(old.payload, ownAt, from, to - from)) | 0;
  });
  const same = isSame(ranges, old.ranges);
  const count = same ? 0 : ranges.length;
  head[RANGES_AT] = same ? SAME_RANGES : count / 2;
  head[RUNS_AT] = runs.length / 2;
  head[EARLIER_SUM_AT] = old.words[SUM_AT];
  head[LATER_SUM_AT] = sum + headSum(head, ranges.length / 2);
  const words = new Uint32Array(DELTA_HEAD + count + runs.length + lengthOf(runs));
  words.set(head);
  if (!same) words.set(ranges, DELTA_HEAD);
  words.set(runs, DELTA_HEAD + count);
  let at = DELTA_HEAD + count + runs.length;
  for (let i = 0; i < runs.length; i += 2) {
    words.set(memory.subarray(runs[i] >>> 2, runs[i + 1] >>> 2), at);
    at += (runs[i + 1] - runs[i]) >>> 2;
  }
  words[SUM_AT] = sumOf(words, KIND_AT, KIND_AT, words.length - KIND_AT);
  return bytesOf(words);
}

/** The later image, of the earlier one and what has changed since. */
export function applyDelta(earlier: Uint8Array, delta: Uint8Array): Uint8Array {
  const old = imageParts(earlier);
  const { words: head, ranges: given, runs, payload } = deltaParts(delta);
  failOnOther(old.words, head);
  if (old.words[SUM_AT] !== head[EARLIER_SUM_AT]) {
    throw new ImageError("delta: it was taken against another image of this heap");
  }
  const ranges = head[RANGES_AT] === SAME_RANGES ? old.ranges : given;
  const words = new Uint32Array(IMAGE_HEAD + ranges.length + lengthOf(ranges));
  words.set(head.subarray(0, IMAGE_HEAD));
  words[MAGIC_AT] = IMAGE;
  words[SUM_AT] = head[LATER_SUM_AT];
  words[RANGES_AT] = ranges.length / 2;
  words.set(ranges, IMAGE_HEAD);
  const target = words.subarray(IMAGE_HEAD + ranges.length);
  if (ranges === old.ranges) {
    target.set(old.payload);
  } else {
    eachPart(ranges, old.ranges, (from, to, at, ownAt) => {
      if (at >= 0) target.set(old.payload.subarray(at, at + to - from), ownAt);
    });
  }
  let at = 0;
  eachPart(runs, ranges, (from, to, into) => {
    if (into < 0) throw new ImageError("delta: damaged: a run lies outside of the ranges in use");
    target.set(payload.subarray(at, at + to - from), into);
    at += to - from;
  });
  return bytesOf(words);
}

/**
 * A memory as the heap had it, new, of the kind that it lived in and of its length:
 * `openHeap(restoreImage(image))`. What no range holds is zero.
 */
export function restoreImage(image: Uint8Array): ArrayBuffer | SharedArrayBuffer | WebAssembly.Memory {
  const parts = verified(image);
  const { words } = parts;
  const memory = newMemory(words[KIND_AT], words[LENGTH_AT], words[MAX_BYTES_AT]);
  writeRanges(parts, new Uint32Array("buffer" in memory ? memory.buffer : memory));
  return memory;
}

/**
 * Puts a heap back to what it was when the image was taken: every block has its bytes again, and
 * blocks that are younger are gone. For heaps of one thread, as often as one likes: the heap's
 * functions and views stay as they are.
 */
export function rollBack(heap: ImagedHeap, image: Uint8Array): void {
  const parts = verified(image);
  if ("threadSlot" in heap) {
    throw new ImageError(
      "rollBack: the threads of this heap keep notes beside it; open the image in a new memory: openHeap(restoreImage(image))",
    );
  }
  const used = heap.usedRanges();
  const { ranges, end } = used;
  const head = new Uint32Array(IMAGE_HEAD);
  writeHead(head, IMAGE, heap, used);
  failOnOther(parts.words, head);
  const memory = wordsOf(heap);
  const last = Math.max(parts.words[END_AT], parts.ranges[parts.ranges.length - 1]);
  if (memory.byteLength < last) {
    throw new ImageError(`rollBack: the image reaches to byte ${last}, the memory to ${memory.byteLength}`);
  }
  // What is between ranges must be zero where the image's heap says so, and may hold anything
  // else.
  let behind = ranges[0] >>> 2;
  for (let i = 0; i < parts.ranges.length; i += 2) {
    memory.fill(0, behind, parts.ranges[i] >>> 2);
    behind = parts.ranges[i + 1] >>> 2;
  }
  memory.fill(0, behind, Math.max(end, behind * 4) >>> 2);
  writeRanges(parts, memory);
}

function writeRanges({ ranges, payload }: Parts, memory: Uint32Array): void {
  let at = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const words = (ranges[i + 1] - ranges[i]) >>> 2;
    memory.set(payload.subarray(at, at + words), ranges[i] >>> 2);
    at += words;
  }
}

function newMemory(kind: number, bytes: number, maxBytes: number) {
  if (kind === ARRAY_BUFFER) return new ArrayBuffer(bytes);
  if (kind === SHARED_BUFFER) return new SharedArrayBuffer(bytes);
  return new WebAssembly.Memory({
    initial: Math.ceil(bytes / WASM_PAGE),
    maximum: Math.ceil(maxBytes / WASM_PAGE),
    shared: kind === SHARED_WASM,
  });
}

/** What an image and a delta have in common: which heap it is of, and how much of it is used. */
function writeHead(head: Uint32Array, magic: number, heap: ImagedHeap, used: Used): void {
  const { ranges, end, memory, maxBytes } = used;
  const base = ranges[0];
  const header = base / 4 + HEADER_AT;
  const words = wordsOf(heap);
  head[MAGIC_AT] = magic;
  head[VERSION_AT] = VERSION;
  head[KIND_AT] = kindOf(memory, heap.u8.buffer);
  head[MAX_BYTES_AT] = maxBytes;
  head[LENGTH_AT] = Math.min(heap.u8.byteLength, maxBytes);
  head[BASE_AT] = base;
  head.set(words.subarray(header + 1, header + 4), LAYOUT_AT);
  head[END_AT] = end;
}

function kindOf(memory: ArrayBufferLike | WebAssembly.Memory, buffer: ArrayBufferLike): number {
  const isShared = !(buffer instanceof ArrayBuffer);
  if ("byteLength" in memory) return isShared ? SHARED_BUFFER : ARRAY_BUFFER;
  return isShared ? SHARED_WASM : WASM;
}

function wordsOf({ u8 }: ImagedHeap): Uint32Array {
  return new Uint32Array(u8.buffer, 0, u8.byteLength >>> 2);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** An image whose contents agree with its sum. */
function verified(image: Uint8Array): Parts {
  const parts = imageParts(image);
  const { words, ranges, payload } = parts;
  let sum = headSum(words);
  let at = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const length = (ranges[i + 1] - ranges[i]) >>> 2;
    sum = (sum + sumOf(payload, at, ranges[i] >>> 2, length)) | 0;
    at += length;
  }
  if (sum >>> 0 !== words[SUM_AT]) throw new ImageError("image: damaged: its check sum does not agree");
  return parts;
}

function imageParts(image: Uint8Array): Parts {
  const words = takeApart("image", image, IMAGE, IMAGE_HEAD);
  const count = words[RANGES_AT];
  if (count < 1 || count > words.length) throw new ImageError(`image: damaged: it has ${count} ranges`);
  const ranges = rangesIn("image", words, IMAGE_HEAD, count);
  const payload = words.subarray(IMAGE_HEAD + 2 * count);
  failOnLength("image", image, IMAGE_HEAD + 2 * count + lengthOf(ranges));
  if (ranges[0] !== words[BASE_AT] || ranges[ranges.length - 1] > words[LENGTH_AT]) {
    throw new ImageError("image: damaged: it has ranges outside of the heap");
  }
  return { words, ranges, runs: new Uint32Array(0), payload };
}

function deltaParts(delta: Uint8Array): Parts {
  const words = takeApart("delta", delta, DELTA, DELTA_HEAD);
  if (sumOf(words, KIND_AT, KIND_AT, words.length - KIND_AT) >>> 0 !== words[SUM_AT]) {
    throw new ImageError("delta: damaged: its check sum does not agree");
  }
  const count = words[RANGES_AT] === SAME_RANGES ? 0 : words[RANGES_AT];
  const runCount = words[RUNS_AT];
  if (count + runCount > words.length) throw new ImageError(`delta: damaged: it has ${runCount} runs`);
  const ranges = rangesIn("delta", words, DELTA_HEAD, count);
  const runs = rangesIn("delta", words, DELTA_HEAD + 2 * count, runCount);
  const at = DELTA_HEAD + 2 * (count + runCount);
  failOnLength("delta", delta, at + lengthOf(runs));
  return { words, ranges, runs, payload: words.subarray(at) };
}

/** Its words, if it is what it should be. */
function takeApart(what: string, bytes: Uint8Array, magic: number, head: number): Uint32Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${what}: give a Uint8Array`);
  const isAligned = (bytes.byteOffset & 3) === 0;
  const { buffer, byteOffset, byteLength } = isAligned ? bytes : bytes.slice();
  const words = new Uint32Array(buffer, byteOffset, byteLength >>> 2);
  if (words.length < head || words[MAGIC_AT] !== magic) throw new ImageError(`${what}: these bytes are none`);
  if (words[VERSION_AT] !== VERSION) {
    throw new ImageError(`${what}: it is of version ${words[VERSION_AT]} of the format; here is ${VERSION}`);
  }
  return words;
}

/** Begins and ends, by address. */
function rangesIn(what: string, words: Uint32Array, at: number, count: number): Uint32Array {
  if (at + 2 * count > words.length) failOnLength(what, bytesOf(words), at + 2 * count);
  const ranges = words.subarray(at, at + 2 * count);
  let last = 0;
  for (const end of ranges) {
    if (end < last || (end & 3) !== 0) throw new ImageError(`${what}: damaged: its ranges are in no order`);
    last = end;
  }
  return ranges;
}

function failOnLength(what: string, { byteLength }: Uint8Array, words: number): void {
  if (byteLength !== words * 4) {
    throw new ImageError(`${what}: it has ${byteLength} bytes and should have ${words * 4}`);
  }
}

/** Both are of one heap, or of heaps of one spec in the same place. */
function failOnOther(head: Uint32Array, other: Uint32Array): void {
  const differs = (at: number) => head[at] !== other[at];
  if ([LAYOUT_AT, LAYOUT_AT + 1, LAYOUT_AT + 2].some(differs)) {
    throw new ImageError(
      `image: it is of a heap of the spec ${hashIn(head)}, the other one of the spec ${hashIn(other)}`,
    );
  }
  if (differs(BASE_AT) || differs(MAX_BYTES_AT)) {
    throw new ImageError(
      `image: its heap has the bytes ${head[BASE_AT]} to ${head[MAX_BYTES_AT]}, the other one ${other[BASE_AT]} to ${other[MAX_BYTES_AT]}`,
    );
  }
}

function hashIn(head: Uint32Array): string {
  const text = (at: number) => head[at].toString(16).padStart(8, "0");
  return text(LAYOUT_AT + 1) + text(LAYOUT_AT + 2);
}

/** Words in all ranges together. */
function lengthOf(ranges: ArrayLike<number>): number {
  let bytes = 0;
  for (let i = 0; i < ranges.length; i += 2) bytes += ranges[i + 1] - ranges[i];
  return bytes / 4;
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((end, i) => end === b[i]);
}

/**
 * The parts of some ranges, in words, each wholly inside a range of others or outside of all:
 * where in those others' payload it lies, or -1, and where in its own.
 */
function eachPart(
  ranges: ArrayLike<number>,
  others: ArrayLike<number>,
  visit: (from: number, to: number, at: number, ownAt: number) => void,
): void {
  let other = 0;
  /** Payload of the others before this one. */
  let before = 0;
  let ownAt = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    let from = ranges[i];
    const to = ranges[i + 1];
    while (from < to) {
      while (other < others.length && others[other + 1] <= from) {
        before += others[other + 1] - others[other];
        other += 2;
      }
      const start = other < others.length ? others[other] : to;
      const isInside = start <= from;
      const end = Math.min(to, isInside ? others[other + 1] : start);
      visit(from >>> 2, end >>> 2, isInside ? (before + from - start) >>> 2 : -1, ownAt >>> 2);
      ownAt += end - from;
      from = end;
    }
  }
}

/**
 * Appends the runs of words `from … to - 1` that are not as they were in `old`, from `at` on;
 * with -1 they were zero. Returns by how much the sum of all words changes.
 */
function changesIn(
  memory: Uint32Array,
  from: number,
  to: number,
  old: Uint32Array,
  at: number,
  runs: number[],
): number {
  let sum = 0;
  const shift = at - from;
  for (let w = from; w < to; w++) {
    if (at >= 0) {
      // Most of a heap has not changed: eight words at a time.
      while (
        w + 8 <= to &&
        ((memory[w] ^ old[w + shift]) |
          (memory[w + 1] ^ old[w + 1 + shift]) |
          (memory[w + 2] ^ old[w + 2 + shift]) |
          (memory[w + 3] ^ old[w + 3 + shift]) |
          (memory[w + 4] ^ old[w + 4 + shift]) |
          (memory[w + 5] ^ old[w + 5 + shift]) |
          (memory[w + 6] ^ old[w + 6 + shift]) |
          (memory[w + 7] ^ old[w + 7 + shift])) ===
          0
      ) {
        w += 8;
      }
      if (w === to) break;
    }
    const now = memory[w];
    const before = at < 0 ? 0 : old[w + shift];
    if (now === before) continue;
    sum = (sum + mixed(now, w) - mixed(before, w)) | 0;
    // A run costs eight bytes: shorter gaps are part of it.
    const last = runs.length - 1;
    if (last > 0 && w * 4 - runs[last] <= 8 && runs[last] >= from * 4) runs[last] = w * 4 + 4;
    else runs.push(w * 4, w * 4 + 4);
  }
  return sum;
}

/** The sum of `length` words from `at` on, whose places are `from` and behind. */
function sumOf(words: Uint32Array, at: number, from: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum = (sum + mixed(words[at + i], from + i)) | 0;
  return sum;
}

/** Of the words of an image's head that say what it is of; `ranges`: how many it has. */
function headSum(head: Uint32Array, ranges: number = head[RANGES_AT]): number {
  return (sumOf(head, KIND_AT, KIND_AT, RANGES_AT - KIND_AT) + mixed(ranges, RANGES_AT)) | 0;
}

/**
 * What a word adds to a sum, by its place. Nothing if it is 0: a word that no range holds is. And
 * a sum can follow changes, since the order of words is nothing to it.
 */
function mixed(word: number, place: number): number {
  const product = Math.imul(word ^ (word >>> 15), Math.imul(place, 0x9e3779b1) | 1);
  return product ^ (product >>> 13);
}
