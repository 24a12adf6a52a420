/**
 * What a matrix measures, and in which portions.
 *
 * A *column* is a workload with a number of threads. A *group* is one run: some variants take turns
 * in one column, always with the first combination among them. It is the baseline: ratios to it are
 * comparable between groups, between runs, and, where machines are alike, between shards.
 */
import { sourcesFingerprint } from "../../generator/sources-fingerprint.ts";
import type { CompareOptions } from "../compare.ts";
import { chooseIds } from "../workloads/index.ts";
import { chooseThreaded } from "../workloads/threaded/index.ts";
import type { Combination, Combinations, Rejection } from "./combinations.ts";
import type { Axis, Labels } from "./matrix.ts";

export interface Column {
  readonly workload: string;
  /** Absent where it runs on the main thread. */
  readonly threads?: number;
}

export function columnName(column: Column): string {
  return partsOf(column).join(", ");
}

export function partsOf({ workload, threads }: Column): string[] {
  return threads === undefined ? [workload] : [workload, threads === 1 ? "1 thread" : `${threads} threads`];
}

export type Sampling = Omit<CompareOptions, "baseline">;

/** The part of a plan that is written down with the results: enough to report on them. */
export interface PlanRecord {
  readonly spec: string;
  readonly axes: readonly { readonly path: string; readonly labels: readonly string[] }[];
  readonly columns: readonly Column[];
  readonly sampling: Sampling;
  /** What the builds are made from besides their specs. */
  readonly sources: string;
  /** The first one is the baseline. */
  readonly variants: readonly { readonly name: string; readonly labels: Labels; readonly specHash: string }[];
  readonly rejected: readonly Rejection[];
}

export interface Plan {
  readonly record: PlanRecord;
  readonly combinations: readonly Combination[];
  readonly groups: readonly Group[];
}

export interface Group {
  readonly column: Column;
  /** Without the baseline, unless it is alone. */
  readonly members: readonly Combination[];
}

/**
 * More contenders wait longer for their turn, and of several threads each has workers of its own.
 */
const GROUP_SIZE = 5;

export function makePlan(
  spec: string,
  axes: readonly Axis[],
  { accepted, rejected }: Combinations,
  columns: readonly Column[],
  sampling: Sampling,
): Plan {
  return {
    record: {
      spec,
      axes: axes.map(({ path, values }) => ({ path, labels: values.map(({ label }) => label) })),
      columns,
      sampling,
      sources: sourcesFingerprint(),
      variants: accepted.map(({ name, labels, resolved }) => ({ name, labels, specHash: resolved.hash })),
      rejected,
    },
    combinations: accepted,
    groups: makeGroups(accepted, columns),
  };
}

/** Each workload with each number of threads; without numbers, on the main thread. */
export function makeColumns(workloads: readonly string[], threads: readonly number[]): Column[] {
  if (threads.length === 0) return chooseIds(workloads).map((workload) => ({ workload }));
  return chooseThreaded(workloads, threads).map(({ id, threads }) => ({ workload: id, threads }));
}

/** All columns of some variants before the next variants: a shard then has to build few of them. */
function makeGroups([baseline, ...others]: readonly Combination[], columns: readonly Column[]): Group[] {
  const portions: (readonly Combination[])[] = [];
  for (let at = 0; at < others.length; at += GROUP_SIZE) portions.push(others.slice(at, at + GROUP_SIZE));
  if (portions.length === 0) portions.push([baseline as Combination]);
  return portions.flatMap((members) => columns.map((column) => ({ column, members })));
}

/** Shard `index` (from 1) of `count`: every group is in exactly one. */
export function shardOf(
  groups: readonly Group[],
  { index, count }: { readonly index: number; readonly count: number },
): Group[] {
  const start = (part: number): number => Math.floor((part * groups.length) / count);
  return groups.slice(start(index - 1), start(index));
}
