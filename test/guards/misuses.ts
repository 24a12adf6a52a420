/**
 * Misuses of a heap, each a few calls: after the programs of hardened_malloc's test suite, which
 * mimalloc-bench runs as "security", as far as they mean something in a linear memory, and some of
 * JavaScript's own.
 */
import type { Heap } from "../../templates/host/api.ts";

export interface Misuse {
  readonly name: string;
  /** `other` is a heap beside this one, in a memory of its own. */
  readonly run: (heap: Heap, other: Heap) => void;
}

const SMALL = 40;
const LARGE = 300_000;

/** What a program would have read by mistake from memory that it never wrote. */
const GARBAGE = 0xdeadbee0;

function bytesOf(heap: Heap, ptr: number, from: number, to: number): void {
  for (let i = from; i < to; i++) heap.u8[ptr + i] = 0x41;
}

/** A block between two others: what is beside it is in use. */
function between(heap: Heap, size: number): number {
  heap.malloc(size);
  const block = heap.malloc(size);
  heap.malloc(size);
  return block;
}

function freed(heap: Heap, size: number): number {
  const block = between(heap, size);
  heap.free(block);
  return block;
}

export const misuses: readonly Misuse[] = [
  { name: "a small block freed twice", run: (heap) => heap.free(freed(heap, SMALL)) },
  { name: "a large block freed twice", run: (heap) => heap.free(freed(heap, LARGE)) },
  {
    name: "a small block freed twice, another one between",
    run(heap) {
      const [one, two] = [heap.malloc(SMALL), heap.malloc(SMALL)];
      heap.free(one);
      heap.free(two);
      heap.free(one);
    },
  },
  {
    name: "a large block freed twice, another one between",
    run(heap) {
      const [one, two] = [heap.malloc(LARGE), heap.malloc(LARGE)];
      heap.free(one);
      heap.free(two);
      heap.free(one);
    },
  },
  {
    name: "a block freed twice, a million bytes of frees between",
    run(heap) {
      const block = freed(heap, SMALL);
      for (let i = 0; i < 1000; i++) heap.free(heap.malloc(1000));
      heap.free(block);
    },
  },
  {
    name: "a block freed by realloc(p, 0), and again",
    run(heap) {
      const block = between(heap, SMALL);
      heap.realloc(block, 0);
      heap.free(block);
    },
  },
  {
    name: "the old address freed after realloc has moved the block",
    run(heap) {
      const block = between(heap, SMALL);
      heap.realloc(block, 50 * SMALL);
      heap.free(block);
    },
  },
  { name: "the inside of a small block freed", run: (heap) => heap.free(between(heap, 400) + 64) },
  { name: "the inside of a large block freed", run: (heap) => heap.free(between(heap, LARGE) + 65536) },
  { name: "an address that is not aligned freed, small", run: (heap) => heap.free(between(heap, SMALL) + 1) },
  { name: "an address that is not aligned freed, large", run: (heap) => heap.free(between(heap, LARGE) + 1) },
  {
    name: "an address freed that was never handed out",
    run: (heap) => heap.free(Math.max(...[1, 2, 3].map(() => heap.malloc(SMALL))) + 1024),
  },
  { name: "an address of the heap's own records freed", run: (heap) => heap.free(64) },
  { name: "an address behind the heap freed", run: (heap) => heap.free(heap.buffer.byteLength + 4096) },
  { name: "what lay in memory never written freed", run: (heap) => heap.free(GARBAGE) },
  { name: "a negative address freed", run: (heap) => heap.free(-between(heap, SMALL)) },
  { name: "NaN freed", run: (heap) => heap.free(Number.NaN) },
  { name: "a fraction freed", run: (heap) => heap.free(between(heap, SMALL) + 0.5) },
  {
    name: "a block of another heap freed",
    run(heap, other) {
      const theirs = [1, 2, 3, 4, 5].map(() => other.malloc(SMALL))[4]!;
      between(heap, SMALL);
      heap.free(theirs);
    },
  },
  {
    name: "a block freed that was there before reset",
    run(heap) {
      const block = between(heap, SMALL);
      heap.reset();
      heap.free(block);
    },
  },
  { name: "a freed block given to realloc", run: (heap) => void heap.realloc(freed(heap, SMALL), 4 * SMALL) },
  {
    name: "the inside of a block given to realloc",
    run: (heap) => void heap.realloc(between(heap, 400) + 64, 800),
  },
  { name: "an address behind the heap given to realloc", run: (heap) => void heap.realloc(GARBAGE, SMALL) },
  { name: "a freed block given to usableSize", run: (heap) => void heap.usableSize(freed(heap, SMALL)) },
  {
    name: "the inside of a block given to usableSize",
    run: (heap) => void heap.usableSize(between(heap, 400) + 64),
  },
  { name: "an address behind the heap given to usableSize", run: (heap) => void heap.usableSize(GARBAGE) },
  { name: "a byte written behind a small block", run: (heap) => written(heap, SMALL, SMALL, SMALL + 1) },
  { name: "a byte written behind a large block", run: (heap) => written(heap, LARGE, LARGE, LARGE + 1) },
  { name: "eight bytes written behind a small block", run: (heap) => written(heap, SMALL, SMALL, SMALL + 8) },
  { name: "eight bytes written behind a large block", run: (heap) => written(heap, LARGE, LARGE, LARGE + 8) },
  { name: "a string too long for its block", run: (heap) => written(heap, SMALL, 0, 4 * SMALL) },
  { name: "a byte written before a small block", run: (heap) => written(heap, SMALL, -2, -1) },
  { name: "a byte written before a large block", run: (heap) => written(heap, LARGE, -2, -1) },
  { name: "the word before a block written", run: (heap) => written(heap, SMALL, -4, 0) },
  { name: "a byte written into a block of 0 bytes", run: (heap) => written(heap, 0, 0, 1) },
  { name: "a freed small block written", run: (heap) => bytesOf(heap, freed(heap, SMALL), 8, 16) },
  { name: "a freed large block written", run: (heap) => bytesOf(heap, freed(heap, LARGE), 4096, 4104) },
  { name: "the first word of a freed block written", run: (heap) => bytesOf(heap, freed(heap, SMALL), 0, 4) },
  {
    name: "a freed block written after a million bytes of frees",
    run(heap) {
      const block = freed(heap, SMALL);
      for (let i = 0; i < 1000; i++) heap.free(heap.malloc(1000));
      bytesOf(heap, block, 8, 16);
    },
  },
  { name: "a negative size", run: (heap) => void heap.malloc(-1) },
  { name: "NaN for a size", run: (heap) => void heap.malloc(Number.NaN) },
  { name: "a size larger than the heap", run: (heap) => void heap.malloc(2 ** 40) },
  { name: "calloc of a product above 4 GiB", run: (heap) => void heap.calloc(2 ** 20, 2 ** 20) },
  { name: "an alignment that is no power of two", run: (heap) => void heap.memalign(48, SMALL) },
];

/** Writes past the ends of a block that is freed afterwards. */
function written(heap: Heap, size: number, from: number, to: number): void {
  const block = between(heap, size);
  bytesOf(heap, block, from, to);
}
