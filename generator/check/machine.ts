/**
 * Machine: simulated threads over one memory. Every thread runs up to its next atomic access and
 * waits there; whoever drives the machine says which one goes on. What a thread does between two
 * atomic accesses happens with the first of them: a program without data races cannot tell the
 * difference, and races are reported.
 */
import { Kind, mayWrite, written } from "./access.ts";
import { Port } from "./port.ts";
import { type Describe, RaceDetector } from "./race-detector.ts";
import { SharedMemory } from "./shared-memory.ts";
import { StepOrder } from "./step-order.ts";
import { Crash, Violation } from "./violation.ts";

/** The code of a simulated thread: it yields where it waits to perform `port.pending`. */
export type Body = Generator<unknown, unknown, number>;

export interface ThreadCode {
  readonly run: () => Body;
  /** The thread starts when this one has ended, and knows all it did: it waited for it. */
  readonly after?: number;
  /** The thread dies after so many writes and steps. */
  readonly fuel?: number;
}

const WAITING = 0;
const READY = 1;
const ENDED = 2;
const CRASHED = 3;

/** More steps than any execution of a scenario has: past it the threads go round in a ring. */
const ENDLESS = 10_000;

/** A step that was performed, for stories. */
export interface Step {
  readonly thread: number;
  readonly kind: Kind;
  readonly word: number;
  readonly site: number;
  /** What the access gave back, and what the word held afterwards. */
  readonly result: number;
  readonly after: number;
}

export class Machine {
  readonly memory: SharedMemory;
  readonly races: RaceDetector;
  readonly ports: readonly Port[];
  /** Told of every step and of what a thread does around it. */
  observe: ((step: Step) => void) | undefined;
  /** Atomic writes of this execution, oldest first: what racy reads may still see. */
  readonly #writes: { thread: number; word: number; clock: number; number: number; old: number }[] = [];
  readonly #order: StepOrder;
  #codes: readonly ThreadCode[] = [];
  readonly #bodies: Body[] = [];
  readonly #states: Uint8Array;
  /**
   * How many racy reads of an execution may be given a value that has been replaced, where no order
   * forbids it.
   */
  oldValues = 0;
  #oldValuesLeft = 0;
  #steps = 0;

  constructor(
    readonly threads: number,
    words: number,
    describe: Describe,
  ) {
    this.memory = new SharedMemory(words);
    this.races = new RaceDetector(threads, words, describe);
    this.#order = new StepOrder(threads, words);
    this.ports = Array.from({ length: threads }, (_, t) => new Port(t, this.memory, this.races));
    this.#states = new Uint8Array(threads);
  }

  /** Nothing has happened: the memory is zero. The set-up may use any port. */
  clear(): void {
    this.memory.clear();
    this.races.reset();
    this.#order.reset();
    this.#writes.length = 0;
    this.#oldValuesLeft = this.oldValues;
    this.#steps = 0;
    for (const port of this.ports) port.reset();
  }

  /** Brings every thread to its first access. What was done so far happens before all they do. */
  start(codes: readonly ThreadCode[]): void {
    this.#codes = codes;
    this.#states.fill(WAITING);
    for (const [thread, { after }] of codes.entries()) if (after === undefined) this.#begin(thread);
  }

  /** Everything that the threads did happens before what follows. */
  finish(): void {
    for (const port of this.ports) {
      port.watched = false;
      port.fuel = Number.POSITIVE_INFINITY;
    }
  }

  /** The threads that can go on, as a mask. */
  enabled(): number {
    let mask = 0;
    for (let thread = 0; thread < this.#codes.length; thread++) {
      if (this.#states[thread] === READY && !this.#isStuck(thread)) mask |= 1 << thread;
    }
    return mask;
  }

  hasEnded(thread: number): boolean {
    return this.#states[thread] >= ENDED;
  }

  hasCrashed(thread: number): boolean {
    return this.#states[thread] === CRASHED;
  }

  /** Threads that have not ended, as a mask. */
  unfinished(): number {
    let mask = 0;
    for (let thread = 0; thread < this.#codes.length; thread++) {
      if (!this.hasEnded(thread)) mask |= 1 << thread;
    }
    return mask;
  }

  after(thread: number): number | undefined {
    return this.#codes[thread].after;
  }

  /** How many values the thread's next access may see: more than one for racy reads only. */
  choices(thread: number): number {
    return this.ports[thread].pending.kind === Kind.racyLoad ? this.#visible(thread).length : 1;
  }

  /**
   * Performs the thread's next access and runs it up to the one after. Returns whether its word was
   * written.
   */
  step(thread: number, choice: number): boolean {
    const port = this.ports[thread];
    const { kind, word, value, expected, site } = port.pending;
    if (++this.#steps > ENDLESS) throw new Violation(`thread ${thread} goes on for ever`);
    if (port.isPaused) {
      for (const seen of port.seenWords) this.#order.await(thread, seen);
      port.resume();
    }
    port.use();
    const old = this.memory.read(word);
    if (kind === Kind.racyLoad) {
      const seen = this.#visible(thread)[choice];
      this.observe?.({ thread, kind, word, site, result: seen, after: old });
      this.races.racyRead(thread, word, site);
      if (choice > 0) this.#oldValuesLeft--;
      if (this.oldValues > 0) this.#order.step(thread, word, false);
      port.see(word, seen);
      this.#advance(thread, seen);
      return false;
    }
    const writes = mayWrite(kind) && (kind !== Kind.cas || old === expected >>> 0);
    const now = writes ? written(kind, old, value) >>> 0 : old;
    // Before the races: the step that fails is the end of its story.
    this.observe?.({ thread, kind, word, site, result: old, after: now });
    if (kind !== Kind.store) this.races.atomicRead(thread, word, site);
    const number = this.oldValues > 0 ? this.#order.step(thread, word, writes) : 0;
    if (writes) {
      this.#writes.push({ thread, word, clock: this.races.clockOf(thread), number, old });
      this.races.atomicWrite(thread, word, site);
      this.memory.write(word, now);
    }
    port.see(word, now);
    this.#advance(thread, old);
    return writes;
  }

  /**
   * Runs code of one thread to its end while no other one is there: for set-ups and final checks.
   */
  runAlone(thread: number, body: Body): number {
    try {
      return this.#runAlone(thread, body);
    } catch (error) {
      throw asViolation(error, thread);
    }
  }

  #runAlone(thread: number, body: Body): number {
    const port = this.ports[thread];
    const { pending } = port;
    let { done, value } = body.next(0);
    for (let steps = 0; !done; steps++) {
      if (steps > ENDLESS) throw new Violation(`thread ${thread} goes on for ever`);
      const old = this.memory.read(pending.word);
      if (pending.kind === Kind.cas) {
        if (old === pending.expected >>> 0) this.memory.write(pending.word, pending.value);
      } else if (mayWrite(pending.kind)) {
        this.memory.write(pending.word, written(pending.kind, old, pending.value));
      }
      if (port.isPaused) throw new Violation("code that runs alone waits for another thread");
      ({ done, value } = body.next(old));
    }
    return Number(value);
  }

  #begin(thread: number): void {
    const { run, fuel = Number.POSITIVE_INFINITY } = this.#codes[thread];
    const port = this.ports[thread];
    port.watched = true;
    port.used = 0;
    port.fuel = fuel;
    this.#bodies[thread] = run();
    this.#states[thread] = READY;
    this.#advance(thread, 0);
  }

  #advance(thread: number, value: number): void {
    const port = this.ports[thread];
    try {
      if (!this.#bodies[thread].next(value).done && port.used < port.fuel) return;
      this.#states[thread] = port.used < port.fuel ? ENDED : CRASHED;
    } catch (error) {
      if (!(error instanceof Crash)) throw asViolation(error, thread);
      this.#states[thread] = CRASHED;
    }
    for (const [waiting, { after }] of this.#codes.entries()) {
      if (after !== thread) continue;
      this.races.join(thread, waiting);
      this.#begin(waiting);
    }
  }

  #isStuck(thread: number): boolean {
    const { isPaused, seenWords, seenValues } = this.ports[thread];
    if (!isPaused) return false;
    for (let i = 0; i < seenWords.length; i++) {
      if (this.memory.words[seenWords[i]] !== seenValues[i]) return false;
    }
    return true;
  }

  /**
   * The values a racy read may see, the current one first. An old one only if it cannot be had by
   * reading earlier: the write that replaced it comes before the thread's step, though it does not
   * happen before it.
   */
  #visible(thread: number): number[] {
    const { word } = this.ports[thread].pending;
    const values = [this.memory.words[word]];
    if (this.#oldValuesLeft === 0) return values;
    for (let i = this.#writes.length - 1; i >= 0; i--) {
      const write = this.#writes[i];
      if (write.word !== word) continue;
      if (this.races.isOrdered(write.thread, write.clock, thread)) break;
      if (!this.#order.isBefore(write.thread, write.number, thread)) break;
      if (!values.includes(write.old)) values.push(write.old);
    }
    return values;
  }
}

/** A kernel that calls itself without end fails as one that goes round does. */
function asViolation(error: unknown, thread: number): unknown {
  return error instanceof RangeError ? new Violation(`thread ${thread} calls itself for ever`) : error;
}
