/**
 * What the kernel may ask about its variant.
 *
 * Plain numbers, strings and booleans, made by `resolve`. The generator folds every `spec.…` of the
 * kernel to one of these values; the flagged build carries the whole object and reads it at run
 * time.
 */
export interface KernelSpec {
  /** Threads that may be attached at once. 1: no other thread ever touches the heap. */
  readonly threads: number;
  /** Whether that is more than one. */
  readonly manyThreads: boolean;

  readonly memory: {
    /** Whether the buffer is one that several threads can hold. */
    readonly shared: boolean;
    /** `fixed`: one buffer, reserved at once. `growable`: a WebAssembly.Memory that grows. */
    readonly kind: "fixed" | "growable";
    /** First page the heap may use; the pages before it belong to somebody else. */
    readonly basePage: number;
    /** N1: `createHeap` may be told another one. */
    readonly baseGiven: boolean;
    /** Pages of the default reservation, from address 0. At most 2^32 / page size. */
    readonly maxPages: number;
    /** M8: pages by which the memory grows at most at a time. */
    readonly growPages: number;
    /** M7: touch every page when the heap is created. */
    readonly prefault: boolean;
  };

  /**
   * Whether the buffer can be taken from under the heap's views: another has grown the memory of
   * one thread.
   */
  readonly viewsMayGo: boolean;

  /** Whether callers may pass any number, as in JavaScript; else they pass words. */
  readonly anyNumbers: boolean;

  /** Every block starts at a multiple of `1 << alignShift` bytes. */
  readonly alignShift: number;
  /** A page is `1 << pageShift` bytes: the unit of slabs and page runs. */
  readonly pageShift: number;
  /** A SuperSlab is `1 << superSlabShift` bytes. */
  readonly superSlabShift: number;

  /** Size classes are numbered 1 … classCount; 0 is no class. */
  readonly classCount: number;
  /** Largest request in bytes that a size class serves; above it: page runs. */
  readonly maxClassBytes: number;
  /** Block stride in bytes per class, header included; [0] is 0. */
  readonly classBytes: readonly number[];
  /** Pages of a slab per class; [0] is 0. */
  readonly classPages: readonly number[];

  /** M5: bytes before each block that hold its class; 0: headerless. */
  readonly headerBytes: number;

  /** F1: per-class caches. */
  readonly fast: {
    readonly on: boolean;
    /** Blocks per class, [0] is 0; 0: the class has none. */
    readonly caps: readonly number[];
  };

  /**
   * F2: the thread's lists, which refills fill; with the hot heap (F6) they hold the current slabs'
   * blocks only.
   */
  readonly tlsSll: {
    readonly on: boolean;
    /**
     * R1: classes first … last free into the list, the others into their slab; last 0: all into
     * their slab.
     */
    readonly first: number;
    readonly last: number;
    /** Blocks a list may hold per class, [0] is 0; `counted` is false when no class has a cap. */
    readonly caps: readonly number[];
    readonly counted: boolean;
    /** Every so many frees the lists are drained to the slabs; 0: never. */
    readonly drainEvery: number;
  };

  /** F5: per-class rings of addresses. */
  readonly unifiedCache: {
    readonly on: boolean;
    readonly caps: readonly number[];
    /** Where a ring begins in its thread's arrays, in words, and its length less one. */
    readonly starts: readonly number[];
    readonly masks: readonly number[];
  };

  /** F4: per-class arrays of addresses. */
  readonly magazine: {
    readonly on: boolean;
    readonly rounds: readonly number[];
    /** Where a magazine begins in its thread's arrays, in words. */
    readonly starts: readonly number[];
  };

  /** F3: per-class lists that spill. */
  readonly tlsList: { readonly on: boolean; readonly caps: readonly number[] };

  /** F6: the current slab is freed into directly. */
  readonly hotHeap: boolean;
  /** F8: the slab of the last free is remembered. */
  readonly tlsHint: boolean;
  /** R1: classes cacheFirst … cacheLast are kept by some tier when freed; cacheLast 0: none is. */
  readonly cacheFirst: number;
  readonly cacheLast: number;
  /**
   * R1: whether `free` asks nothing but the page: no tier may refuse a block, and nothing counts
   * frees.
   */
  readonly freesByPage: boolean;
  /**
   * R1: whether it is noted by page what a block is freed to, its slab or its class's list: in a
   * second word of the page map, or by each thread for the pages that are its own.
   */
  readonly routes: boolean;
  /** R1: whether some of these routes lead to lists, which count frees then as slabs do. */
  readonly listRoutes: boolean;
  /** Words of a thread's arrays (F4, F5). */
  readonly arrayWords: number;

  /** R5: blocks in users' hands are counted per slab. */
  readonly activeTracking: boolean;

  readonly refill: {
    /** P1 … P3: slabs remembered besides the list of partial ones. */
    readonly sticky: boolean;
    readonly hotSlot: boolean;
    readonly benchSlot: boolean;
    /**
     * P4: remote frees are announced to the owner of their slab; otherwise he looks through his
     * slabs.
     */
    readonly mailbox: boolean;
    /**
     * P5: abandoned slabs are adopted before a new one is acquired; otherwise when the heap seems
     * full.
     */
    readonly adopt: boolean;
    /** P10: slabs between two requests for a SuperSlab; 0: no gate. */
    readonly mmapGate: number;
  };

  readonly slab: {
    /** Pages of a slab of small blocks. */
    readonly pages: number;
    /** Whether slabs of all classes have that many. */
    readonly uniform: boolean;
    /**
     * A full slab is offered for refills again when `capacity >> rejoinShift` blocks came back (at
     * least 1).
     */
    readonly rejoinShift: number;
    /**
     * Whether that is more than one block in some class: a slab to which fewer have come back
     * waits.
     */
    readonly waits: boolean;
  };

  readonly pool: {
    /**
     * P6, stage 0.5: EMPTY slabs of small blocks that wait for any class at most; 0: they go back
     * at once.
     */
    readonly emptySlabs: number;
    /** L3: full slabs are set aside, and go back to the pool by whoever frees their last block. */
    readonly handOver: boolean;
    /** P7: EMPTY slabs of any thread are listed by class. */
    readonly stage1: boolean;
    /** Steps that a call takes at a time through what others have announced. */
    readonly portion: number;
    /**
     * Rooms say where page runs fit, and short ones are looked for a bitmap word at a time; else
     * each SuperSlab is looked into.
     */
    readonly wordSearch: boolean;
  };

  readonly lru: {
    /** L3: empty SuperSlabs kept at most. 0: none is kept. */
    readonly entries: number;
    /** … and pages they may hold together at most. */
    readonly pages: number;
  };

  /** L5: the heap has `reclaim`. Of builds for several threads. */
  readonly reclaim: boolean;

  /** N4: functions of a heap that a user may leave out. */
  readonly api: {
    readonly memoryChecks: boolean;
    readonly reset: boolean;
    readonly owns: boolean;
    readonly largestFree: boolean;
    /** Of builds for several threads. */
    readonly idle: boolean;
    /**
     * N2: the heap begins with a header, and `openHeap` goes on with one that lies in a memory
     * already.
     */
    readonly image: boolean;
  };
  /** The spec's hash, in two words: an image says by it which spec it follows. */
  readonly specHash: { readonly high: number; readonly low: number };

  /** M7: calloc skips clearing memory that was never used. */
  readonly zeroKnowledge: boolean;
  /** M7: a SuperSlab that was used is cleared on reuse (true) or when it becomes empty (false). */
  readonly lazyZero: boolean;
  /** Whether the heap can be walked: `check` and `blocks`. */
  readonly heapWalk: boolean;
  /** G6: SuperSlabs created, reused, returned. */
  readonly osStatistics: boolean;

  /** Guards: what is looked for at each call. */
  readonly guards: {
    /** Users' calls go through a guard of some kind. */
    readonly calls: boolean;
    /** G1: links are looked at before they are followed. */
    readonly lists: boolean;
    /** G2: a freed address is looked at before it is believed. */
    readonly pushes: boolean;
    /** R4: who changes a slab is asked for. */
    readonly ownership: boolean;
    /** G3: each block has a state: live, freed. */
    readonly states: boolean;
    /** G3: freed blocks are filled, and the filling is looked at. */
    readonly poison: boolean;
    /** G3: bytes that a thread keeps from reuse, 0: none; in so many places, a power of two, … */
    readonly quarantineBytes: number;
    readonly quarantinePlaces: number;
    /** … that begin here in its arrays. */
    readonly quarantineStart: number;
    /** G3: guarded bytes behind a block, at least. */
    readonly redZone: number;
    /** G3: headers are looked at. */
    readonly headers: boolean;
    /** N3: what is no size is an error. */
    readonly arguments: boolean;
    /** Call stacks are remembered. */
    readonly stacks: boolean;
    /** A hit throws; else it is counted and reported. */
    readonly throws: boolean;
  };

  /** What can be watched. */
  readonly observe: {
    /** G5: what calls did is counted per thread. */
    readonly counters: boolean;
    /** G5: 1 for a class that is counted by itself. */
    readonly countedClasses: readonly number[];
    readonly countsClasses: boolean;
    /** G4: events that are remembered per thread, a power of two; 0: none; … */
    readonly events: number;
    /** … where they begin in its arrays. */
    readonly ringStart: number;
    /** G7: times each message is printed. */
    readonly logLimit: number;
  };

  /** Word loops below, bulk operations from here on (bytes). */
  readonly fillThreshold: number;
  readonly copyThreshold: number;

  /**
   * Sizes of arrays inside records: exact in a specialised build, upper bounds in the flagged one.
   */
  readonly bounds: {
    /** Entries of a per-class array: classCount + 1. */
    readonly classes: number;
    /** Words of a thread's lists: each of one word, or of two where routes lead to them. */
    readonly lists: number;
  };
}
