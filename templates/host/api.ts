/** Public types. */

/** How a heap is made. */
export interface HeapOptions {
  /** Address space to reserve, in bytes, metadata included; rounded down to whole pages. */
  maxBytes?: number;
  /**
   * First address the heap may use, a multiple of the page size; what is before it belongs to somebody else.
   * @when spec.memory.baseGiven
   */
  baseBytes?: number;
  /** Memory to use instead of a new one. The heap owns it from its base address on. */
  memory?: ArrayBufferLike | WebAssembly.Memory;
}

/** A heap at rest: its memory, or a copy of the bytes from address 0 on. */
export type HeapImage = ArrayBufferLike | WebAssembly.Memory | Uint8Array;

/** What another thread needs to attach to a heap. It can be posted. */
export interface HeapHandle {
  readonly memory: ArrayBufferLike | WebAssembly.Memory;
  /** Address space of the heap in bytes. */
  readonly maxBytes: number;
  /**
   * First address of the heap.
   * @when spec.memory.baseGiven
   */
  readonly baseBytes: number;
  /**
   * The thread slot reserved for whoever attaches, or -1: any free one.
   * @when spec.manyThreads
   */
  readonly threadSlot: number;
}

/** Figures of a heap, in bytes unless the name says otherwise. */
export interface HeapStats {
  /** Address space the heap may use. */
  readonly reservedBytes: number;
  /** Slabs and page runs in use or kept, and their metadata: the footprint. */
  readonly committedBytes: number;
  /** The most `committedBytes` has been. */
  readonly peakCommittedBytes: number;
  /** Usable bytes of the blocks in users' hands, and their number. */
  readonly liveBytes: number;
  readonly liveBlocks: number;
  /** SuperSlabs taken from the memory, from the LRU, and given back to the memory (G6). */
  readonly superSlabs?: { readonly created: number; readonly reused: number; readonly returned: number };
}

/** Where a heap's contents lie, in bytes from address 0. */
export interface UsedRanges {
  /**
   * Begin and end of each range, by address: metadata, and slabs and page runs in use. What lies between two of them is
   * never read before it is written, or it is zero.
   */
  readonly ranges: Uint32Array;
  /** Behind it the heap has never written anything. */
  readonly end: number;
}

/** A block, as the heap walk shows it: its address, its usable bytes, and whether a user holds it. */
export interface Block {
  readonly ptr: number;
  readonly size: number;
  readonly used: boolean;
}

/** A heap in linear memory. Addresses are byte offsets into `buffer`; 0 is no block. */
export interface Heap {
  /** The memory, and views of all of it. Read them anew after a call that may have grown it. */
  readonly buffer: ArrayBufferLike;
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
  /**
   * A block of at least `size` bytes, or 0: the heap is full or `size` is no size. Every `malloc(0)` is a block
   * of its own.
   */
  malloc(size: number): number;
  /** A zeroed block of `count * size` bytes, or 0. */
  calloc(count: number, size: number): number;
  /**
   * Moves or resizes a block; its first bytes stay. `realloc(0, n)` is `malloc(n)`; `realloc(p, 0)` frees it and
   * returns 0. On 0 for n > 0 the old block is untouched.
   */
  realloc(ptr: number, size: number): number;
  /** A block at a multiple of `alignment`, a power of two; or 0. */
  memalign(alignment: number, size: number): number;
  /** Gives a block back; `free(0)` does nothing. */
  free(ptr: number): void;
  /** Bytes a block can hold: at least what was asked for. */
  usableSize(ptr: number): number;
  /**
   * Whether a block of this heap starts at an address; any number may be asked about. A block that was freed still
   * counts, until its slab is given up. While other threads allocate and free the answer may be out of date.
   * @when spec.api.owns
   */
  owns(ptr: number): boolean;
  /**
   * A request of so many bytes would succeed now: the longest one, unless other threads keep what it needs. Collects
   * what this thread's caches hold.
   * @when spec.api.largestFree
   */
  largestFree(): number;
  /**
   * For a thread that is about to wait: gives back everything that it keeps, and stays attached.
   * @when spec.manyThreads && spec.api.idle
   */
  idle(): void;
  /**
   * Frees every block at once. Afterwards the heap is as new, its memory as long as it has grown. Of a heap of several
   * threads only the one that is left may do so: it throws an Error while another slot is attached or reserved.
   * @when spec.api.reset
   */
  reset(): void;
  stats(): HeapStats;
  /**
   * Walks the heap. Throws a HeapCorruptionError that names the first broken invariant.
   * @when spec.heapWalk
   */
  check(): void;
  /**
   * Every block, free ones included. Nothing may allocate or free while the walk goes on.
   * @when spec.heapWalk
   */
  blocks(): Iterable<Block>;
  /**
   * What of the memory an image must hold: `image.js` saves no more. No other thread may be in a call meanwhile.
   * @when spec.api.image
   */
  usedRanges(): UsedRanges;
  readonly handle: HeapHandle;
  /** This attachment's slot. */
  readonly threadSlot: number;
  /**
   * Gives this thread's caches back. One thread's heap stays usable; of a shared one, this attachment can free blocks
   * but gets none.
   */
  detach(): void;
  [Symbol.dispose](): void;
  /**
   * A handle with a thread slot of its own, for a thread that may die: `reclaim(handle.threadSlot)`, once, when it has
   * ended, however far it came. Until then nobody else gets the slot. Throws a RangeError when all slots are taken.
   * @when spec.manyThreads && spec.reclaim
   */
  reserve(): HeapHandle;
  /**
   * Adopts the slabs and caches of a thread that died.
   * @when spec.reclaim
   */
  reclaim(threadSlot: number): void;
}

/** An invariant of the heap does not hold. */
export class HeapCorruptionError extends Error {
  override readonly name = "HeapCorruptionError";

  constructor(
    /** The broken invariant. */
    readonly invariant: string,
    /** Address it concerns: of a block, of a page of the slab in question, or of the word that is wrong. */
    readonly address: number,
  ) {
    super(`${invariant} (address 0x${address.toString(16)})`);
  }
}

/** What was given to `openHeap` is no heap of this build, or not all of it. */
export class HeapImageError extends Error {
  override readonly name = "HeapImageError";
}
