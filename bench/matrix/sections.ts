/** A report as titled tables, which the terminal and Markdown print each in its way. */
import { millions } from "../tables.ts";
import type { Outcome } from "./cell.ts";
import type { Effect } from "./main-effects.ts";
import { shortName } from "./matrix.ts";
import { type Column, columnName, partsOf } from "./plan.ts";
import type { MatrixReport, Winner } from "./report.ts";

export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  /** So many columns from the left are words, the others numbers. */
  readonly words: number;
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes: readonly string[];
}

export function sectionsOf(report: MatrixReport): Section[] {
  const sections = [effects(report), speed(report), variants(report), winners(report), rejected(report)];
  return sections.filter(({ rows, notes }) => rows.length + notes.length > 0);
}

const ratio = (value: number): string => `${value.toFixed(2)}×`;

function effects({ effects: { speed, code, memory }, columns }: MatrixReport): Section {
  const same = (effect: Effect) => (other: Effect) =>
    other.axis === effect.axis && other.value === effect.value;
  const parts = severalParts(columns);
  const rows = speed.map((effect) => [
    `${shortName(effect.axis)}=${effect.value}`,
    effect.insteadOf,
    ratio(effect.ratio),
    effect.interval ? effect.interval.map((value) => value.toFixed(2)).join("…") : "",
    `${effect.least.toFixed(2)}…${effect.most.toFixed(2)}`,
    ...parts.map((part) => optional(effect.byPart[part], ratio)),
    optional(code.find(same(effect))?.ratio, ratio),
    optional(memory.find(same(effect))?.ratio, ratio),
  ]);
  return {
    title: "what each choice does, all else being equal",
    head: ["choice", "instead of", "speed", "95 %", "range", ...parts, "code", "memory"],
    words: 2,
    rows,
    notes: conclusions(speed),
  };
}

/** The workloads, if there are several, and the numbers of threads, if there are several. */
function severalParts(columns: readonly Column[]): string[] {
  const [workloads, threads] = [0, 1].map((at) => [
    ...new Set(columns.flatMap((column) => partsOf(column)[at] ?? [])),
  ]);
  return [workloads, threads].flatMap((parts) => (parts && parts.length > 1 ? parts : []));
}

/** What the figures say, in a sentence for each choice. */
export function conclusions(speed: readonly Effect[]): string[] {
  return speed.map(({ axis, value, insteadOf, ratio, interval, least, most, pairs }) => {
    const subject = `${shortName(axis)} ${value} instead of ${insteadOf}`;
    const range = `${percent(least)} to ${percent(most)}`;
    if (!interval)
      return `${subject}: ${percent(ratio)}, ${pairs === 1 ? "one pair" : `${pairs} pairs: ${range}`}`;
    const [low, high] = interval;
    const bounds = `${percent(low)} to ${percent(high)}`;
    const effect =
      low <= 1 && high >= 1 ? `no difference that shows (${bounds})` : `${percent(ratio)} (${bounds})`;
    return `${subject}: ${effect}${least < 1 && most > 1 ? `; single pairs ${range}` : ""}`;
  });
}

function percent(value: number): string {
  const change = (value - 1) * 100;
  return `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(Math.abs(change) < 10 ? 1 : 0)} %`;
}

/**
 * A row per variant; with threads, a block per workload whose columns are the numbers of threads.
 */
function speed({ variants, columns, cells, baseline }: MatrixReport): Section {
  const workloads = [...new Set(columns.map(({ workload }) => workload))];
  const counts = [...new Set(columns.flatMap(({ threads }) => threads ?? []))];
  const cell = (variant: string, workload: string, threads?: number): string => {
    const isColumn = (each: Column): boolean => each.workload === workload && each.threads === threads;
    if (!columns.some(isColumn)) return "";
    return figure(cells.find((each) => each.variant === variant && isColumn(each))?.outcome);
  };
  const title = `million operations per second, ratio to ${baseline}`;
  if (counts.length === 0) {
    const rows = variants.map(({ name }) => [name, ...workloads.map((workload) => cell(name, workload))]);
    return { title, head: ["variant", ...workloads], words: 1, rows, notes: [] };
  }
  const rows = workloads.flatMap((workload) =>
    variants.map(({ name }) => [workload, name, ...counts.map((threads) => cell(name, workload, threads))]),
  );
  return { title, head: ["threads", "", ...counts.map(String)], words: 2, rows, notes: [] };
}

function figure(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "…";
  if ("absent" in outcome) return "–";
  if ("failed" in outcome) return "FAILED";
  const { operationsPerSecond, ratio: relative, stable } = outcome;
  return `${millions(operationsPerSecond.median)} (${ratio(relative.median)})${stable ? "" : " ~"}`;
}

function variants({ variants }: MatrixReport): Section {
  const rows = variants.map(({ name, bytes, memory, ratio: mean }) => [
    name,
    optional(mean, ratio),
    optional(bytes?.min, (value) => value.toLocaleString("en")),
    optional(bytes?.gzip, (value) => value.toLocaleString("en")),
    optional(memory, (value) => value.toFixed(2)),
  ]);
  return {
    title: "variants: mean ratio, bytes of code, peak committed over peak requested memory",
    head: ["variant", "mean", "min B", "gzip B", "memory"],
    words: 1,
    rows,
    notes: [],
  };
}

function winners({ winners }: MatrixReport): Section {
  const rows = winners.map((winner) => [
    columnName(winner),
    winner.variant,
    millions(winner.operationsPerSecond),
    ratio(winner.ratio),
    lead(winner),
  ]);
  return {
    title: "fastest",
    head: ["workload", "variant", "", "ratio", "before the next"],
    words: 2,
    rows,
    notes: [],
  };
}

const lead = ({ next }: Winner): string => (next ? `${percent(next.lead)} (${next.variant})` : "");

/** What is not in the tables above, and why. */
function rejected({ rejected, cells, missing }: MatrixReport): Section {
  const absent = cells.flatMap(({ outcome, variant, ...column }) => {
    const where = `${variant}, ${columnName(column)}`;
    if ("absent" in outcome) return [`${where}: did not run: ${outcome.absent}`];
    return "failed" in outcome ? [`${where}: FAILED: ${outcome.failed}`] : [];
  });
  const notes = [
    ...absent,
    ...rejected.map(({ name, reasons }) => `${name}: ${reasons.join("; ")}`),
    ...(missing > 0
      ? [`not measured yet: ${missing} figures; run the same command again, or merge the other shards`]
      : []),
  ];
  return { title: "left out", head: [], words: 0, rows: [], notes };
}

function optional(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? "" : text(value);
}
