/**
 * Memory, as the kernel sees it. Every access to the heap goes through one of these; each
 * lowering prints them in its own way (`generator/stages/lower.ts`).
 *
 * Words are addressed by word index (byte address / 4), bytes by byte address. All values are
 * unsigned. The functions below are never called: they give the kernel its types.
 */
import type { Ptr, Word } from "./types";

/** A plain read of a word that only this thread writes. Prints as `u32[w]`. */
export declare function load32(w: Word): number;
/** A plain write of a word that only this thread reads or writes. Prints as `u32[w] = value`. */
export declare function store32(w: Word, value: number): void;
/**
 * A plain read of a word that another thread may be writing: the value may be stale, and the
 * caller says why that is right.
 */
export declare function loadRacy32(w: Word): number;
export declare function load8(p: Ptr): number;
export declare function store8(p: Ptr, value: number): void;

/** Sequentially consistent accesses; plain ones where there is one thread. */
export declare function atomicLoad(w: Word): number;
export declare function atomicStore(w: Word, value: number): void;
/** Returns what the word held; it was replaced only if that equals `expected`. */
export declare function atomicCas(w: Word, expected: number, value: number): number;
export declare function atomicExchange(w: Word, value: number): number;
export declare function atomicAdd(w: Word, value: number): number;
export declare function atomicOr(w: Word, value: number): number;
export declare function atomicAnd(w: Word, value: number): number;

/** Zeroes eight bytes, the first at `8 * i`. */
export declare function zero64(i: number): void;
/**
 * Zeroes the bytes from `8 * from` to before `8 * to` at once: bulk, for ranges above
 * `spec.fillThreshold`.
 */
export declare function zeroRange64(from: number, to: number): void;
/** `u8.copyWithin(target, from, to)`: bulk, for ranges above `spec.copyThreshold`. */
export declare function copyBytes(target: Ptr, from: Ptr, to: Ptr): void;

/**
 * Arithmetic that leaves 32 bits. JavaScript's numbers hold what words do not, so its builds print
 * the plain operations; other targets calculate with words.
 */
/** `a / b`, rounded up. */
export declare function ceilDiv(a: number, b: number): number;
/** `a + b`, where words have no room for it the largest word: no size, and behind every page. */
export declare function addSaturating(a: number, b: number): number;
/** Whether `product`, which is `a * b`, is more than a word holds. */
export declare function productOverflows(a: number, b: number, product: number): boolean;

/** Of targets whose memory a function can grow: its length in pages of 64 KiB; … */
export declare function memorySize(): number;
/** … makes it so many pages longer; false when it cannot. */
export declare function memoryGrow(pages: number): boolean;
/** Gives every register its first value, in their order, but for those of the module that asks. */
export declare function beginRegisters(): void;

/** A constant table, one number per entry. Prints as a typed array. */
export declare function table8(values: readonly number[]): Uint8Array;
export declare function table32(values: readonly number[]): Uint32Array;
/**
 * A table of this thread's own, all zero, that may change: no part of the heap's memory, and gone
 * when the thread is.
 */
export declare function ownTable32(length: number): Uint32Array;
