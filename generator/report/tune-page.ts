/** A tuning's result as a page. */
import { describeEntry } from "../tune/print.ts";
import type { FrontEntry, TuneResult } from "../tune/result.ts";
import { comparisonText, percent, rangeText, speedWord } from "../tune/words.ts";
import type { Axis, BarChart, LineChart, ScatterChart } from "./chart.ts";
import { machineLines } from "./circumstances.ts";
import type { Page, PageTable } from "./page.ts";

export function tunePage(result: TuneResult, command: string): Page {
  const { base, objective, training, heldOut, choices, tuned, notes, machine, memory, candidates } = result;
  const names = (traces: TuneResult["training"]) => traces.map(({ trace }) => trace).join(", ");
  return {
    title: `Tuned for ${objective}: ${names(training)}`,
    lead: [
      choices.length === 0
        ? `Nothing that was found is a gain on held-out traces: the spec stays ${base}.`
        : `Against ${base}, on held-out traces: ${comparisonText(tuned)}.`,
      `The search saw ${names(training)}. ${names(heldOut)} decided, which it never saw.`,
    ],
    sections: [
      {
        title: "What each choice gains",
        text: "All of the spec against the spec without the choice, on held-out traces. Footprint and bytes are exact.",
        tables: [choicesTable(result)],
      },
      {
        title: "Held-out traces",
        charts: [heldOutChart(result)],
        tables: [tracesTable(result)],
      },
      {
        title: "Memory over time",
        text: "Requested bytes, and what the heap commits for them.",
        charts: memory.map(memoryChart),
      },
      {
        title: "Front",
        text: `All ${candidates.length - 1} candidates that were measured, where the search looked. On the front nothing is better in one of speed, footprint and bytes without being worse in another.`,
        charts: [
          frontChart(
            candidates,
            "speed by footprint",
            { name: "footprint", unit: "percent" },
            ({ ratios }) => ratios.memory,
          ),
          frontChart(
            candidates,
            "speed by bytes of code",
            { name: "gzipped code", unit: "percent" },
            ({ ratios }) => ratios.size,
          ),
        ],
        tables: [frontTable(candidates)],
      },
      { title: "The spec", tables: [{ head: [""], words: 1, rows: [[result.spec]] }] },
    ],
    circumstances: [
      `Weights: speed ${result.weights.speed}, memory ${result.weights.memory}, size ${result.weights.size}; seed ${result.seed}.`,
      ...machineLines([machine]),
    ],
    warnings: notes,
    command,
  };
}

function choicesTable({ choices, dropped }: TuneResult): PageTable {
  return {
    head: ["choice", "what it gains"],
    words: 2,
    rows: [
      ...choices.map(({ path, label, reason }) => [`${path}: ${label}`, reason]),
      ...dropped.map(({ path, label, reason }) => [`no gain, left out: ${path}: ${label}`, reason]),
    ],
  };
}

function heldOutChart({ tuned }: TuneResult): BarChart {
  const change = (ratio: number) => (ratio - 1) * 100;
  return {
    kind: "bars",
    title: "change against the default",
    categories: tuned.perTrace.map(({ trace }) => trace),
    unit: "percent",
    series: [
      {
        name: "speed",
        values: tuned.perTrace.map(({ speed }) => change(speed.median)),
        ranges: tuned.perTrace.map(({ speed }) => [change(speed.low), change(speed.high)] as const),
      },
      { name: "footprint", values: tuned.perTrace.map(({ now, before }) => change(now / before)) },
    ],
  };
}

function tracesTable({ tuned }: TuneResult): PageTable {
  return {
    head: ["trace", "speed", "", "footprint", "committed over requested", "tuned"],
    words: 1,
    rows: tuned.perTrace.map(({ trace, speed, now, before, peakLiveBytes }) => [
      trace,
      speedWord(speed),
      rangeText(speed),
      percent(now / before),
      (before / peakLiveBytes).toFixed(2),
      (now / peakLiveBytes).toFixed(2),
    ]),
  };
}

function memoryChart({ trace, points }: TuneResult["memory"][number]): LineChart {
  const series = (name: string, value: (point: (typeof points)[number]) => number) => ({
    name,
    points: points.map((point) => [point.operation, value(point)] as const),
  });
  return {
    kind: "lines",
    title: trace,
    x: { name: "operations", unit: "number" },
    y: { name: "bytes", unit: "bytes" },
    series: [
      series("committed, default", (point) => point.default),
      series("committed, tuned", ({ tuned }) => tuned),
      series("requested", ({ live }) => live),
    ],
  };
}

function frontChart(
  candidates: readonly FrontEntry[],
  title: string,
  x: Axis,
  across: (entry: FrontEntry) => number,
): ScatterChart {
  const points = (isIn: (entry: FrontEntry, index: number) => boolean) =>
    candidates.filter(isIn).map((entry) => ({
      x: (across(entry) - 1) * 100,
      y: (entry.ratios.speed - 1) * 100,
      label: describeEntry(entry, "; "),
    }));
  const isDefault = (_: FrontEntry, index: number) => index === 0;
  return {
    kind: "scatter",
    title,
    x,
    y: { name: "speed", unit: "percent" },
    series: [
      { name: "others", points: points((entry, index) => index > 0 && !entry.isOnFront && !entry.isChosen) },
      {
        name: "on the front",
        points: points((entry, index) => index > 0 && entry.isOnFront && !entry.isChosen),
      },
      { name: "chosen", points: points(({ isChosen }, index) => isChosen && index > 0) },
      { name: "default", points: points(isDefault) },
    ],
  };
}

function frontTable(candidates: readonly FrontEntry[]): PageTable {
  return {
    head: ["", "speed", "footprint", "gzip B"],
    words: 1,
    rows: candidates
      .filter(({ isOnFront, isChosen }, index) => index === 0 || isOnFront || isChosen)
      .map((entry) => [
        `${entry.isChosen ? "→ " : ""}${describeEntry(entry, "\n")}`,
        percent(entry.ratios.speed),
        percent(entry.ratios.memory),
        entry.gzipBytes.toLocaleString("en"),
      ]),
  };
}
