/**
 * What each thread of a workload does, written down beforehand: a stream of steps, two words each.
 *
 * One loop in JavaScript and one in C read the same streams, so every contender makes the same
 * calls with the same sizes on the same thread, and nothing is drawn or decided while time is
 * taken. Blocks lie in slots, which are the thread's own. They pass to another thread in parcels:
 * the giver writes the addresses into cells that only this parcel uses, then raises the parcel's
 * flag; the taker waits for the flag, lowers it, and reads. So a block has one holder at a time,
 * nobody waits for room, and all flags are down when a run ends. Where nobody shall wait for
 * anybody, a box takes the parcels' place: who comes to it leaves the blocks he has and goes on
 * with those that lay there.
 *
 * A part that can be gone through again and again ends with the step `again`; then it is the clock
 * that ends a run, and what counts is how many calls were made until then.
 */
export const STEP_BITS = 4;
export const STEP_MASK = (1 << STEP_BITS) - 1;

/** First word: `slot << STEP_BITS | step`; the comment says what the second one is. */
export const Step = {
  /** size */
  malloc: 0,
  free: 1,
  /** size */
  realloc: 2,
  /** size */
  calloc: 3,
  /** size; the alignment follows in two more words, the second 0 */
  memalign: 4,
  /** how often the block's first byte is written */
  touch: 5,
  /** cell: the slot's address goes there */
  put: 6,
  /** flag to raise */
  post: 7,
  /** flag to wait for, and to lower */
  await: 8,
  /** cell: its address goes to the slot */
  fetch: 9,
  /** calls since the last lap: they count if they were made in time */
  lap: 10,
  /** index of the step to go back to, unless the time is over */
  again: 11,
  /** cell from which on the thread's `put` and `fetch` count; the first of all until it says so */
  base: 12,
  /** cell: its content and the thread's base change places */
  swap: 13,
  /**
   * size; the slot's block is freed, another one is allocated for it, and its first byte written
   */
  replace: 14,
} as const;

/** Calls between two laps: some 10 µs, so that little is lost of a run of milliseconds. */
const LAP = 1000;

export interface Script {
  /** In shared memory, for the threads to read. */
  readonly words: Int32Array;
  readonly slots: number;
}

/** Blocks on their way. Without blocks it is a signal. */
export interface Parcel {
  readonly flag: number;
  readonly firstCell: number;
  readonly blocks: number;
}

/** Numbers flags and cells for all threads of a workload. */
export class Mailroom {
  flags = 0;
  cells = 0;

  parcel(blocks: number): Parcel {
    return { flag: this.flags++, firstCell: this.reserve(blocks), blocks };
  }

  reserve(cells: number): number {
    const firstCell = this.cells;
    this.cells += cells;
    return firstCell;
  }
}

export class ScriptWriter {
  operations = 0;
  /** Whether a part of it is gone through until the time is over. */
  goesOn = false;
  /**
   * Bytes and blocks that this thread allocated and did not free itself: at most so much of its is
   * live.
   */
  peakLiveBytes = 0;
  peakLiveBlocks = 0;
  private words = new Int32Array(1 << 12);
  private length = 0;
  private slots = 0;
  private uncounted = 0;
  private liveBytes = 0;
  private liveBlocks = 0;
  /** Per slot: the size of a block that this thread allocated. */
  private readonly sizes: number[] = [];

  constructor(
    private readonly mailroom: Mailroom,
    readonly thread: number,
  ) {}

  malloc(slot: number, size: number): void {
    this.allocate(Step.malloc, slot, size);
  }

  calloc(slot: number, size: number): void {
    this.allocate(Step.calloc, slot, size);
  }

  memalign(slot: number, size: number, alignment: number): void {
    this.allocate(Step.memalign, slot, size);
    this.append(alignment, 0);
  }

  realloc(slot: number, size: number): void {
    this.release(slot);
    this.allocate(Step.realloc, slot, size);
  }

  free(slot: number): void {
    this.call(Step.free, slot, 0);
    this.release(slot);
  }

  replace(slot: number, size: number): void {
    this.release(slot);
    this.call(Step.replace, slot, size, 2);
    this.hold(slot, size);
  }

  touch(slot: number, times: number): void {
    this.step(Step.touch, slot, times);
  }

  give(slots: readonly number[]): Parcel {
    const parcel = this.mailroom.parcel(slots.length);
    slots.forEach((slot, index) => {
      this.step(Step.put, slot, parcel.firstCell + index);
      // It lives on, and somebody else frees it: for the peak it counts to the end of the run.
      delete this.sizes[slot];
    });
    this.step(Step.post, 0, parcel.flag);
    return parcel;
  }

  /** Into as many slots as the parcel has blocks. */
  take({ flag, firstCell }: Parcel, slots: readonly number[]): void {
    this.step(Step.await, 0, flag);
    slots.forEach((slot, index) => {
      this.step(Step.fetch, slot, firstCell + index);
    });
  }

  /** Where `again` can go back to. */
  mark(): number {
    this.lap();
    return this.length;
  }

  again(mark: number): void {
    this.lap();
    this.append(Step.again, mark);
    this.goesOn = true;
  }

  /** Cells for blocks that lie in a box, or for the box. */
  reserve(cells: number): number {
    return this.mailroom.reserve(cells);
  }

  base(firstCell: number): void {
    this.append(Step.base, firstCell);
  }

  /** From the base on. */
  put(slots: readonly number[]): void {
    slots.forEach((slot, index) => {
      this.step(Step.put, slot, index);
    });
  }

  swap(box: number): void {
    this.append(Step.swap, box);
  }

  /**
   * From the base on. Whose blocks lie there is not known; in the peak they count as if each had
   * `size` bytes.
   */
  fetch(slots: readonly number[], size: number): void {
    slots.forEach((slot, index) => {
      this.step(Step.fetch, slot, index);
      this.release(slot);
      this.hold(slot, size);
    });
  }

  finish(): Script {
    this.lap();
    const words = new Int32Array(new SharedArrayBuffer(this.length * 4));
    words.set(this.words.subarray(0, this.length));
    return { words, slots: this.slots };
  }

  private allocate(step: number, slot: number, size: number): void {
    this.call(step, slot, size);
    this.hold(slot, size);
  }

  private hold(slot: number, size: number): void {
    this.sizes[slot] = size;
    this.liveBytes += size;
    this.peakLiveBytes = Math.max(this.peakLiveBytes, this.liveBytes);
    this.peakLiveBlocks = Math.max(this.peakLiveBlocks, ++this.liveBlocks);
  }

  private release(slot: number): void {
    const size = this.sizes[slot];
    if (size === undefined) return;
    this.liveBytes -= size;
    this.liveBlocks--;
    delete this.sizes[slot];
  }

  private call(step: number, slot: number, value: number, calls = 1): void {
    if (this.uncounted >= LAP) this.lap();
    this.operations += calls;
    this.uncounted += calls;
    this.step(step, slot, value);
  }

  private lap(): void {
    if (this.uncounted > 0) this.append(Step.lap, this.uncounted);
    this.uncounted = 0;
  }

  private step(step: number, slot: number, value: number): void {
    this.slots = Math.max(this.slots, slot + 1);
    this.append((slot << STEP_BITS) | step, value);
  }

  private append(first: number, second: number): void {
    if (this.length === this.words.length) {
      const longer = new Int32Array(this.length * 2);
      longer.set(this.words);
      this.words = longer;
    }
    this.words[this.length++] = first;
    this.words[this.length++] = second;
  }
}
