/** The logs of a thread, from the first event to the last. */
import { EVENT_WORDS, KIND_MASK, LOG_WORDS } from "./event.ts";
import type { History } from "./history.ts";
import type { Source } from "./merge.ts";

export class LogSource implements Source {
  readonly thread: number;
  /** Those that have not been read to their end. */
  readonly #logs: Uint32Array[] = [];
  #at = 0;

  constructor(thread: number) {
    this.thread = thread;
  }

  /** A log that the thread goes on in. It may be empty yet. */
  add(log: Uint32Array): void {
    this.#logs.push(log);
  }

  get ticket(): number {
    const words = this.#logs[0];
    if (words === undefined) return 0;
    const at = this.#at;
    const isComplete = words[at] !== 0 && words[at + 1] !== 0;
    return isComplete ? (words[at + 2] as number) : 0;
  }

  tell(history: History): void {
    tellEvent(history, this.thread, this.#logs[0] as Uint32Array, this.#at);
    this.#at += EVENT_WORDS;
    if (this.#at < LOG_WORDS) return;
    this.#logs.shift();
    this.#at = 0;
  }
}

export function tellEvent(history: History, thread: number, words: Uint32Array, at: number): void {
  const word = words[at] as number;
  history.event(thread, word & KIND_MASK, (word & ~KIND_MASK) >>> 0, ~(words[at + 1] as number) >>> 0);
}
