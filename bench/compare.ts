/**
 * Contenders against each other on one workload.
 *
 * A noisy machine slows everything for a while, then nothing. So the contenders take turns: every
 * round has a few short samples of each, in an order that rotates, and a ratio is formed within its
 * round, where both sides had the same weather.
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

/**
 * What more threads gain. Threads that meet run as fast as the slowest of them, so whatever
 * disturbs one core counts in most rounds with two threads and in few with one; the fastest rounds
 * are those that nothing disturbed (J. Chen and J. Revels, "Robust benchmarking in noisy
 * environments", 2016).
 */
export interface SpeedUp {
  /** Of the ratios round by round. */
  readonly median: number;
  /** The fastest round against the fastest with one thread. */
  readonly best: number;
}

export interface ContenderResult {
  readonly name: string;
  readonly operationsPerSecond: Spread;
  /** The figures that this is the spread of, in the order of the rounds. */
  readonly rounds: readonly number[];
  /** Of the baseline's speed, round by round; absent where the baseline did not run. */
  readonly ratio?: Spread;
  /** Against its own speed with one thread; absent where that was not measured. */
  readonly speedUp?: SpeedUp;
  readonly stable: boolean;
}

export interface WorkloadResult {
  readonly id: string;
  readonly name: string;
  /** Of one run; if that is as long as the clock says, of going through the workload once. */
  readonly operations: number;
  readonly byTheClock?: true;
  /** Absent where the workload runs on the main thread. */
  readonly threads?: number;
  readonly results: readonly ContenderResult[];
  /** Who did not run, and why. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}

interface Entrant {
  readonly name: string;
  readonly open: OpenContender;
  readonly perRound: number[];
}

/** A workload, or whatever else the contenders know how to do. */
type Measurable = Pick<Workload, "id" | "name" | "operations"> & {
  readonly threads?: number;
  readonly byTheClock?: boolean;
};

export async function compare<Work extends Measurable>(
  workload: Work,
  contenders: readonly Contender<Work>[],
  options: CompareOptions,
): Promise<WorkloadResult> {
  const [result] = await compareTogether([workload], contenders, options);
  return result as WorkloadResult;
}

/**
 * Works that are compared with each other too, as one for several numbers of threads: each
 * contender's turn has all of them.
 */
export async function compareTogether<Work extends Measurable>(
  works: readonly Work[],
  contenders: readonly Contender<Work>[],
  options: CompareOptions,
): Promise<WorkloadResult[]> {
  const legs = works.map((work) => ({
    work,
    entrants: [] as Entrant[],
    absent: [] as WorkloadResult["absent"][number][],
  }));
  try {
    for (const contender of contenders) {
      for (const { work, entrants, absent } of legs) {
        const open = await enter(contender, work);
        if ("reason" in open) {
          absent.push({ name: contender.name, reason: open.reason });
          continue;
        }
        entrants.push({ name: contender.name, open, perRound: [] });
        // V8 compiles during the first samples: they count for nobody.
        await open.sample({ samples: 1, seconds: options.seconds * 2 });
      }
    }
    for (let round = 0; round < options.rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const { name } = contenders[(round + turn) % contenders.length] as Contender<Work>;
        for (const { work, entrants } of legs) {
          const entrant = entrants.find((each) => each.name === name);
          if (entrant === undefined) continue;
          const seconds = await entrant.open.sample(options);
          entrant.perRound.push(work.operations / median(seconds));
        }
      }
    }
  } finally {
    for (const { entrants } of legs) for (const { open } of entrants) open.close();
  }

  const alone = legs.length > 1 ? legs.find(({ work }) => work.threads === 1)?.entrants : undefined;
  return legs.map(({ work: { id, name, operations, threads, byTheClock }, entrants, absent }) => ({
    id,
    name,
    operations,
    ...(byTheClock && { byTheClock }),
    ...(threads !== undefined && { threads }),
    results: entrants.map((entrant) =>
      resultOf(entrant, seriesOf(entrants, options.baseline), seriesOf(alone, entrant.name)),
    ),
    absent,
  }));
}

const seriesOf = (entrants: readonly Entrant[] | undefined, name: string): readonly number[] | undefined =>
  entrants?.find((entrant) => entrant.name === name)?.perRound;

function resultOf(
  { name, perRound }: Entrant,
  baseline: readonly number[] | undefined,
  alone: readonly number[] | undefined,
): ContenderResult {
  const operationsPerSecond = spread(perRound);
  const ratiosTo = (series: readonly number[]) =>
    perRound.map((value, round) => value / (series[round] as number));
  return {
    name,
    operationsPerSecond,
    rounds: perRound,
    ...(baseline && { ratio: spread(ratiosTo(baseline)) }),
    ...(alone && {
      speedUp: { median: median(ratiosTo(alone)), best: Math.max(...perRound) / Math.max(...alone) },
    }),
    stable: isStable(operationsPerSecond),
  };
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
