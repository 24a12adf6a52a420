/**
 * A report against an earlier one. Speeds of two runs differ by the weather of the machine, too.
 * Where both runs had the same baseline, ratios to it are compared, which were formed round by
 * round: the weather is the same above and below.
 *
 * A difference is told where the intervals of both medians leave each other alone. Each holds its
 * median in 95 of 100 cases, so of equal builds fewer than 1 in 100 are called different.
 */
import { readFileSync } from "node:fs";
import { geometricMean } from "simple-statistics";
import { UserError } from "../spec/user-error.ts";
import type { ContenderResult, WorkloadResult } from "./compare.ts";
import type { BenchReport } from "./report.ts";
import { type MedianInterval, medianInterval } from "./statistics.ts";

export type Verdict = "faster" | "slower" | "no difference told";

export interface ComparedResult {
  readonly workload: string;
  readonly threads?: number;
  readonly name: string;
  /** Now over before. */
  readonly ratio: MedianInterval;
  readonly verdict: Verdict;
}

export interface ReportComparison {
  readonly file: string;
  /** What both are ratios to; absent: absolute speeds are compared, of two runs. */
  readonly baseline?: string;
  readonly results: readonly ComparedResult[];
  /** Geometric mean over all workloads, by contender. */
  readonly means: readonly { readonly name: string; readonly ratio: number }[];
  readonly warnings: readonly string[];
}

export function readReport(file: string): BenchReport {
  const refuse = (problem: string): never => {
    throw new UserError(`--compare ${file}: ${problem}; name a report that \`slabsmith bench --out\` wrote`);
  };
  let report: Partial<BenchReport>;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return refuse((error as Error).message);
  }
  const results = report?.workloads?.flatMap((workload) => workload.results ?? []);
  if (report.machine === undefined || results === undefined) return refuse("this is no report");
  if (results.some(({ rounds }) => rounds === undefined)) {
    return refuse("it was written by an earlier version, which kept no rounds; measure again");
  }
  return report as BenchReport;
}

export function compareReports(now: BenchReport, before: BenchReport, file: string): ReportComparison {
  const { baseline } = now.settings;
  const isSame =
    baseline === before.settings.baseline && ranEverywhere(now, baseline) && ranEverywhere(before, baseline);
  const results = now.workloads.flatMap((workload) => {
    const old = before.workloads.find(
      ({ id, threads }) => id === workload.id && threads === workload.threads,
    );
    if (old === undefined) return [];
    return workload.results.flatMap((result) => {
      const other = old.results.find(({ name }) => name === result.name);
      if (other === undefined || (isSame && result.name === baseline)) return [];
      const of = (one: ContenderResult, all: WorkloadResult) =>
        medianInterval(isSame ? ratios(one, all, baseline) : one.rounds);
      return [compared(workload, result.name, of(result, workload), of(other, old))];
    });
  });
  if (results.length === 0) {
    throw new UserError(`--compare ${file}: no workload was run by the same variant then and now`);
  }
  const names = [...new Set(results.map(({ name }) => name))];
  return {
    file,
    ...(isSame && { baseline }),
    results,
    means: names.map((name) => ({
      name,
      ratio: geometricMean(results.filter((each) => each.name === name).map(({ ratio }) => ratio.median)),
    })),
    warnings: warningsOf(now, before, file, isSame),
  };
}

function compared(
  { name: workload, threads }: WorkloadResult,
  name: string,
  now: MedianInterval,
  before: MedianInterval,
): ComparedResult {
  const ratio = {
    median: now.median / before.median,
    low: now.low / before.high,
    high: now.high / before.low,
  };
  const verdict = ratio.low > 1 ? "faster" : ratio.high < 1 ? "slower" : "no difference told";
  return { workload, ...(threads !== undefined && { threads }), name, ratio, verdict };
}

function ratios(one: ContenderResult, { results }: WorkloadResult, baseline: string): number[] {
  const base = results.find(({ name }) => name === baseline)?.rounds ?? [];
  return one.rounds.map((speed, round) => speed / (base[round] as number));
}

const ranEverywhere = ({ workloads }: BenchReport, name: string): boolean =>
  workloads.every(({ results }) => results.some((each) => each.name === name));

function warningsOf(now: BenchReport, before: BenchReport, file: string, isSame: boolean): string[] {
  const warnings: string[] = [];
  const machineOf = ({ machine: { cpu, cores, node } }: BenchReport) =>
    `${cpu}, ${cores} cores, Node ${node}`;
  if (machineOf(now) !== machineOf(before)) {
    warnings.push(`${file} was measured on another machine or engine: ${machineOf(before)}`);
  }
  if (!isSame) {
    warnings.push(
      `${file} has no baseline that ran then and now: absolute speeds of two runs are compared, and the weather with them`,
    );
  }
  return warnings;
}
