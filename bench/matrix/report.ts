/** What a matrix found out, as one JSON document. */
import { geometricMean } from "simple-statistics";
import type { Machine } from "../machine.ts";
import type { CodeBytes } from "../variant.ts";
import { type Cell, keyIn, type Outcome } from "./cell.ts";
import type { Rejection } from "./combinations.ts";
import { type Effect, type Figure, mainEffects } from "./main-effects.ts";
import type { Labels } from "./matrix.ts";
import { type Column, type PlanRecord, partsOf, type Sampling } from "./plan.ts";
import type { Cells } from "./store.ts";
import { findWarnings } from "./warnings.ts";

export interface MatrixReport {
  readonly spec: string;
  readonly axes: PlanRecord["axes"];
  readonly columns: readonly Column[];
  readonly sampling: Sampling;
  /** What ratios refer to: the first value of every axis. */
  readonly baseline: string;
  readonly machines: readonly Machine[];
  readonly variants: readonly VariantSummary[];
  readonly cells: readonly (Column & {
    readonly variant: string;
    readonly labels: Labels;
    readonly outcome: Outcome;
  })[];
  /** Cells that no run has measured yet. */
  readonly missing: number;
  readonly rejected: readonly Rejection[];
  readonly effects: {
    readonly speed: readonly Effect[];
    /** Of the minified build's gzipped bytes, and of memory; below 1 is less. */
    readonly code: readonly Effect[];
    readonly memory: readonly Effect[];
  };
  readonly winners: readonly Winner[];
  readonly warnings: readonly string[];
}

export interface VariantSummary {
  readonly name: string;
  readonly labels: Labels;
  readonly specHash: string;
  readonly bytes?: CodeBytes;
  readonly memory?: number;
  /** Geometric mean of the ratios; absent unless it ran in every column. */
  readonly ratio?: number;
}

export interface Winner extends Column {
  readonly variant: string;
  readonly operationsPerSecond: number;
  readonly ratio: number;
  /** The next best, and how far behind the winner it is. */
  readonly next?: { readonly variant: string; readonly lead: number };
}

export function makeReport(plan: PlanRecord, cells: Cells): MatrixReport {
  const { spec, axes, columns, sampling, rejected } = plan;
  const rows = plan.variants.map((variant) => ({
    ...variant,
    cells: columns.map((column) => cells.get(keyIn(plan, variant.specHash, column))),
  }));
  const found = rows.flatMap((row) => row.cells.flatMap((cell) => (cell ? [{ row, cell }] : [])));
  const machines = distinctMachines(found.map(({ cell }) => cell.machine));
  const variants = rows.map(({ name, labels, specHash, cells }): VariantSummary => {
    const built = cells.find((cell) => cell?.bytes);
    const ratios = cells.flatMap((cell) => ratioOf(cell) ?? []);
    return {
      name,
      labels,
      specHash,
      ...(built?.bytes && { bytes: built.bytes }),
      ...(built?.memory !== undefined && { memory: built.memory }),
      ...(ratios.length === columns.length && { ratio: geometricMean(ratios) }),
    };
  });
  const ofVariants = (value: (variant: VariantSummary) => number | undefined): Figure[] =>
    variants.flatMap((variant) => {
      const number = value(variant);
      return number === undefined ? [] : [{ labels: variant.labels, parts: [], value: number }];
    });
  const speed = found.flatMap(({ row, cell }) => {
    const value = ratioOf(cell);
    return value === undefined ? [] : [{ labels: row.labels, parts: partsOf(cell), value }];
  });
  return {
    spec,
    axes,
    columns,
    sampling,
    baseline: plan.variants[0]?.name ?? "",
    machines,
    variants,
    cells: found.map(({ row, cell: { workload, threads, outcome } }) => ({
      variant: row.name,
      labels: row.labels,
      workload,
      ...(threads !== undefined && { threads }),
      outcome,
    })),
    missing: rows.length * columns.length - found.length,
    rejected,
    effects: {
      speed: mainEffects(axes, speed),
      code: mainEffects(
        axes,
        ofVariants(({ bytes }) => bytes?.gzip),
      ),
      memory: mainEffects(
        axes,
        ofVariants(({ memory }) => memory),
      ),
    },
    winners: columns.flatMap((column, index) =>
      winnerOf(
        column,
        rows.map(({ name, cells }) => ({ name, cell: cells[index] })),
      ),
    ),
    warnings: findWarnings(
      sampling,
      machines,
      found.map(({ cell }) => cell),
    ),
  };
}

export function ratioOf(cell: Cell | undefined): number | undefined {
  return cell && "ratio" in cell.outcome ? cell.outcome.ratio.median : undefined;
}

function winnerOf(column: Column, rows: readonly { name: string; cell: Cell | undefined }[]): Winner[] {
  const ran = rows.flatMap(({ name, cell }) =>
    cell && "ratio" in cell.outcome ? [{ name, ...cell.outcome }] : [],
  );
  const [first, second] = ran.sort((a, b) => b.ratio.median - a.ratio.median);
  if (!first) return [];
  const { name, operationsPerSecond, ratio } = first;
  const next = second && { variant: second.name, lead: ratio.median / second.ratio.median };
  return [
    {
      ...column,
      variant: name,
      operationsPerSecond: operationsPerSecond.median,
      ratio: ratio.median,
      ...(next && { next }),
    },
  ];
}

/** Machines that differ in more than their load, each as it was first. */
function distinctMachines(machines: readonly Machine[]): Machine[] {
  const byKind = new Map<string, Machine>();
  for (const machine of machines) {
    const kind = JSON.stringify({ ...machine, load: 0 });
    if (!byKind.has(kind)) byKind.set(kind, machine);
  }
  return [...byKind.values()];
}
