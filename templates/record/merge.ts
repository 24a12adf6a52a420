/** Merge: the events of several threads, in the order of their tickets. */
import type { History } from "./history.ts";

/** The events of a thread that nobody has read yet. */
export interface Source {
  /** Ticket of the next event, or 0: it is not there, or not complete yet. */
  readonly ticket: number;
  /** Tells the next event, and goes on to the one after it. */
  tell(history: History): void;
}

export const FIRST_TICKET = 1;

export class Merge {
  readonly #history: History;
  readonly #sources: Source[] = [];
  /** The ticket that comes next. */
  #next = FIRST_TICKET;

  constructor(history: History) {
    this.#history = history;
  }

  add(source: Source): void {
    this.#sources.push(source);
  }

  /** Tells the history what is there, up to the first event that is missing, or up to a ticket. */
  advance(end = Number.POSITIVE_INFINITY): void {
    while (this.#next < end) {
      const source = this.#sources.find(({ ticket }) => ticket === this.#next);
      if (source === undefined) return;
      while (source.ticket === this.#next && this.#next < end) {
        source.tell(this.#history);
        this.#next++;
      }
    }
  }

  /**
   * Tells the rest, up to a ticket. One that is missing was taken by a thread that died in its
   * call.
   */
  finish(end = Number.POSITIVE_INFINITY): void {
    for (;;) {
      this.advance(end);
      const waiting = this.#sources.map(({ ticket }) => ticket).filter((ticket) => ticket !== 0);
      const next = Math.min(...waiting);
      if (waiting.length === 0 || next >= end) return;
      this.#next = next;
    }
  }
}
