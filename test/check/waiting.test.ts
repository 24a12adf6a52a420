/** Threads that spin: they wait for a change, and are told from threads that nothing can help. */
import { expect, test } from "vitest";
import { depthFirst } from "../../generator/check/search/depth-first.ts";
import { naive } from "../../generator/check/search/naive.ts";
import { sleepSets } from "../../generator/check/search/sleep-sets.ts";
import { sourceDpor } from "../../generator/check/search/source-dpor.ts";
import { type Thread, trialOf } from "./support/programs.ts";

const SEARCHES = [naive, sleepSets, sourceDpor];

test.each(SEARCHES)("$name: a thread that awaits a value gets it", (policy) => {
  const trial = trialOf([
    [
      ["await", 0, 2],
      ["load", 1],
    ],
    [
      ["store", 0, 1],
      ["store", 1, 5],
      ["store", 0, 2],
    ],
  ]);
  expect(depthFirst(trial, policy)).toMatchObject({ exhausted: true, failure: undefined });
  expect([...trial.states]).toEqual([JSON.stringify([[5], [], [2, 5, 0, 0, 0, 0, 0, 0]])]);
});

test.each(SEARCHES)("$name: a value that was there for a moment only may be missed", (policy) => {
  const trial = trialOf([
    [["await", 0, 1]],
    [
      ["store", 0, 1],
      ["store", 0, 0],
    ],
  ]);
  const { failure } = depthFirst(trial, policy);
  expect(failure?.message).toBe("blocked for ever: thread 0");
});

test.each(SEARCHES)("$name: two threads that wait for each other", (policy) => {
  const lock = (first: number, second: number): Thread => [
    ["add", first, 1],
    ["await", second, 0],
    ["add", first, -1],
  ];
  const { failure } = depthFirst(trialOf([lock(0, 1), lock(1, 0)]), policy);
  expect(failure?.message).toBe("blocked for ever: thread 0, thread 1");
});
