/** The merge of logs: in the order of the tickets, and no further than what is complete. */
import { beforeEach, expect, test } from "vitest";
import { EVENT_WORDS, Kind, LOG_EVENTS, LOG_WORDS } from "../../templates/record/event.ts";
import { History } from "../../templates/record/history.ts";
import { LogSource } from "../../templates/record/log-source.ts";
import { Merge } from "../../templates/record/merge.ts";
import { TraceWriter } from "../../templates/record/trace-writer.ts";
import { Gathered } from "./sinks.ts";

let gathered: Gathered;
let writer: TraceWriter;
let merge: Merge;

beforeEach(() => {
  gathered = new Gathered();
  writer = new TraceWriter((bytes) => gathered.sink(bytes.slice()));
  merge = new Merge(new History(writer));
});

/** A thread whose log has allocations with these tickets; the size of each is its ticket. */
function thread(number: number, tickets: readonly number[]): Uint32Array {
  const log = new Uint32Array(LOG_WORDS);
  for (const [index, ticket] of tickets.entries()) write(log, index, ticket);
  const source = new LogSource(number);
  source.add(log);
  merge.add(source);
  return log;
}

function write(log: Uint32Array, index: number, ticket: number): void {
  log.set([(ticket * 64) | Kind.malloc, ~ticket, ticket], index * EVENT_WORDS);
}

/** Sizes of what has been told, which are the tickets. */
function told(): number[] {
  writer.flush();
  return [...gathered.text.matchAll(/^a \d+ (\d+)$/gm)].map(([, size]) => Number(size));
}

test("events come in the order of their tickets, whoever had them", () => {
  thread(1, [2, 3, 7]);
  thread(2, [1, 5]);
  thread(3, [4, 6]);
  merge.advance();
  expect(told()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(gathered.text.match(/^t \d$/gm)).toEqual(["t 2", "t 1", "t 3", "t 2", "t 3", "t 1"]);
});

test("an event that is not written yet is waited for; at the end it is passed over", () => {
  thread(1, [1, 2, 5]);
  const log = thread(2, [3]);
  merge.advance();
  expect(told()).toEqual([1, 2, 3]);
  write(log, 1, 4);
  merge.advance();
  expect(told()).toEqual([1, 2, 3, 4, 5]);
  thread(3, [7, 9]);
  merge.finish(9);
  expect(told()).toEqual([1, 2, 3, 4, 5, 7]);
  merge.finish();
  expect(told()).toEqual([1, 2, 3, 4, 5, 7, 9]);
});

test.each([0, 1, 2])("an event without its word %i is not complete", (word) => {
  const log = thread(1, [1, 2]);
  const [kept] = log.slice(EVENT_WORDS + word);
  log[EVENT_WORDS + word] = 0;
  merge.advance();
  merge.finish();
  expect(told()).toEqual([1]);
  log[EVENT_WORDS + word] = kept as number;
  merge.finish();
  expect(told()).toEqual([1, 2]);
});

test("a thread goes on in its next log", () => {
  const tickets = Array.from({ length: LOG_EVENTS + 2 }, (_, index) => index + 1);
  const source = new LogSource(1);
  for (const part of [tickets.slice(0, LOG_EVENTS), tickets.slice(LOG_EVENTS)]) {
    const log = new Uint32Array(LOG_WORDS);
    for (const [index, ticket] of part.entries()) write(log, index, ticket);
    source.add(log);
  }
  merge.add(source);
  merge.advance();
  expect(told()).toEqual(tickets);
});
