import { expect, test } from "vitest";
import { meansOverTraces } from "../../bench/report.ts";
import { geometricSpread, isStable, medianInterval, spread } from "../../bench/statistics.ts";

test("a spread is median, quartile and minimum", () => {
  expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, p25: 2, min: 1 });
});

test.each([
  [{ median: 100, p25: 85, min: 60 }, true],
  [{ median: 100, p25: 84, min: 60 }, false],
  [{ median: 100, p25: 90, min: 59 }, false],
])("%j: stable %s", (series, stable) => {
  expect(isStable(series)).toBe(stable);
});

test("geometric means are taken figure by figure", () => {
  const mean = geometricSpread([
    { median: 1, p25: 1, min: 1 },
    { median: 4, p25: 9, min: 16 },
  ]);
  expect(mean.median).toBeCloseTo(2);
  expect(mean.p25).toBeCloseTo(3);
  expect(mean.min).toBeCloseTo(4);
});

test("only who ran every trace has a mean over the traces", () => {
  const figures = { operationsPerSecond: { median: 2, p25: 2, min: 2 }, rounds: [2], stable: true };
  const workload = (id: string, names: string[]) => ({
    id,
    name: id,
    operations: 1,
    absent: [],
    results: names.map((name) => ({ name, ...figures })),
  });
  const workloads = [workload("W7/a", ["x", "y"]), workload("W7/b", ["x"]), workload("W3/256", ["x", "y"])];
  expect(meansOverTraces(workloads).map(({ name }) => name)).toEqual(["x"]);
  expect(meansOverTraces(workloads.slice(1))).toEqual([]);
});

test.each([
  // Of five values the extremes hold the median with 94 %, of six with 97 %.
  [5, 1, 5],
  [6, 1, 6],
  // Of nine the second and the second last with 96 %, of fifteen the fourth with 96 %.
  [9, 2, 8],
  [15, 4, 12],
])("of %i values the median lies between the ranks %i and %i", (count, low, high) => {
  const values = Array.from({ length: count }, (_, i) => i + 1);
  expect(medianInterval(values.reverse())).toEqual({ median: (count + 1) / 2, low, high });
});
