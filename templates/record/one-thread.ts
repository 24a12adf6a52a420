/** The events of one thread: its log is read whenever it is full. */
import { EVENT_WORDS, LOG_WORDS } from "./event.ts";
import { EventLog } from "./event-log.ts";
import type { History } from "./history.ts";
import { tellEvent } from "./log-source.ts";

export const THREAD = 1;

export class OneThread {
  readonly log: EventLog;
  readonly #history: History;
  /** The other log: whoever is told may allocate meanwhile. */
  #spare: Uint32Array = new Uint32Array(LOG_WORDS);

  constructor(history: History) {
    this.#history = history;
    this.log = new EventLog(new Uint32Array(LOG_WORDS), undefined, () => this.advance());
  }

  /** Tells the history what the log holds. */
  advance(): void {
    const { words, at: end } = this.log;
    this.log.goOn(this.#spare);
    this.#spare = words;
    for (let at = 0; at < end; at += EVENT_WORDS) tellEvent(this.#history, THREAD, words, at);
  }

  async finish(): Promise<void> {
    this.advance();
  }

  finishNow(): void {
    this.advance();
  }
}
