/**
 * Port: a simulated thread's way to the memory, and the object that code of the checked lowering is
 * written against. Atomic accesses are handed to the scheduler (`yield port.atomicLoad(…)`); plain
 * ones are performed at once and checked for races.
 *
 * Bytes are checked by the word they lie in.
 */
import { type Access, Kind } from "./access.ts";
import { USER_SITE } from "./ghost.ts";
import type { RaceDetector } from "./race-detector.ts";
import type { SharedMemory } from "./shared-memory.ts";
import type { SlabWatch } from "./slab-watch.ts";
import { Crash, Violation } from "./violation.ts";

/** More accesses than any thread of a scenario makes: past it a thread goes round in a ring. */
const ENDLESS = 1_000_000;

/** Sees plain accesses go by, for a story. */
export type Observe = (thread: number, word: number, site: number, value: number, writes: boolean) => void;

export class Port {
  /** What the thread waits to perform. */
  readonly pending: Access = { kind: Kind.load, word: 0, value: 0, expected: 0, site: 0 };
  /** Off while there is one thread only: in the set-up and in the final check. */
  watched = false;
  /** Writes and steps that the thread has left to live; it dies before the next one. */
  fuel = Number.POSITIVE_INFINITY;
  /** Writes and steps performed. */
  used = 0;
  #reads = 0;
  /** Words of a heap whose memory grows; 0: it is there from the start. */
  growingWords = 0;
  /** Of these, how many the thread's views show. */
  #shownWords = 0;
  observe: Observe | undefined;
  watch: SlabWatch | undefined;
  /**
   * Words seen since the last `pause`, and what they held: a thread that paused waits for one to
   * change.
   */
  readonly seenWords: number[] = [];
  readonly seenValues: number[] = [];
  /** The thread has paused: its next access waits until a word it has seen holds something else. */
  isPaused = false;

  constructor(
    readonly thread: number,
    private readonly memory: SharedMemory,
    private readonly races: RaceDetector,
  ) {}

  reset(): void {
    this.watched = false;
    this.fuel = Number.POSITIVE_INFINITY;
    this.used = 0;
    this.#reads = 0;
    this.#shownWords = 0;
    this.resume();
  }

  atomicLoad(word: number, site: number): Access {
    return this.#wait(Kind.load, word, 0, 0, site);
  }

  atomicStore(word: number, value: number, site: number): Access {
    return this.#wait(Kind.store, word, value, 0, site);
  }

  atomicCas(word: number, expected: number, value: number, site: number): Access {
    return this.#wait(Kind.cas, word, value, expected, site);
  }

  atomicExchange(word: number, value: number, site: number): Access {
    return this.#wait(Kind.exchange, word, value, 0, site);
  }

  atomicAdd(word: number, value: number, site: number): Access {
    return this.#wait(Kind.add, word, value, 0, site);
  }

  atomicOr(word: number, value: number, site: number): Access {
    return this.#wait(Kind.or, word, value, 0, site);
  }

  atomicAnd(word: number, value: number, site: number): Access {
    return this.#wait(Kind.and, word, value, 0, site);
  }

  loadRacy32(word: number, site: number): Access {
    return this.#wait(Kind.racyLoad, word, 0, 0, site);
  }

  /** The thread spins: nothing it has read lets it go on. It waits until some of it has changed. */
  pause(): void {
    this.isPaused = true;
  }

  /** From now on the thread's views show so many words. */
  show(words: number): void {
    this.#shownWords = words;
  }

  load32(word: number, site: number): number {
    this.#expectShown(word, site);
    this.watch?.expectOwned(this.thread, word);
    if (++this.#reads > ENDLESS) throw new Violation(`thread ${this.thread} goes on for ever`);
    const value = this.memory.read(word);
    this.observe?.(this.thread, word, site, value, false);
    if (this.watched) this.races.plainRead(this.thread, word, site);
    return value;
  }

  store32(word: number, value: number, site: number): void {
    this.use();
    this.storeUser(word, value, site);
  }

  /**
   * A write of the user's own, into his block: no point of death, since nobody else looks there.
   */
  storeUser(word: number, value: number, site: number): void {
    this.#expectShown(word, site);
    this.watch?.expectOwned(this.thread, word);
    this.watch?.expectGrowing(this.thread, word, value >>> 0);
    this.memory.write(word, value);
    this.observe?.(this.thread, word, site, value >>> 0, true);
    if (this.watched) this.races.plainWrite(this.thread, word, site);
  }

  load8(address: number, site: number): number {
    return (this.load32(address >>> 2, site) >>> ((address & 3) * 8)) & 0xff;
  }

  store8(address: number, value: number, site: number): void {
    const shift = (address & 3) * 8;
    const rest = this.memory.read(address >>> 2) & ~(0xff << shift);
    this.store32(address >>> 2, rest | ((value & 0xff) << shift), site);
  }

  zero64(index: number, site: number): void {
    this.store32(2 * index, 0, site);
    this.store32(2 * index + 1, 0, site);
  }

  zeroRange64(from: number, to: number, site: number): void {
    for (let word = 2 * from; word < 2 * to; word++) this.store32(word, 0, site);
  }

  /** Ranges of whole words: blocks start and end at multiples of eight bytes. */
  copyBytes(target: number, from: number, to: number, site: number): void {
    const values: number[] = [];
    for (let address = from; address < to; address += 4) values.push(this.load32(address >>> 2, site));
    for (const [i, value] of values.entries()) this.store32((target >>> 2) + i, value, site);
  }

  /** One more write or step of the thread's life. */
  use(): void {
    if (this.used >= this.fuel) throw new Crash("the thread died here");
    if (++this.used > ENDLESS) throw new Violation(`thread ${this.thread} goes on for ever`);
  }

  /** What the thread knows a word to hold, for `pause`. */
  see(word: number, value: number): void {
    const known = this.seenWords.indexOf(word);
    const at = known < 0 ? this.seenWords.length : known;
    this.seenWords[at] = word;
    this.seenValues[at] = value;
  }

  /** The wait is over: what the next round of the loop reads is what counts. */
  resume(): void {
    this.isPaused = false;
    this.seenWords.length = 0;
    this.seenValues.length = 0;
  }

  /** The views that a user reads look for growth by themselves; the kernel's do not. */
  #expectShown(word: number, site: number): void {
    if (word >= this.#shownWords && word < this.growingWords && site !== USER_SITE) {
      throw new Violation(
        `thread ${this.thread} touches word ${word}, and its views show ${this.#shownWords}`,
      );
    }
  }

  #wait(kind: Kind, word: number, value: number, expected: number, site: number): Access {
    this.#expectShown(word, site);
    const { pending } = this;
    pending.kind = kind;
    pending.word = word;
    pending.value = value;
    pending.expected = expected;
    pending.site = site;
    return pending;
  }
}
