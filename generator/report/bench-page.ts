/** A benchmark's report as a page. */
import type { WorkloadResult } from "../../bench/compare.ts";
import type { ReportComparison } from "../../bench/compare-reports.ts";
import type { BenchReport } from "../../bench/report.ts";
import { medianInterval } from "../../bench/statistics.ts";
import { millions } from "../../bench/tables.ts";
import type { BarChart, Chart, HeatMap, LineChart } from "./chart.ts";
import { machineLines } from "./circumstances.ts";
import type { Page, PageTable, Section } from "./page.ts";

export function benchPage(report: BenchReport, command: string, comparison?: ReportComparison): Page {
  const { machine, settings, workloads, scaling, traces, unavailable, warnings } = report;
  const { rounds, samples, seconds, baseline } = settings;
  const names = [...new Set(workloads.flatMap(({ results }) => results.map(({ name }) => name)))];
  const sections: Section[] = [
    {
      title: "Speed",
      text: "Million operations per second: the median of the rounds, and the interval that holds it in 95 of 100 cases.",
      charts: speedCharts(workloads, names),
    },
    {
      title: `Against ${baseline}`,
      text: "Ratios are formed round by round. Above 1 is faster.",
      charts: [ratioMap(workloads, names)],
    },
    ...(comparison === undefined ? [] : [comparisonSection(comparison)]),
    ...(scaling.length === 0
      ? []
      : [{ title: "Speed by number of threads", charts: scaling.map(scalingChart) }]),
    {
      title: "Figures",
      tables: [
        ...(traces.length === 0
          ? []
          : [
              {
                head: ["geometric mean over the traces", "median", "ratio"],
                words: 1,
                rows: traces.map(({ name, operationsPerSecond, ratio }) => [
                  name,
                  millions(operationsPerSecond.median),
                  ratio === undefined ? "" : `${ratio.median.toFixed(2)}×`,
                ]),
              },
            ]),
        ...workloads.map(workloadTable),
      ],
    },
  ];
  return {
    title: `Benchmark: ${names.join(", ")}`,
    lead: [`${workloads.length} workloads, ${names.length} contenders that took turns.`],
    sections,
    circumstances: [
      `${rounds} rounds, ${samples} samples of ${seconds * 1000} ms each.`,
      ...unavailable.map(({ peer, reason }) => `${peer}: ${reason}`),
      ...machineLines([machine]),
    ],
    warnings: [...warnings, ...(comparison?.warnings ?? [])],
    command,
  };
}

function comparisonSection({ file, baseline, results }: ReportComparison): Section {
  return {
    title: `Now over ${file}`,
    text: `${baseline === undefined ? "Speeds" : `Speeds against ${baseline}`} of both runs. A difference is told where the intervals of both leave each other alone.`,
    tables: [
      {
        head: ["workload", "variant", "verdict", "ratio", ""],
        words: 3,
        rows: results.map(({ workload, threads, name, ratio: { median, low, high }, verdict }) => [
          threads === undefined ? workload : `${workload}, threads: ${threads}`,
          name,
          verdict,
          `${median.toFixed(2)}×`,
          `${low.toFixed(2)} to ${high.toFixed(2)}`,
        ]),
      },
    ],
  };
}

const titleOf = ({ name, threads }: WorkloadResult): string =>
  threads === undefined ? name : `${name}, threads: ${threads}`;

/** As many categories as a chart has room for. */
const PER_CHART = 6;

function speedCharts(workloads: readonly WorkloadResult[], names: readonly string[]): BarChart[] {
  const charts: BarChart[] = [];
  for (let at = 0; at < workloads.length; at += PER_CHART) {
    const some = workloads.slice(at, at + PER_CHART);
    const resultOf = (name: string) => some.map(({ results }) => results.find((each) => each.name === name));
    charts.push({
      kind: "bars",
      title: some.length === 1 ? titleOf(some[0] as WorkloadResult) : "operations per second",
      categories: some.map(titleOf),
      unit: "millions",
      series: names.map((name) => ({
        name,
        values: resultOf(name).map((result) => result?.operationsPerSecond.median ?? null),
        ranges: resultOf(name).map((result) => {
          if (result === undefined) return null;
          const { low, high } = medianInterval(result.rounds);
          return [low, high] as const;
        }),
      })),
    });
  }
  return charts;
}

function ratioMap(workloads: readonly WorkloadResult[], names: readonly string[]): HeatMap {
  return {
    kind: "heat",
    title: "speed against the baseline",
    columns: names,
    rows: workloads.map(titleOf),
    unit: "ratio",
    middle: 1,
    values: workloads.map(({ results }) =>
      names.map((name) => results.find((each) => each.name === name)?.ratio?.median ?? null),
    ),
  };
}

function scalingChart({ name, threads, results }: BenchReport["scaling"][number]): Chart {
  const chart: LineChart = {
    kind: "lines",
    title: name,
    x: { name: "threads", unit: "number" },
    y: { name: "against one thread", unit: "ratio" },
    series: results.map((result) => ({
      name: result.name,
      points: threads.flatMap((count) => {
        const speedUp = result.speedUp[count];
        return speedUp === undefined ? [] : [[count, speedUp.median] as const];
      }),
    })),
  };
  return chart;
}

function workloadTable(workload: WorkloadResult): PageTable {
  const { results, absent } = workload;
  return {
    head: [titleOf(workload), "median", "p25", "min", "ratio", ""],
    words: 1,
    rows: [
      ...results.map(({ name, operationsPerSecond: { median, p25, min }, ratio, stable }) => [
        name,
        millions(median),
        millions(p25),
        millions(min),
        ratio === undefined ? "" : `${ratio.median.toFixed(2)}×`,
        stable ? "" : "unstable",
      ]),
      ...absent.map(({ name, reason }) => [`${name} did not run: ${reason}`, "", "", "", "", ""]),
    ],
  };
}
