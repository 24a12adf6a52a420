/** A report as tables that people read. */
import Table from "cli-table3";
import colors from "picocolors";
import type { WorkloadResult } from "./compare.ts";
import type { ReportComparison } from "./compare-reports.ts";
import type { BenchReport, Mean } from "./report.ts";
import type { Scaling } from "./scaling.ts";
import type { Spread } from "./statistics.ts";

const threadCount = (threads: number): string => (threads === 1 ? "1 thread" : `${threads} threads`);

export const millions = (perSecond: number): string => {
  const value = perSecond / 1e6;
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);
};

const ratio = (value: number): string => `${value.toFixed(2)}×`;

/** Columns of numbers line up at their right; the first ones are words. */
export function table(head: string[], rows: string[][], words = 1): string {
  const result = new Table({
    head,
    colAligns: head.map((_, column) => (column < words ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  result.push(...rows);
  return result.toString();
}

export function benchTables({
  machine,
  settings,
  workloads,
  scaling,
  traces,
  unavailable,
  warnings,
}: BenchReport): string {
  const { rounds, samples, seconds, baseline } = settings;
  const sections = workloads.map((workload) => workloadTable(workload));
  if (scaling.length > 0) sections.push(scalingTable(scaling));
  if (traces.length > 0) {
    sections.push(`${colors.bold("geometric mean over the traces")}\n${figures(traces.map(row))}`);
  }
  const notes = [
    ...unavailable.map(({ peer, reason }) => `${peer}: ${reason}`),
    `million operations per second; ratios to ${baseline} (heaps: to the one alone), formed round by round; ` +
      `${rounds} rounds, ${samples} samples of ${seconds * 1000} ms each`,
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, V8 ${machine.v8}`,
  ];
  sections.push(notes.join("\n"));
  if (warnings.length > 0) sections.push(warningText(warnings));
  return sections.join("\n\n");
}

export function warningText(warnings: readonly string[]): string {
  return warnings.map((warning) => colors.yellow(`warning: ${warning}`)).join("\n");
}

export function comparisonTable({ file, baseline, results, means, warnings }: ReportComparison): string {
  const what = baseline === undefined ? "speed" : `speed against ${baseline}`;
  const rows = results.map(({ workload, threads, name, ratio: { median, low, high }, verdict }) => [
    threads === undefined ? workload : `${workload}, ${threadCount(threads)}`,
    name,
    ratio(median),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    verdict,
  ]);
  return [
    colors.bold(
      `${what}, now over ${file}: a difference is told where the intervals of both leave each other alone`,
    ),
    table(["workload", "variant", "ratio", "", ""], rows, 2),
    ...means.map((mean) => `${mean.name}: ${ratio(mean.ratio)} in the geometric mean`),
    ...(warnings.length > 0 ? [warningText(warnings)] : []),
  ].join("\n");
}

function workloadTable(result: WorkloadResult): string {
  const { id, name, threads, operations, byTheClock, results, absent } = result;
  const company = threads === undefined ? "" : `, ${threadCount(threads)}`;
  const length = byTheClock ? "by the clock" : `${operations.toLocaleString("en")} operations a run`;
  const title = `${colors.bold(`${id} ${name}`)}${company}, ${length}`;
  const rows = results.every(({ stable }) => stable)
    ? results.map(row)
    : results.map((result) => [...row(result), result.stable ? "" : "unstable"]);
  const missing = absent.map((each) => `${each.name} did not run: ${each.reason}`);
  return [title, figures(rows), ...missing].join("\n");
}

function scalingTable(scaling: readonly Scaling[]): string {
  const sections = scaling.map(({ id, threads, results }) => {
    const rows = results.map(({ name, speedUp }) => [
      name,
      ...threads.map((count) => {
        const value = speedUp[count];
        return value === undefined ? "" : `${ratio(value.median)}  ${ratio(value.best)}`;
      }),
    ]);
    return table([id, ...threads.map(String)], rows);
  });
  return [
    colors.bold(
      "speed by number of threads, against one thread: median of the rounds, and fastest against fastest (builds for one thread: a heap for each)",
    ),
    ...sections,
  ].join("\n");
}

function row(result: Mean): string[] {
  const three = (spread: Spread | undefined, text: (value: number) => string): string[] =>
    spread ? [spread.median, spread.p25, spread.min].map(text) : ["", "", ""];
  return [result.name, ...three(result.operationsPerSecond, millions), ...three(result.ratio, ratio)];
}

function figures(rows: string[][]): string {
  const head = ["", "median", "p25", "min", "ratio", "p25", "min", ""];
  return table(head.slice(0, rows[0]?.length), rows);
}
