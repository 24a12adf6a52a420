/**
 * Records: what lies where inside the heap's metadata, and what always holds for it.
 *
 * Metadata is out of band: no record lies in a page that serves blocks. A handle of a record is the word
 * index of its first word.
 */
import { record, when, word, words } from "./record";
import { spec } from "./spec";
import type { Word } from "./types";

/** The heap's own words. There is one; it lies at the heap's base. */
export const Heap = record({
  /** Always 0: stands in for the free list of no slab. */
  nothing: word,
  /** Pages behind SuperSlabs' `touched` marks, all together: what the user pays for, metadata apart. */
  committedPages: word,
  /** The most `committedBytes` has been. */
  peakCommittedBytes: word,
  /** SuperSlabs that are committed: in use or kept. Their metadata is paid for. */
  committedSuperSlabs: word,
  /** No SuperSlab before this one has a free page. */
  roomFrom: word,
  /** The SuperSlab behind the last one that was ever in use. */
  usedTo: word,
  /** LRU of empty SuperSlabs: the one emptied last, … */
  lruNewest: word,
  /** … the one to give up first, … */
  lruOldest: word,
  /** … how many there are, … */
  lruEntries: word,
  /** … and the pages they keep. */
  lruPages: word,
  /** G6: SuperSlabs taken from the memory, */
  superSlabsCreated: when(spec.osStatistics, word),
  /** taken from the LRU, */
  superSlabsReused: when(spec.osStatistics, word),
  /** given back to the memory. */
  superSlabsReturned: when(spec.osStatistics, word),
});

/**
 * What one thread keeps for itself. Only that thread writes it; it lies in the heap so that its slabs and
 * lists can be recovered should the thread vanish.
 */
export const ThreadSlot = record({
  /** F2, per class: first block of the thread's list, or 0. Its blocks count as out of their slab. */
  heads: when(spec.tlsSll.on, words(spec.bounds.classes)),
  /** Per class: blocks in the list. */
  counts: when(spec.tlsSll.counted, words(spec.bounds.classes)),
  /** Frees until the lists are drained to the slabs. */
  untilDrain: when(spec.tlsSll.drainEvery > 0, word),
  /** Per class: the slab that refills come from, or none. It is in no list. */
  current: words(spec.bounds.classes),
  /** Per class: first of the slabs that have free blocks to offer, not the current one. */
  partial: words(spec.bounds.classes),
});

/** A `ThreadSlot`. */
export type ThreadSlot = Word;

/**
 * A SuperSlab: an aligned range of pages with one bitmap. Untouched records are all zero, and that is a
 * SuperSlab nobody has used.
 */
export const SuperSlab = record(
  {
    /** Pages in use: bits set in the bitmap, the pages behind the heap's end left out. 0: the SuperSlab is empty. */
    used: word,
    /** Pages before this one are committed: `used > 0` or kept in the LRU. */
    touched: word,
    /** Pages from this one on have never been written: they are zero. */
    dirty: when(spec.zeroKnowledge, word),
    /** Neighbours in the LRU. */
    newer: word,
    older: word,
    /** One bit per page: 1 is in use. */
    bitmap: words(spec.bounds.bitmapWords),
  },
  "packed",
);

/** A `SuperSlab`; 0 is none. */
export type SuperSlab = Word;

/**
 * A slab: a run of pages that serves the blocks of one class. There is a record per page; a slab's is the
 * one of its first page. A block above the classes is a slab of one block, of class 0.
 *
 * Blocks out of the slab: `left + rest`. `free` lowers `left` and nothing else; at 0 `settle` looks at the
 * slab. So one counter says both "a full slab has blocks to offer again" and "the slab is empty".
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
    /** Byte address behind the last block handed out so far; behind it the slab is virgin. */
    carved: word,
    /** Neighbours in the class's list of partial slabs. */
    next: word,
    previous: word,
    /** 1 while the virgin part is known to be zero. */
    zero: when(spec.zeroKnowledge, word),
  },
  "packed",
);

/** A `Slab`; 0 is none. */
export type Slab = Word;
