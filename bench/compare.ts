/**
 * Contenders against each other on one workload.
 *
 * A noisy machine slows everything for a while, then nothing. So the contenders take turns: every round has a
 * few short samples of each, in an order that rotates, and a ratio is formed within its round, where both sides
 * had the same weather.
 */
import { median } from "simple-statistics";
import { type Contender, type OpenContender, type SampleOptions, UnfitError } from "./contender.ts";
import { isStable, type Spread, spread } from "./statistics.ts";
import type { Workload } from "./workloads/workload.ts";

export interface CompareOptions extends SampleOptions {
  readonly rounds: number;
  /** The name of the contender that ratios refer to. */
  readonly baseline: string;
}

export interface ContenderResult {
  readonly name: string;
  readonly operationsPerSecond: Spread;
  /** Of the baseline's speed, round by round; absent where the baseline did not run. */
  readonly ratio?: Spread;
  readonly stable: boolean;
}

export interface WorkloadResult {
  readonly id: string;
  readonly name: string;
  readonly operations: number;
  /** Absent where the workload runs on the main thread. */
  readonly threads?: number;
  readonly results: readonly ContenderResult[];
  /** Who did not run, and why. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

/** `Work`: a workload, or whatever else the contenders know how to do. */
export async function compare<Work extends Pick<Workload, "id" | "name" | "operations">>(
  workload: Work,
  contenders: readonly Contender<Work>[],
  options: CompareOptions,
): Promise<WorkloadResult> {
  const absent: { name: string; reason: string }[] = [];
  const entrants: { name: string; open: OpenContender; perRound: number[] }[] = [];
  try {
    for (const contender of contenders) {
      const open = await enter(contender, workload);
      if ("reason" in open) {
        absent.push({ name: contender.name, reason: open.reason });
        continue;
      }
      entrants.push({ name: contender.name, open, perRound: [] });
      // V8 compiles during the first samples: they count for nobody.
      await open.sample({ samples: 1, seconds: options.seconds * 2 });
    }
    for (let round = 0; round < options.rounds; round++) {
      for (let turn = 0; turn < entrants.length; turn++) {
        const entrant = entrants[(round + turn) % entrants.length] as (typeof entrants)[number];
        const seconds = await entrant.open.sample(options);
        entrant.perRound.push(workload.operations / median(seconds));
      }
    }
  } finally {
    for (const { open } of entrants) open.close();
  }

  const baseline = entrants.find(({ name }) => name === options.baseline)?.perRound;
  const results = entrants.map(({ name, perRound }) => {
    const operationsPerSecond = spread(perRound);
    return {
      name,
      operationsPerSecond,
      ...(baseline && { ratio: spread(perRound.map((value, round) => value / (baseline[round] as number))) }),
      stable: isStable(operationsPerSecond),
    };
  });
  return { id: workload.id, name: workload.name, operations: workload.operations, results, absent };
}

/** The contender, ready, or why it stays out. */
async function enter<Work>(
  contender: Contender<Work>,
  workload: Work,
): Promise<OpenContender | { reason: string }> {
  const reason = contender.unfit?.(workload);
  if (reason !== undefined) return { reason };
  try {
    return await contender.open(workload);
  } catch (error) {
    if (error instanceof UnfitError) return { reason: error.message };
    throw error;
  }
}
