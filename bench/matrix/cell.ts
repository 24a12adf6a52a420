/** One figure of a matrix: a variant in a column. */
import type { Machine } from "../machine.ts";
import type { Spread } from "../statistics.ts";
import type { CodeBytes } from "../variant.ts";
import type { Column, PlanRecord, Sampling } from "./plan.ts";

export type Outcome =
  | { readonly operationsPerSecond: Spread; readonly ratio: Spread; readonly stable: boolean }
  /** It cannot run this workload, and why. */
  | { readonly absent: string }
  /** It was generated, tested or run, and failed. */
  | { readonly failed: string };

/** Plain data: a line in a file of results. */
export interface Cell extends Column {
  readonly variant: string;
  readonly specHash: string;
  readonly baselineHash: string;
  readonly sources: string;
  readonly sampling: Sampling;
  readonly machine: Machine;
  /** Absent where there is no build. */
  readonly bytes?: CodeBytes;
  /**
   * Peak committed over peak requested bytes, geometric mean over the traces that tested the build.
   */
  readonly memory?: number;
  readonly outcome: Outcome;
}

/** Figures with the same key are of the same thing, measured in the same way. */
export function keyOf(
  cell: Pick<Cell, "specHash" | "baselineHash" | "sources" | "sampling"> & Column,
): string {
  const { specHash, baselineHash, sources, workload, threads, sampling } = cell;
  const { rounds, samples, seconds } = sampling;
  return JSON.stringify([specHash, baselineHash, sources, workload, threads ?? 0, rounds, samples, seconds]);
}

/** Where a variant's figure of a column stands. */
export function keyIn({ variants, sources, sampling }: PlanRecord, specHash: string, column: Column): string {
  return keyOf({ specHash, baselineHash: variants[0]?.specHash ?? "", sources, sampling, ...column });
}

export function hasFailed({ outcome }: Pick<Cell, "outcome">): boolean {
  return "failed" in outcome;
}
