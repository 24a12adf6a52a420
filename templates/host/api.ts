/** Public types. */
import type { When } from "../kernel/spec";

/** What a heap of this build lives in. */
export type HeapMemory = When<
  'spec.memory.kind === "growable"',
  WebAssembly.Memory,
  When<"spec.memory.shared", SharedArrayBuffer, ArrayBuffer>
>;

/** The buffer of such a memory. */
export type HeapBuffer = When<"spec.memory.shared", SharedArrayBuffer, ArrayBuffer>;

/** How a heap is made. */
export interface HeapOptions {
  /** Address space to reserve, in bytes, metadata included; rounded down to whole pages. */
  maxBytes?: number;
  /**
   * First address the heap may use, a multiple of the page size; what is before it belongs to
   * somebody else.
   * @when spec.memory.baseGiven
   */
  baseBytes?: number;
  /**
   * Memory to use instead of a new one. The heap uses all of it
   * {@when spec.memory.baseGiven || spec.memory.basePage > 0} from its first address on {@end}.
   */
  memory?: HeapMemory;
}

/**
 * A heap at rest: its memory, or a copy of the bytes from address 0 on. A view, as everything
 * with a buffer, will do.
 */
export type HeapImage = HeapMemory | ArrayBufferLike | { readonly buffer: ArrayBufferLike };

/** What another thread needs to attach to a heap. It can be posted. */
export interface HeapHandle {
  readonly memory: HeapMemory;
  /** Address space of the heap in bytes. */
  readonly maxBytes: number;
  /**
   * First address of the heap.
   * @when spec.memory.baseGiven
   */
  readonly baseBytes: number;
  /** The thread slot reserved for whoever attaches, or -1: any free one. */
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
  /**
   * SuperSlabs taken from the memory, {@when spec.lru.entries > 0} from the LRU, {@end} and given
   * back to the memory (G6).
   * @when spec.osStatistics
   */
  readonly superSlabs: { readonly created: number; readonly reused: number; readonly returned: number };
  /**
   * How often guards have found something.
   * @when !spec.guards.throws
   */
  readonly guardHits: number;
  /**
   * What {@when spec.manyThreads} all threads {@else} the heap {@end} did (G5), modulo 2^32.
   * @when spec.observe.counters
   */
  readonly counters: HeapCounters;
}

/** Counters (G5): what calls did. */
export interface HeapCounters {
  /**
   * Where freed blocks went: to a tier, to their slab{@when spec.manyThreads}, to the remote list
   * of another thread's slab {@end}.
   */
  readonly frees: {
    readonly tier: number;
    readonly slab: number;
    /** @when spec.manyThreads */
    readonly remote: number;
  };
  /** Calls that had no size to go by, and those that found the heap full. */
  readonly earlyReturns: { readonly noSize: number; readonly heapFull: number };
  /**
   * Slabs claimed, and slabs that another thread claimed first.
   * @when spec.manyThreads
   */
  readonly claims: { readonly won: number; readonly lost: number };
  /** Refills, by where they found blocks. */
  readonly refills: {
    readonly current: number;
    /** @when spec.refill.sticky */
    readonly sticky: number;
    readonly own: number;
    /** @when spec.manyThreads */
    readonly drained: number;
    /** @when spec.manyThreads && spec.refill.adopt */
    readonly adopted: number;
    /** @when spec.pool.emptySlabs > 0 */
    readonly kept: number;
    readonly pool: number;
    /** @when spec.slab.waits */
    readonly waiting: number;
  };
  /**
   * The classes that are counted by themselves.
   * @when spec.observe.countsClasses
   */
  readonly classes: readonly ClassCounters[];
}

/** What happened to one class. */
export interface ClassCounters {
  /** Bytes of a block. */
  readonly size: number;
  readonly allocated: number;
  readonly freed: number;
  readonly refilled: number;
}

/** Blocks that have not been given back and are alike. */
export interface Leak {
  /** Bytes that each of them was asked for with. */
  readonly size: number;
  readonly blocks: number;
  /** Bytes asked for, all together. */
  readonly bytes: number;
  /** The first of them by address. */
  readonly first: number;
  /**
   * The slot of the thread that allocated them, …
   * @when spec.manyThreads
   */
  readonly thread: number;
  /**
   * … and whether nobody is attached to that any more.
   * @when spec.manyThreads
   */
  readonly hasEnded: boolean;
  /**
   * Where they were allocated{@when spec.manyThreads}; empty when another thread did it {@end}.
   * @when spec.guards.stacks
   */
  readonly stack: string;
}

/** What is known of a block that a guard found something about. */
export interface BlockHistory {
  readonly ptr: number;
  /** Bytes that it was asked for with. */
  readonly size: number;
  readonly isFreed: boolean;
  /**
   * The slot of the thread that allocated it, …
   * @when spec.manyThreads
   */
  readonly allocatedBy: number;
  /**
   * … and of the one that freed it, or -1.
   * @when spec.manyThreads
   */
  readonly freedBy: number;
  /**
   * Where it was allocated{@when spec.manyThreads}; empty when another thread did it {@end}.
   * @when spec.guards.stacks
   */
  readonly allocationStack: string;
  /**
   * Where it was freed{@when spec.manyThreads}; empty when another thread did it {@end}.
   * @when spec.guards.stacks
   */
  readonly freeStack: string;
}

/** Where a heap's contents lie, in bytes from address 0. */
export interface UsedRanges {
  /**
   * Begin and end of each range, by address: metadata, and slabs and page runs in use. What lies
   * between two of them is never read before it is written, or it is zero.
   */
  readonly ranges: Uint32Array;
  /** Behind it the heap has never written anything. */
  readonly end: number;
  /** What the heap lives in, and the address space that it may use there, in bytes. */
  readonly memory: HeapMemory;
  readonly maxBytes: number;
}

/**
 * A block, as the heap walk shows it: its address, its usable bytes, and whether a user holds it.
 */
export interface Block {
  readonly ptr: number;
  readonly size: number;
  readonly used: boolean;
}

/** A heap in linear memory. Addresses are byte offsets into `buffer`; 0 is no block. */
export interface Heap {
  /**
   * The memory, and views of all of it.
   * {@when spec.memory.kind === "growable"} Read them anew after a call that may have grown it.
   * {@end}
   */
  readonly buffer: HeapBuffer;
  readonly u8: Uint8Array<HeapBuffer>;
  readonly i8: Int8Array<HeapBuffer>;
  readonly u16: Uint16Array<HeapBuffer>;
  readonly i16: Int16Array<HeapBuffer>;
  readonly u32: Uint32Array<HeapBuffer>;
  readonly i32: Int32Array<HeapBuffer>;
  readonly f32: Float32Array<HeapBuffer>;
  readonly f64: Float64Array<HeapBuffer>;
  readonly i64: BigInt64Array<HeapBuffer>;
  readonly u64: BigUint64Array<HeapBuffer>;
  /**
   * A block of at least `size` bytes, or 0: the heap is full or `size` is no size. Every
   * `malloc(0)` is a block of its own.
   */
  malloc(size: number): number;
  /** A zeroed block of `count * size` bytes, or 0. */
  calloc(count: number, size: number): number;
  /**
   * Moves or resizes a block; its first bytes stay. `realloc(0, n)` is `malloc(n)`; `realloc(p,
   * 0)` frees it and returns 0. On 0 for n > 0 the old block is untouched.
   */
  realloc(ptr: number, size: number): number;
  /** A block at a multiple of `alignment`, a power of two; or 0. */
  memalign(alignment: number, size: number): number;
  /** Gives a block back; `free(0)` does nothing. */
  free(ptr: number): void;
  /**
   * Bytes a block can hold: {@when spec.guards.redZone > 0} what {@else} at least what {@end} was
   * asked for.
   */
  usableSize(ptr: number): number;
  /**
   * Whether a {@when spec.guards.states} live {@end} block of this heap starts at an address; any
   * number may be asked about. {@when !spec.guards.states} A block that was freed still counts,
   * until its slab is given up. {@end} {@when spec.manyThreads} While other threads allocate and
   * free the answer may be out of date. {@end}
   * @when spec.api.owns
   */
  owns(ptr: number): boolean;
  /**
   * The longest request that would succeed now, in bytes. Collects what the caches
   * {@when spec.manyThreads} of this thread {@end} hold.
   * {@when spec.manyThreads} What other threads keep does not count. {@end}
   * @when spec.api.largestFree
   */
  largestFree(): number;
  /**
   * For a thread that is about to wait: gives back everything that it keeps, and stays attached.
   * @when spec.manyThreads && spec.api.idle
   */
  idle(): void;
  /**
   * Frees every block at once. Afterwards the heap is as new
   * {@when spec.memory.kind === "growable"}; its memory stays as long as it has grown {@end}.
   * {@when spec.manyThreads}
   * Only the last thread may do so: it throws an Error while another slot is attached or
   * reserved. {@end}
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
   * The blocks that have not been given back, those that are alike together, the most bytes first.
   * {@when spec.manyThreads} No other thread may be in a call meanwhile. {@end}
   * @when spec.guards.states
   */
  leaks(): Leak[];
  /**
   * The last events (G4) {@when spec.manyThreads} of each thread {@end}, as text.
   * @when spec.observe.events > 0
   */
  events(): string[];
  /**
   * What of the memory an image must hold: `image.js` saves no more.
   * {@when spec.manyThreads} No other thread may be in a call meanwhile. {@end}
   * @when spec.api.image
   */
  usedRanges(): UsedRanges;
  /**
   * What another thread needs to attach. It can be posted.
   * @when spec.manyThreads
   */
  readonly handle: HeapHandle;
  /**
   * This thread's slot.
   * @when spec.manyThreads
   */
  readonly threadSlot: number;
  /**
   * Gives back what {@when spec.manyThreads} this thread keeps {@else} the caches keep {@end}.
   * {@when spec.manyThreads} From then on it can free blocks, and gets none. {@else} The heap
   * stays usable. {@end}
   */
  detach(): void;
  /** `using heap = createHeap()` calls `detach()` at the end of the block. */
  [Symbol.dispose](): void;
  /**
   * A handle with a thread slot of its own, for a thread that may die:
   * `reclaim(handle.threadSlot)`, once, when it has ended, however far it came. Until then nobody
   * else gets the slot. Throws a RangeError when all slots are taken.
   * @when spec.manyThreads && spec.reclaim
   */
  reserve(): HeapHandle;
  /**
   * Adopts the slabs and caches of a thread that died.
   * @when spec.manyThreads && spec.reclaim
   */
  reclaim(threadSlot: number): void;
}

/** An invariant of the heap does not hold. */
export class HeapCorruptionError extends Error {
  override readonly name = "HeapCorruptionError";
  /** The broken invariant. */
  readonly invariant: string;
  /**
   * Address it concerns: of a block, of a page of the slab in question, or of the word that is
   * wrong.
   */
  readonly address: number;
  /**
   * What is known of the block{@when spec.heapWalk}; not of damage that `check()` finds {@end}.
   * @when spec.guards.states
   */
  history?: BlockHistory;
  /**
   * What this thread did before (G4).
   * @when spec.observe.events > 0
   */
  events?: readonly string[];

  constructor(invariant: string, address: number) {
    super(`${invariant} (address 0x${address.toString(16)})`);
    this.invariant = invariant;
    this.address = address;
  }
}

/** What was given to `openHeap` is no heap of this build, or not all of it. */
export class HeapImageError extends Error {
  override readonly name = "HeapImageError";
}
