/**
 * Data races, as the ECMAScript memory model defines them: two accesses to a word, one of them a
 * write, not both atomic, that happens-before does not order.
 *
 * Happens-before is kept as vector clocks. An atomic read synchronises with the atomic write whose
 * value it sees and with no other: there are no release sequences, so a write *replaces* the clock
 * of its word. (Sound and complete for the execution at hand; see Flanagan and Freund, "FastTrack",
 * PLDI 2009, for clocks of this kind.)
 */
import { Violation } from "./violation.ts";

/** Where an access stands, for the message of a race. */
export type Describe = (thread: number, site: number) => string;

/**
 * Kinds of entries that a word keeps per thread: the clock and the site of its last access of that
 * kind.
 */
const PLAIN_READ = 0;
const PLAIN_WRITE = 1;
const ATOMIC_READ = 2;
const ATOMIC_WRITE = 3;
const KINDS = 4;
const NAMES = ["plain read", "plain write", "atomic read", "atomic write"];

export class RaceDetector {
  /** A row per thread: how far it has come, and what it knows of the others. */
  readonly #clocks: Uint32Array;
  /** Per word of the memory: its cell, or 0 when no thread has touched it. */
  readonly #cellOf: Uint32Array;
  readonly #touched: number[] = [];
  /** Per cell, kind and thread: clock of the last access; 0: none. */
  #last = new Uint32Array(0);
  #sites = new Int32Array(0);
  /** Per cell: the clock row its last atomic write left for readers; zeros after a plain write. */
  #released = new Uint32Array(0);

  constructor(
    readonly threads: number,
    words: number,
    private readonly describe: Describe,
  ) {
    this.#clocks = new Uint32Array(threads * threads);
    this.#cellOf = new Uint32Array(words);
    this.reset();
  }

  reset(): void {
    for (const word of this.#touched) this.#cellOf[word] = 0;
    this.#touched.length = 0;
    this.#clocks.fill(0);
    for (let thread = 0; thread < this.threads; thread++) this.#clocks[thread * this.threads + thread] = 1;
  }

  /** A thread's own clock: it counts the thread's atomic writes. */
  clockOf(thread: number): number {
    return this.#clocks[thread * this.threads + thread];
  }

  /** Whether what a thread did at a clock of its own happens before what another one does now. */
  isOrdered(thread: number, clock: number, now: number): boolean {
    return clock <= this.#clocks[now * this.threads + thread];
  }

  /**
   * Everything a thread has done happens before what another one does from now on: it was joined.
   */
  join(ended: number, waiting: number): void {
    const { threads } = this;
    for (let t = 0; t < threads; t++) {
      const known = this.#clocks[ended * threads + t];
      if (known > this.#clocks[waiting * threads + t]) this.#clocks[waiting * threads + t] = known;
    }
  }

  plainRead(thread: number, word: number, site: number): void {
    const cell = this.#cell(word);
    this.#check(thread, word, site, cell, PLAIN_WRITE, PLAIN_READ);
    this.#check(thread, word, site, cell, ATOMIC_WRITE, PLAIN_READ);
    this.#note(thread, site, cell, PLAIN_READ);
  }

  plainWrite(thread: number, word: number, site: number): void {
    const cell = this.#cell(word);
    for (let kind = 0; kind < KINDS; kind++) this.#check(thread, word, site, cell, kind, PLAIN_WRITE);
    this.#note(thread, site, cell, PLAIN_WRITE);
    const from = cell * this.threads;
    for (let t = 0; t < this.threads; t++) this.#released[from + t] = 0;
  }

  atomicRead(thread: number, word: number, site: number): void {
    const cell = this.#cell(word);
    this.#check(thread, word, site, cell, PLAIN_WRITE, ATOMIC_READ);
    this.#note(thread, site, cell, ATOMIC_READ);
    const { threads } = this;
    for (let t = 0; t < threads; t++) {
      const released = this.#released[cell * threads + t];
      if (released > this.#clocks[thread * threads + t]) this.#clocks[thread * threads + t] = released;
    }
  }

  atomicWrite(thread: number, word: number, site: number): void {
    const cell = this.#cell(word);
    this.#check(thread, word, site, cell, PLAIN_READ, ATOMIC_WRITE);
    this.#check(thread, word, site, cell, PLAIN_WRITE, ATOMIC_WRITE);
    this.#note(thread, site, cell, ATOMIC_WRITE);
    const { threads } = this;
    for (let t = 0; t < threads; t++) this.#released[cell * threads + t] = this.#clocks[thread * threads + t];
    this.#clocks[thread * threads + thread]++;
  }

  /**
   * A read that may race with atomic writes, its value being taken as a hint. Plain writes must be
   * ordered.
   */
  racyRead(thread: number, word: number, site: number): void {
    this.#check(thread, word, site, this.#cell(word), PLAIN_WRITE, PLAIN_READ);
  }

  #check(thread: number, word: number, site: number, cell: number, kind: number, own: number): void {
    const { threads } = this;
    const from = (cell * KINDS + kind) * threads;
    for (let t = 0; t < threads; t++) {
      if (this.#last[from + t] > this.#clocks[thread * threads + t] && t !== thread) {
        throw new Violation(
          `data race on word ${word}: ${NAMES[kind]} at ${this.describe(t, this.#sites[from + t])} and ` +
            `${NAMES[own]} at ${this.describe(thread, site)} are not ordered`,
          word,
        );
      }
    }
  }

  #note(thread: number, site: number, cell: number, kind: number): void {
    const entry = (cell * KINDS + kind) * this.threads + thread;
    this.#last[entry] = this.#clocks[thread * this.threads + thread];
    this.#sites[entry] = site;
  }

  #cell(word: number): number {
    const known = this.#cellOf[word];
    if (known !== 0) return known;
    this.#touched.push(word);
    const cell = this.#touched.length;
    const { threads } = this;
    if ((cell + 1) * threads > this.#released.length) this.#grow();
    this.#last.fill(0, cell * KINDS * threads, (cell + 1) * KINDS * threads);
    this.#released.fill(0, cell * threads, (cell + 1) * threads);
    this.#cellOf[word] = cell;
    return cell;
  }

  #grow(): void {
    const length = Math.max(64 * this.threads, this.#released.length * 2);
    const enlarge = <T extends Uint32Array | Int32Array>(larger: T, old: T): T => {
      larger.set(old);
      return larger;
    };
    this.#released = enlarge(new Uint32Array(length), this.#released);
    this.#last = enlarge(new Uint32Array(length * KINDS), this.#last);
    this.#sites = enlarge(new Int32Array(length * KINDS), this.#sites);
  }
}
