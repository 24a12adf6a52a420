/**
 * The searches against each other: on random programs all of them must find the same final states,
 * and none but the naive one may need as many executions. SLABSMITH_PROGRAMS=5000 makes a night's
 * work of it.
 */
import { describe, expect, test } from "vitest";
import { depthFirst, type Policy } from "../../generator/check/search/depth-first.ts";
import { naive } from "../../generator/check/search/naive.ts";
import { preemptionBound } from "../../generator/check/search/preemption-bound.ts";
import { randomSchedules } from "../../generator/check/search/random-schedules.ts";
import { sleepSets } from "../../generator/check/search/sleep-sets.ts";
import { sourceDpor } from "../../generator/check/search/source-dpor.ts";
import { randomNumbers } from "../support/script.ts";
import { randomProgram, type Thread, trialOf } from "./support/programs.ts";

const PROGRAMS = Number(process.env.SLABSMITH_PROGRAMS ?? 400);

function exploreAll(program: readonly Thread[], policy: Policy, oldValues = 0) {
  const trial = trialOf(program, oldValues);
  const exploration = depthFirst(trial, policy);
  expect(exploration.failure, JSON.stringify(program)).toBeUndefined();
  expect(exploration.exhausted).toBe(true);
  const completed = exploration.executions - exploration.redundant;
  return { states: [...trial.states].sort(), executions: exploration.executions, completed };
}

test(`${PROGRAMS} random programs: the same final states`, () => {
  const random = randomNumbers(2026);
  let all = 0;
  let reduced = 0;
  for (let i = 0; i < PROGRAMS; i++) {
    const program = randomProgram(random);
    const explore = (policy: Policy) => exploreAll(program, policy, i % 3);
    const expected = explore(naive);
    const sleeping = explore(sleepSets);
    const dpor = explore(sourceDpor);
    const bounded = explore(preemptionBound(16));
    const found = { sleeping: sleeping.states, dpor: dpor.states, bounded: bounded.states };
    const { states } = expected;
    expect(found, JSON.stringify(program)).toEqual({ sleeping: states, dpor: states, bounded: states });
    // Both complete one execution per class of equivalent ones; DPOR begins fewer that are
    // redundant.
    expect(dpor.completed, JSON.stringify(program)).toBe(sleeping.completed);
    expect(dpor.executions).toBeLessThanOrEqual(sleeping.executions);
    all += expected.executions;
    reduced += dpor.executions;
  }
  expect(reduced).toBeLessThan(all / 5);
});

describe("what is known of them", () => {
  /** Every thread writes a word of its own: nothing depends on the order. */
  const apart: Thread[] = [0, 1, 2].map((word) => Array.from({ length: 3 }, (_, i) => ["store", word, i]));

  test("independent threads have one class of executions", () => {
    expect(exploreAll(apart, naive).executions).toBe(1680);
    expect(exploreAll(apart, sleepSets).completed).toBe(1);
    expect(exploreAll(apart, sourceDpor)).toMatchObject({ executions: 1 });
  });

  test("readers need one execution per place of the writer", () => {
    // n readers and a writer of one word: the writer is before or after each, 2^n classes.
    const readers: Thread[] = [[["store", 0, 1]], [["load", 0]], [["load", 0]], [["load", 0]]];
    expect(exploreAll(readers, sourceDpor)).toMatchObject({ completed: 8 });
    expect(exploreAll(readers, naive).executions).toBe(24);
  });

  test("a preemption bound finds what needs no more preemptions", () => {
    // Thread 1 must run between the two steps of thread 0, which is one preemption.
    const program: Thread[] = [
      [
        ["store", 0, 1],
        ["store", 0, 2],
      ],
      [["load", 0]],
    ];
    expect(exploreAll(program, preemptionBound(0)).states).toHaveLength(2);
    expect(exploreAll(program, preemptionBound(1)).states).toHaveLength(3);
  });

  test("random schedules come upon every state in the end", () => {
    const program: Thread[] = [
      [
        ["store", 0, 1],
        ["load", 1],
      ],
      [
        ["store", 1, 1],
        ["load", 0],
      ],
    ];
    const trial = trialOf(program);
    expect(randomSchedules(trial, 1, { executions: 200 })).toMatchObject({
      executions: 200,
      exhausted: false,
    });
    expect(trial.states.size).toBe(3);
  });
});
