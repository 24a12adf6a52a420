/** Litmus tests: what the ECMAScript memory model allows, and what it calls a data race. */
import { expect, test } from "vitest";
import { depthFirst } from "../../generator/check/search/depth-first.ts";
import { sourceDpor } from "../../generator/check/search/source-dpor.ts";
import { type Thread, trialOf } from "./support/programs.ts";

/** What the threads read, in all executions; or the race that was found. */
function outcomes(program: readonly Thread[], oldValues = 0): string[] | string {
  const trial = trialOf(program, oldValues);
  const { failure, exhausted } = depthFirst(trial, sourceDpor);
  if (failure !== undefined) return failure.message;
  expect(exhausted).toBe(true);
  return [
    ...new Set([...trial.states].map((state) => JSON.parse(state).slice(0, -1).flat().join(""))),
  ].sort();
}

const X = 0;
const Y = 1;

test("SB, store buffering: atomics never both read the old values", () => {
  const program: Thread[] = [
    [
      ["store", X, 1],
      ["load", Y],
    ],
    [
      ["store", Y, 1],
      ["load", X],
    ],
  ];
  expect(outcomes(program)).toEqual(["01", "10", "11"]);
});

test("LB, load buffering: atomics never both read the new values", () => {
  const program: Thread[] = [
    [
      ["load", X],
      ["store", Y, 1],
    ],
    [
      ["load", Y],
      ["store", X, 1],
    ],
  ];
  expect(outcomes(program)).toEqual(["00", "01", "10"]);
});

test("IRIW: two readers agree on the order of independent writes", () => {
  const program: Thread[] = [
    [["store", X, 1]],
    [["store", Y, 1]],
    [
      ["load", X],
      ["load", Y],
    ],
    [
      ["load", Y],
      ["load", X],
    ],
  ];
  const found = outcomes(program);
  expect(found).not.toContain("1010");
  expect(found).toHaveLength(15);
});

test("CoRR: a location never goes back", () => {
  const program: Thread[] = [
    [["store", X, 1]],
    [
      ["load", X],
      ["load", X],
    ],
  ];
  expect(outcomes(program)).toEqual(["00", "01", "11"]);
});

test("MP, message passing by an atomic flag: plain data is ordered", () => {
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [
      ["load", Y],
      ["if", 1],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toEqual(["0", "17"]);
});

test("MP without looking at the flag is a race", () => {
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [
      ["load", Y],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toBe(
    "data race on word 0: plain write at thread 0, operation 0 and plain read at thread 1, operation 1 are not ordered",
  );
});

test("MP with a plain flag is a race", () => {
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["write", Y, 1],
    ],
    [
      ["read", Y],
      ["if", 1],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toContain("data race on word 1");
});

test("plain and atomic accesses of one word need an order too", () => {
  expect(outcomes([[["write", X, 1]], [["load", X]]])).toContain("plain write");
  expect(outcomes([[["read", X]], [["store", X, 1]]])).toContain("atomic write");
  expect(outcomes([[["read", X]], [["load", X]]])).toEqual(["00"]);
});

test("there are no release sequences: another thread's write in between breaks the chain", () => {
  // The reader sees 2, which thread 1 wrote knowing nothing of thread 0.
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [["store", Y, 2]],
    [
      ["load", Y],
      ["if", 2],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toContain("data race on word 0");
});

test("a read-modify-write in between keeps the chain: it has read what it replaces", () => {
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [["add", Y, 1]],
    [
      ["load", Y],
      ["if", 2],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toEqual(["00", "01", "10", "11", "127"]);
});

test("a failed compare-and-swap synchronises as a read, and releases nothing", () => {
  const reads: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [
      ["cas", Y, 5, 6],
      ["if", 1],
      ["read", X],
    ],
  ];
  expect(outcomes(reads)).toEqual(["0", "17"]);
  const releases: Thread[] = [
    [
      ["write", X, 7],
      ["cas", Y, 5, 6],
    ],
    [
      ["load", Y],
      ["read", X],
    ],
  ];
  expect(outcomes(releases)).toContain("data race on word 0");
});

test("a racy read is no race, and may see what was replaced", () => {
  const program: Thread[] = [
    [
      ["store", X, 1],
      ["store", Y, 1],
    ],
    [
      ["load", Y],
      ["if", 1],
      ["racy", X],
    ],
  ];
  // Ordered by the flag: only the new value.
  expect(outcomes(program, 1)).toEqual(["0", "11"]);
  const late: Thread[] = [
    [
      ["store", X, 1],
      ["store", Y, 1],
    ],
    [
      ["racy", Y],
      ["racy", X],
    ],
  ];
  expect(outcomes(late)).toEqual(["00", "01", "11"]);
  // Nothing orders the two reads: the second may be older.
  expect(outcomes(late, 1)).toEqual(["00", "01", "10", "11"]);
});

test("a racy read orders nothing", () => {
  const program: Thread[] = [
    [
      ["write", X, 7],
      ["store", Y, 1],
    ],
    [
      ["racy", Y],
      ["if", 1],
      ["read", X],
    ],
  ];
  expect(outcomes(program)).toContain("data race on word 0");
});

test("a racy read of a word that another thread writes plainly is reported", () => {
  expect(outcomes([[["write", X, 7]], [["racy", X]]])).toContain("data race on word 0");
});
