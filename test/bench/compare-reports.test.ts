import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compareReports, readReport } from "../../bench/compare-reports.ts";
import type { BenchReport } from "../../bench/report.ts";
import { spread } from "../../bench/statistics.ts";

const folder = mkdtempSync(join(tmpdir(), "slabsmith-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nine rounds of two variants in a weather that is the same for both. */
function report(
  speeds: Record<string, number>,
  { noise = 0.02, weather = 1, baseline = "base" } = {},
): BenchReport {
  const series = Object.entries(speeds).map(([name, speed], at) => {
    const rounds = Array.from({ length: 9 }, (_, round) => {
      const cloud = weather * (1 + 0.3 * Math.sin(round));
      return speed * cloud * (1 + noise * Math.sin(7 * round + 3 * at));
    });
    return { name, operationsPerSecond: spread(rounds), rounds, stable: true };
  });
  return {
    machine: { cpu: "c", cores: 2, platform: "p", node: "20", v8: "11", load: 0 },
    settings: { rounds: 9, samples: 1, seconds: 0.01, baseline },
    workloads: [{ id: "W3/256", name: "mixed", operations: 1, results: series, absent: [] }],
    scaling: [],
    traces: [],
    unavailable: [],
    warnings: [],
  };
}

const verdicts = (now: BenchReport, before: BenchReport) =>
  compareReports(now, before, "old.json").results.map(({ name, verdict }) => [name, verdict]);

test("slower and faster by more than the noise is told", () => {
  const before = report({ base: 1, one: 2, two: 2, three: 2 });
  const now = report({ base: 1, one: 1.8, two: 2.2, three: 2.01 });
  expect(verdicts(now, before)).toEqual([
    ["one", "slower"],
    ["two", "faster"],
    ["three", "no difference told"],
  ]);
});

test("the weather of a whole run is no difference: ratios to the same baseline are compared", () => {
  const before = report({ base: 1, one: 2 });
  const now = report({ base: 1, one: 2 }, { weather: 0.5 });
  const comparison = compareReports(now, before, "old.json");
  expect(comparison.baseline).toBe("base");
  expect(comparison.results.map(({ verdict }) => verdict)).toEqual(["no difference told"]);
  expect(comparison.means).toEqual([{ name: "one", ratio: expect.closeTo(1) }]);
});

test("without a common baseline absolute speeds are compared, with a warning", () => {
  const before = report({ other: 1, one: 2 }, { baseline: "other" });
  const comparison = compareReports(report({ base: 1, one: 2 }), before, "old.json");
  expect(comparison.baseline).toBeUndefined();
  expect(comparison.warnings.join()).toContain("old.json has no baseline that ran then and now");
});

test("much noise hides a small difference", () => {
  const noise = 0.3;
  expect(verdicts(report({ base: 1, one: 1.8 }, { noise }), report({ base: 1, one: 2 }, { noise }))).toEqual([
    ["one", "no difference told"],
  ]);
});

test("another machine is named", () => {
  const before = report({ base: 1, one: 2 });
  const now = { ...before, machine: { ...before.machine, node: "24" } };
  expect(compareReports(now, before, "old.json").warnings.join()).toContain(
    "another machine or engine: c, 2 cores, Node 20",
  );
});

test("nothing in common is an error", () => {
  expect(() => compareReports(report({ base: 1, one: 2 }), report({ base: 1, two: 2 }), "old.json")).toThrow(
    "--compare old.json: no workload was run by the same variant then and now",
  );
});

test.each([
  ["no JSON", "{", "old.json"],
  ["no report", "{}", "this is no report"],
  [
    "a report without rounds",
    JSON.stringify({ ...report({ base: 1 }), workloads: [{ results: [{ name: "base" }] }] }),
    "written by an earlier version",
  ],
])("%s: the file is named, and the way out", (_, text, problem) => {
  const file = join(folder, "old.json");
  writeFileSync(file, text);
  expect(() => readReport(file)).toThrow(problem);
  expect(() => readReport(file)).toThrow("name a report that `slabsmith bench --out` wrote");
});
