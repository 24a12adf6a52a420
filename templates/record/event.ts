/**
 * Events: what a recorded call leaves in a log, three words each.
 *
 *     word 0   address | kind
 *     word 1   ~size, or ~alignment; never 0
 *     word 2   ticket: the call's place among those of all threads; 0 in a log of one thread
 *
 * A log begins as zeros, and no word is written twice. So with tickets an event is complete when
 * none of its words is 0, in whatever order another thread sees the stores.
 */

/** Blocks lie at multiples of 8, so the kind fits into an address's low bits. */
export const Kind = {
  malloc: 0,
  free: 1,
  calloc: 2,
  memalign: 3,
  /** Before a memalign: its alignment. */
  alignment: 4,
  /** Before a realloc: the old block. Other threads may get its address before the call returns. */
  reallocFrom: 5,
  /** After it: the new block, at address 0 where the call failed. */
  reallocTo: 6,
  /** Every block was freed. */
  reset: 7,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const KIND_MASK = 7;
export const EVENT_WORDS = 3;
/** Of a log: 192 KiB stay in a processor's cache, and are read in about a millisecond. */
export const LOG_EVENTS = 1 << 14;
export const LOG_WORDS = LOG_EVENTS * EVENT_WORDS;

/** Second word of an event that has no size. */
export const NO_SIZE = -1;
