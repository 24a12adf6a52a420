/** What a benchmark run found out, as one JSON document. */
import type { WorkloadResult } from "./compare.ts";
import type { Machine } from "./machine.ts";
import type { Scaling } from "./scaling.ts";
import { geometricSpread, type Spread } from "./statistics.ts";

export interface Settings {
  readonly rounds: number;
  readonly samples: number;
  readonly seconds: number;
  readonly baseline: string;
}

export interface Mean {
  readonly name: string;
  readonly operationsPerSecond: Spread;
  readonly ratio?: Spread;
}

export interface BenchReport {
  readonly machine: Machine;
  readonly settings: Settings;
  readonly workloads: readonly WorkloadResult[];
  /** Of workloads that ran with several numbers of threads, one among them. */
  readonly scaling: readonly Scaling[];
  /**
   * Geometric means over the traces, of the contenders that ran all of them; empty below two
   * traces.
   */
  readonly traces: readonly Mean[];
  readonly unavailable: readonly { readonly peer: string; readonly reason: string }[];
  /** Why figures above should not be trusted. */
  readonly warnings: readonly string[];
}

export function meansOverTraces(workloads: readonly WorkloadResult[]): Mean[] {
  const traces = workloads.filter(({ id, threads }) => id.startsWith("W7/") && threads === undefined);
  if (traces.length < 2) return [];
  const names = new Set(traces.flatMap(({ results }) => results.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const results = traces.flatMap((trace) => trace.results.filter((result) => result.name === name));
    if (results.length < traces.length) return [];
    const ratios = results.flatMap(({ ratio }) => ratio ?? []);
    return {
      name,
      operationsPerSecond: geometricSpread(results.map((result) => result.operationsPerSecond)),
      ...(ratios.length === traces.length && { ratio: geometricSpread(ratios) }),
    };
  });
}

/** Fewer rounds have no quartile worth the name. */
const FEWEST_ROUNDS = 5;

/** A busy machine makes intervals wide. */
export function busyWarning({ load, cores }: Machine): string[] {
  if (load <= cores / 2) return [];
  return [
    `the machine was busy before this began (load ${load.toFixed(1)} on ${cores} cores): end other programs and measure again`,
  ];
}

export function findWarnings(
  machine: Machine,
  settings: Settings,
  workloads: readonly WorkloadResult[],
): string[] {
  const warnings = busyWarning(machine);
  if (settings.rounds < FEWEST_ROUNDS) {
    warnings.push(`${settings.rounds} rounds say little about the spread: use at least ${FEWEST_ROUNDS}`);
  }
  const unstable = workloads.flatMap(({ name, threads, results }) => {
    const names = results.filter(({ stable }) => !stable).map((result) => result.name);
    const where = threads === undefined ? name : `${name}, threads: ${threads}`;
    return names.length > 0 ? [`${where} (${names.join(", ")})`] : [];
  });
  if (unstable.length > 0) {
    warnings.push(
      "not stable, the 25th percentile below 0.85 or the minimum below 0.6 of the median: " +
        `${unstable.join("; ")}: trust no figure of these, and measure again on a quiet machine or with more rounds`,
    );
  }
  return warnings;
}
