import { expect, test } from "vitest";
import { findScaling } from "../../bench/scaling.ts";

const both = (median: number) => ({ median, best: 2 * median });

const run = (id: string, threads: number | undefined, speedUps: Record<string, number>) => ({
  id,
  name: id,
  operations: 1,
  ...(threads !== undefined && { threads }),
  absent: [],
  results: Object.entries(speedUps).map(([name, median]) => ({
    name,
    operationsPerSecond: { median: 1, p25: 1, min: 1 },
    rounds: [1],
    speedUp: both(median),
    stable: true,
  })),
});

test("each contender against itself with one thread", () => {
  const runs = [run("W3/256", 2, { fast: 1.5, slow: 0.5 }), run("W3/256", 1, { fast: 1, slow: 1, alone: 1 })];
  expect(findScaling(runs)).toEqual([
    {
      id: "W3/256",
      name: "W3/256",
      threads: [2, 1],
      results: [
        { name: "fast", speedUp: { 1: both(1), 2: both(1.5) } },
        { name: "slow", speedUp: { 1: both(1), 2: both(0.5) } },
        { name: "alone", speedUp: { 1: both(1) } },
      ],
    },
  ]);
});

test("nothing is said without a run on one thread, or with that alone", () => {
  expect(findScaling([run("a", 2, { x: 1 }), run("a", 4, { x: 1 })])).toEqual([]);
  expect(findScaling([run("a", 1, { x: 1 }), run("b", undefined, { x: 1 })])).toEqual([]);
});
