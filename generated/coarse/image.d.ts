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
export declare class ImageError extends Error {
    readonly name = "ImageError";
}
/**
 * Saves a heap: what it uses, in an image of 48 bytes, 8 for each range in use, and those ranges'
 * bytes.
 */
export declare function saveImage(heap: ImagedHeap): Uint8Array;
/**
 * What has changed in a heap since an image of it was taken: 64 bytes, 8 for each run of words
 * that changed and each range in use, if those are not the same, and the bytes of these runs.
 * `applyDelta` makes the later image of it.
 */
export declare function deltaOf(earlier: Uint8Array, heap: ImagedHeap): Uint8Array;
/** The later image, of the earlier one and what has changed since. */
export declare function applyDelta(earlier: Uint8Array, delta: Uint8Array): Uint8Array;
/**
 * A memory as the heap had it, new, of the kind that it lived in and of its length:
 * `openHeap(restoreImage(image))`. What no range holds is zero.
 */
export declare function restoreImage(image: Uint8Array): ArrayBuffer | SharedArrayBuffer | WebAssembly.Memory;
/**
 * Puts a heap back to what it was when the image was taken: every block has its bytes again, and
 * blocks that are younger are gone. For heaps of one thread, as often as one likes: the heap's
 * functions and views stay as they are.
 */
export declare function rollBack(heap: ImagedHeap, image: Uint8Array): void;
export {};
