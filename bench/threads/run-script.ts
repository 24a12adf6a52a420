/** The loop that every thread runs; `peers/native/script.c` is its twin. */
import type { LoopSource } from "../fresh-copy.ts";
import type { BlockHeap } from "../heap.ts";

export interface ThreadHeap extends BlockHeap {
  readonly u8: Uint8Array;
}

/**
 * The calls stand apart from the heap, since they are called without it; its bytes are read anew,
 * since growth replaces them.
 */
export interface ThreadCalls {
  readonly calls: BlockHeap;
  readonly heap: Pick<ThreadHeap, "u8">;
}

/** What passes between the threads, in shared memory. */
export interface Mail {
  readonly flags: Int32Array;
  /** Written before a flag is raised and read after it was seen raised: plain accesses do. */
  readonly cells: Uint32Array;
  /**
   * One word, raised when the time is over; up from the start where each script is gone through
   * once.
   */
  readonly over: Int32Array;
}

/** Answers how many calls were made in time. */
type ScriptLoop = (
  words: Int32Array,
  slots: Uint32Array,
  flags: Int32Array,
  cells: Uint32Array,
  over: Int32Array,
  looks: number,
) => number;

/**
 * Numbers stand for the steps of `script.ts`, since a copied loop sees no imports.
 *
 * Who waits for a flag looks so many times before he sleeps: to be woken takes longer than most
 * waits, and the twin never sleeps (it yields). Without that, larson on two threads measured the
 * kernel of the system.
 */
export const scriptLoop: LoopSource<ScriptLoop, ThreadCalls> =
  ({ calls: { malloc, calloc, realloc, memalign, free }, heap }) =>
  (words, slots, flags, cells, over, looks) => {
    let base = 0;
    let calls = 0;
    for (let i = 0; i < words.length; i += 2) {
      const word = words[i] as number;
      const value = words[i + 1] as number;
      const slot = word >>> 4;
      switch (word & 15) {
        case 0:
          slots[slot] = malloc(value);
          break;
        case 1:
          free(slots[slot] as number);
          break;
        case 2:
          slots[slot] = realloc(slots[slot] as number, value);
          break;
        case 3:
          slots[slot] = calloc(1, value);
          break;
        case 4:
          i += 2;
          slots[slot] = memalign(words[i] as number, value);
          break;
        case 5: {
          const u8 = heap.u8;
          const ptr = slots[slot] as number;
          for (let write = 0; write < value; write++) u8[ptr] = write;
          break;
        }
        case 6:
          cells[base + value] = slots[slot] as number;
          break;
        case 7:
          Atomics.store(flags, value, 1);
          Atomics.notify(flags, value);
          break;
        case 8:
          for (let look = 0; look < looks && Atomics.load(flags, value) === 0; look++);
          while (Atomics.load(flags, value) === 0) Atomics.wait(flags, value, 0);
          Atomics.store(flags, value, 0);
          break;
        case 9:
          slots[slot] = cells[base + value] as number;
          break;
        case 10:
          if (Atomics.load(over, 0) === 0) calls += value;
          break;
        case 11:
          if (Atomics.load(over, 0) === 0) i = value - 2;
          break;
        case 12:
          base = value;
          break;
        case 13:
          base = Atomics.exchange(cells, value, base);
          break;
        default: {
          free(slots[slot] as number);
          const ptr = malloc(value);
          slots[slot] = ptr;
          heap.u8[ptr] = 1;
        }
      }
    }
    return calls;
  };
