/** Merge: the logs of several threads, in the order of their tickets. */
import { EVENT_WORDS, KIND_MASK, LOG_WORDS } from "./event.ts";
import type { History } from "./history.ts";

/** What a thread has logged and nobody has read yet: logs in their order, and a place in the first. */
class Source {
  readonly thread: number;
  readonly logs: Uint32Array[] = [];
  at = 0;

  constructor(thread: number) {
    this.thread = thread;
  }

  /** Ticket of the next event, or 0: it is not complete yet. */
  get ticket(): number {
    const words = this.logs[0];
    if (words === undefined) return 0;
    const { at } = this;
    const isComplete = words[at] !== 0 && words[at + 1] !== 0;
    return isComplete ? (words[at + 2] as number) : 0;
  }
}

export class Merge {
  readonly #history: History;
  readonly #sources: Source[] = [];
  /** The ticket that comes next. */
  #next = 1;

  constructor(history: History) {
    this.#history = history;
  }

  /** A log that a thread goes on in. It may be empty yet. */
  add(thread: number, log: Uint32Array): void {
    let source = this.#sources.find((each) => each.thread === thread);
    if (source === undefined) {
      source = new Source(thread);
      this.#sources.push(source);
    }
    source.logs.push(log);
  }

  /** Tells the history everything up to the first event that is not there yet. */
  advance(): void {
    for (;;) {
      const source = this.#sources.find(({ ticket }) => ticket === this.#next);
      if (source === undefined) return;
      this.#tell(source);
    }
  }

  /** Tells the rest. A ticket that is missing was taken by a thread that died in its call. */
  finish(): void {
    for (;;) {
      this.advance();
      const waiting = this.#sources.map(({ ticket }) => ticket).filter((ticket) => ticket !== 0);
      if (waiting.length === 0) return;
      this.#next = Math.min(...waiting);
    }
  }

  /** The events of a source, as long as no other one's come between. */
  #tell(source: Source): void {
    const words = source.logs[0] as Uint32Array;
    while (source.ticket === this.#next) {
      tellEvent(this.#history, source.thread, words, source.at);
      this.#next++;
      source.at += EVENT_WORDS;
      if (source.at === LOG_WORDS) {
        source.logs.shift();
        source.at = 0;
        return;
      }
    }
  }
}

export function tellEvent(history: History, thread: number, words: Uint32Array, at: number): void {
  const word = words[at] as number;
  history.event(thread, word & KIND_MASK, (word & ~KIND_MASK) >>> 0, ~(words[at + 1] as number) >>> 0);
}
