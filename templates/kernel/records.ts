/**
 * Records: what lies where inside the heap's metadata, and what always holds for it.
 *
 * Metadata is out of band: no record lies in a page that serves blocks. A handle of a record is
 * the word index of its first word.
 */
import { line, record, when, word, words } from "./record";
import { spec } from "./spec";
import type { Word } from "./types";

/** The heap's own words. There is one; it lies at the heap's base. */
export const Heap = record({
  /** Always 0: stands in for the free list of no slab. */
  nothing: word,
  /** Header (N2), by which an image of the heap is told: that it is one, … */
  magic: when(spec.api.image, word),
  /** … how it is laid out, … */
  layout: when(spec.api.image, word),
  /** … the hash of the spec that it follows, … */
  specHigh: when(spec.api.image, word),
  specLow: when(spec.api.image, word),
  /** … and the page behind the last one it may use. */
  endPage: when(spec.api.image, word),
  /**
   * Pages behind SuperSlabs' `touched` marks, all together: what the user pays for, metadata
   * apart.
   */
  committedPages: when(spec.threads === 1, word),
  /** The most `committedBytes` has been. */
  peakCommittedBytes: word,
  /** SuperSlabs that have committed pages: their metadata is paid for too. */
  committedSuperSlabs: when(spec.threads === 1, word),
  /** The SuperSlab behind the last one that was ever in use. */
  usedTo: word,
  /** LRU of empty SuperSlabs: the one emptied last, … */
  lruNewest: when(spec.lru.entries > 0 && spec.threads === 1, word),
  /** … the one to give up first, … */
  lruOldest: when(spec.lru.entries > 0 && spec.threads === 1, word),
  /** … how many there are, … */
  lruEntries: when(spec.lru.entries > 0 && spec.threads === 1, word),
  /** … and the pages they keep. */
  lruPages: when(spec.lru.entries > 0 && spec.threads === 1, word),
  /** G6: SuperSlabs taken from the memory, */
  superSlabsCreated: when(spec.osStatistics, word),
  /** taken from {@when spec.lru.entries > 0} the LRU {@else} those kept {@end}, */
  superSlabsReused: when(spec.osStatistics, word),
  /** given back to the memory. */
  superSlabsReturned: when(spec.osStatistics, word),
  /**
   * {@when spec.manyThreads} Shared by atomic add. {@end} How often guards have found something.
   */
  guardHits: when(!spec.guards.throws, word),
  /**
   * Shared by compare-and-swap. SuperSlabs that have become empty so far: the stamps of their
   * age.
   */
  retirements: when(spec.threads > 1, word),
  /**
   * P7, shared by compare-and-swap. Per class: tag and page of the first EMPTY slab that served
   * it.
   */
  emptySlabs: when(spec.threads > 1 && spec.pool.stage1, words(spec.bounds.classes)),
  /**
   * M8, shared by compare-and-swap: pages that the memory has at least. No block lies behind
   * them.
   */
  grownPages: when(spec.threads > 1 && spec.memory.kind === "growable", word),
  /** Thread slots begin a cache line. */
  apart: when(spec.threads > 1, line),
});

/**
 * What one thread keeps for itself. Only that thread writes it; it lies in the heap so that its
 * slabs and lists can be recovered should the thread vanish.
 */
export const ThreadSlot = record({
  /**
   * F1, per class: first block of the fast tier, or 0; cached blocks count as out of their slab.
   */
  fast: when(spec.fast.on, words(spec.bounds.classes)),
  /** Per class: how many there are. */
  fastCount: when(spec.fast.on, words(spec.bounds.classes)),
  /**
   * F2, per class: first block of the thread's list, or 0. Its blocks count as out of their slab.
   * {@when spec.listRoutes} A list begins as a slab does, and is freed into in the same way (R1):
   * the second word counts the frees until it is trimmed. {@end}
   */
  heads: when(spec.tlsSll.on, words(spec.bounds.lists)),
  /** R1: 1 while lists are kept short. */
  short: when(spec.listRoutes, word),
  /** The class behind which giving back what lists hold goes on. */
  drained: when(spec.tlsSll.on, word),
  /** Per class: blocks in the list. */
  counts: when(spec.tlsSll.counted, words(spec.bounds.classes)),
  /** Frees until the lists are drained to the slabs. */
  untilDrain: when(spec.tlsSll.drainEvery > 0, word),
  /** F5, per class: blocks ever taken from the ring, … */
  ringFirst: when(spec.unifiedCache.on, words(spec.bounds.classes)),
  /** … and ever put into it, both modulo 2^32. */
  ringEnd: when(spec.unifiedCache.on, words(spec.bounds.classes)),
  /** F4, per class: blocks in the magazine. */
  rounds: when(spec.magazine.on, words(spec.bounds.classes)),
  /** F3, per class: first block of the TLS list, or 0, … */
  tlsList: when(spec.tlsList.on, words(spec.bounds.classes)),
  /** … and how many there are. */
  tlsListCount: when(spec.tlsList.on, words(spec.bounds.classes)),
  /** Per class: the virgin part of the current slab (M4), from the next block … */
  virgin: when(spec.tlsSll.on, words(spec.bounds.classes)),
  /** … to the address that no block starts behind. Its blocks count as out of their slab too. */
  virginEnd: when(spec.tlsSll.on, words(spec.bounds.classes)),
  /** Per class: the slab that refills come from, or none. It is in no list. */
  current: words(spec.bounds.classes),
  /** Per class: first of the slabs that have free blocks to offer, not the current one. */
  partial: words(spec.bounds.classes),
  /**
   * Per class: first of the full slabs to which a few blocks have come back. They offer them when
   * the heap is full.
   */
  waiting: when(spec.slab.waits, words(spec.bounds.classes)),
  /** P2, per class: a slab with free blocks that is not in the list, or 0; */
  hotSlot: when(spec.refill.hotSlot, words(spec.bounds.classes)),
  /** P3: a second one. */
  benchSlot: when(spec.refill.benchSlot, words(spec.bounds.classes)),
  /** P1, per class: the slab that was current before, or 0. */
  sticky: when(spec.refill.sticky, words(spec.bounds.classes)),
  /** R5: 1 when users gave back every block of some slab, and caches hold blocks of it. */
  inactive: when(spec.activeTracking, word),
  /** P10: slabs to acquire until the thread may ask for another SuperSlab. */
  gate: when(spec.refill.mmapGate > 0, word),
  /** EMPTY slabs of small blocks, linked by `next`: any class may have them. */
  empty: when(spec.pool.emptySlabs > 0, word),
  /** How many there are. */
  empties: when(spec.pool.emptySlabs > 0, word),
  /** Should this thread have died: the slab whose remote list it pushed on last, … */
  pushing: when(spec.threads > 1 && spec.reclaim, word),
  /** … and the slot of a thread that it was reclaiming. */
  reclaiming: when(spec.threads > 1 && spec.reclaim, word),
  /** Without a mailbox: the page from which the thread goes on looking through its slabs. */
  looked: when(spec.threads > 1 && !spec.refill.mailbox, word),
  /** Per class: how many blocks of the current slab were out when it became that. */
  outBefore: when(spec.threads > 1 && spec.pool.handOver, words(spec.bounds.classes)),
  /**
   * A list that begins as a slab does and settles at each free: blocks of slabs that were set
   * aside are freed to it.
   */
  aside: when(spec.threads > 1 && spec.pool.handOver && spec.routes, words(2)),
  /** G3: blocks that ever left the quarantine, … */
  quarantineFirst: when(spec.guards.quarantineBytes > 0, word),
  /** … and were ever put into it, both modulo 2^32; … */
  quarantineEnd: when(spec.guards.quarantineBytes > 0, word),
  /** … the bytes of those in it. */
  quarantineBytes: when(spec.guards.quarantineBytes > 0, word),
  /** G4: events so far, modulo 2^32. */
  events: when(spec.observe.events > 0, word),
  /** G5: what the thread has done, modulo 2^32; see `counters`. */
  counters: when(spec.observe.counters, words(15)),
  /** G5, per class: blocks handed out, blocks given back, refills. */
  classCounters: when(spec.observe.countsClasses, words(spec.bounds.classes * 3)),
  /** What others write lies in a line of its own. */
  apart: when(spec.threads > 1, line),
  /** Shared by compare-and-swap. Whose the slot is: see `attach`. */
  state: when(spec.threads > 1, word),
  behind: when(spec.threads > 1, line),
});

/** A `ThreadSlot`. */
export type ThreadSlot = Word;

/**
 * A SuperSlab: an aligned range of pages, and what is known of them together. Untouched records
 * are all zero, and that is a SuperSlab nobody has used.
 */
export const SuperSlab = record(
  {
    /** Pages in use: its bits set in the page bitmap. 0: the SuperSlab is empty. */
    used: when(spec.threads === 1, word),
    /**
     * Pages before this one are committed: {@when spec.lru.entries > 0} `used > 0` or kept in the
     * LRU {@else} none while `used` is 0 {@end}.
     */
    touched: when(spec.threads === 1, word),
    /** Pages from this one on have never been written: they are zero. */
    dirty: when(spec.zeroKnowledge && spec.threads === 1, word),
    /** The SuperSlab put into the LRU after this one, … */
    newer: when(spec.lru.entries > 0 && spec.threads === 1, word),
    /** … and before it. */
    older: when(spec.lru.entries > 0 && spec.threads === 1, word),
    /**
     * Shared by compare-and-swap: whether it is in use, kept or gone, and its committed pages.
     */
    state: when(spec.threads > 1, word),
  },
  "packed",
);

/** A `SuperSlab`; 0 is none. */
export type SuperSlab = Word;

/**
 * A slab: a run of pages that serves the blocks of one class. There is a record per page; a
 * slab's is the one of its first page. A block above the classes is a slab of one block, of class
 * 0.
 *
 * Blocks out of the slab: `left + rest`. `free` lowers `left` and nothing else; at 0 `settle`
 * looks at the slab. So one counter says both "a full slab has blocks to offer again" and "the
 * slab is empty".
 */
export const Slab = record(
  {
    /** First free block, or 0. Empty until something was freed into the slab (M4). */
    free: word,
    /** Frees until `settle`. */
    left: word,
    /** Blocks that stay out when `left` has come to 0. */
    rest: word,
    /** The class served; 0: one block of whole pages. */
    class: word,
    /** Byte address of the first page. */
    start: word,
    /**
     * Byte address behind the last block handed out, to a user or to a thread; behind it the slab
     * is virgin.
     */
    carved: word,
    /**
     * The slab behind this one in a list: of the class's partial slabs, or of EMPTY ones. A page
     * block's address.
     */
    next: word,
    /** The slab before it; 0 also for a slab in no list. */
    previous: word,
    /**
     * 1 while every block carved is the first use of its bytes, which are zero. Cleared when a
     * freed block is taken.
     */
    zero: when(spec.zeroKnowledge, word),
    /**
     * R5: blocks in users' hands, and those that others freed and the owner has not drained.
     * `active = used - cached`.
     */
    active: when(spec.activeTracking, word),
    /**
     * Shared by compare-and-swap: what the slab is, and whose (R4). Only the owner writes the
     * words before this one.
     */
    owner: when(spec.threads > 1, word),
    /** Of the owner: how often the slab was released; 0: its memory is as new (L4). */
    generation: when(spec.threads > 1, word),
    /**
     * M7, of the owner: 0 while the slab's memory is zero; 1 since a slab was released that was
     * not.
     */
    dirty: when(spec.threads > 1 && !spec.lazyZero, word),
    /**
     * Of the owner: the remote list that it is about to take, or has taken and not yet put away.
     */
    taking: when(spec.threads > 1 && spec.reclaim, word),
    /**
     * Others read and write a line of their own: a look at the owner's would take it from him.
     */
    apart: when(spec.threads > 1, line),
    /**
     * Of whoever claimed the slab: its blocks, for those who free one without being its owner; 0:
     * it is a page block.
     */
    blocks: when(spec.threads > 1, word),
    /**
     * Shared by compare-and-swap: which block was freed by another thread last, and how many
     * were; or 0 (R3).
     */
    remote: when(spec.threads > 1, word),
    /** Atomic. 1 while the slab is in a list of EMPTY ones, or about to be, … */
    listed: when(spec.threads > 1 && spec.pool.stage1, word),
    /** … and the page of the one behind it. */
    nextListed: when(spec.threads > 1 && spec.pool.stage1, word),
    behind: when(spec.threads > 1, line),
  },
  "packed",
);

/** A `Slab`; 0 is none. */
export type Slab = Word;
