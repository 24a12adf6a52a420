/** The log that one thread writes its events to. */
import { EVENT_WORDS, LOG_WORDS } from "./event.ts";

export class EventLog {
  words: Uint32Array;
  /** Where the next event goes. Everything before it is written. */
  at = 0;
  /** Where tickets come from, with several threads. */
  readonly #tickets: Int32Array | undefined;
  /** The log is full: it goes on in other words. */
  #turn: (log: EventLog) => void;

  constructor(words: Uint32Array, tickets: Int32Array | undefined, turn: (log: EventLog) => void) {
    this.words = words;
    this.#tickets = tickets;
    this.#turn = turn;
  }

  write(word: number, size: number): void {
    const { at, words } = this;
    if (this.#tickets !== undefined) words[at + 2] = Atomics.add(this.#tickets, 0, 1);
    words[at] = word;
    words[at + 1] = size;
    this.at = at + EVENT_WORDS;
    if (at === LOG_WORDS - EVENT_WORDS) this.#turn(this);
  }

  goOn(words: Uint32Array): void {
    this.words = words;
    this.at = 0;
  }

  /** Nobody reads the log any more: it is written over. */
  stop(): void {
    this.#turn = () => this.goOn(this.words);
  }
}
