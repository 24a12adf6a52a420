/** Events: the steps of an execution, and which of them depend on each other. */
import { Kind, mayWrite } from "../access.ts";
import type { Machine } from "../machine.ts";

/** A step, as far as the order of steps matters. */
export interface Event {
  thread: number;
  word: number;
  writes: boolean;
  /** Further words whose values decide whether the step could be made: its thread had paused. */
  awaited: readonly number[];
  /**
   * Per thread: how many of its steps come before this one in every equivalent execution; itself
   * included.
   */
  readonly clock: Int32Array;
}

const NONE: readonly number[] = [];

export function newEvent(threads: number): Event {
  return { thread: 0, word: 0, writes: false, awaited: NONE, clock: new Int32Array(threads) };
}

/** Describes a thread's next step, were it made now. */
export function describeNext(event: Event, machine: Machine, thread: number): void {
  const { pending, isPaused, seenWords } = machine.ports[thread];
  const { kind, word, expected } = pending;
  event.thread = thread;
  event.word = word;
  event.writes = mayWrite(kind) && (kind !== Kind.cas || machine.memory.words[word] === expected >>> 0);
  event.awaited = isPaused ? seenWords.slice() : NONE;
}

/** Whether the order of two steps of different threads matters. */
export function depends(a: Event, b: Event): boolean {
  if (a.word === b.word && (a.writes || b.writes)) return true;
  return (b.writes && a.awaited.includes(b.word)) || (a.writes && b.awaited.includes(a.word));
}
