/**
 * How a scenario is explored: exhaustively if the time allows, otherwise with more and more
 * preemptions and then at random. First with racy reads that see the current value, then with old
 * ones. Where a thread dies, once for every point at which it can.
 */
import type { Program } from "../stages/program.ts";
import { HeapTrial } from "./heap-trial.ts";
import type { Scenario } from "./scenario.ts";
import { depthFirst } from "./search/depth-first.ts";
import { preemptionBound } from "./search/preemption-bound.ts";
import { randomSchedules } from "./search/random-schedules.ts";
import { sourceDpor } from "./search/source-dpor.ts";
import type { Exploration, Schedule } from "./trial.ts";

/** A schedule that fails, and all that is needed to run it again. */
export interface Failing {
  readonly scenario: Scenario;
  readonly message: string;
  /** Writes and steps of the thread that dies. */
  readonly dieAfter?: number;
  /** How many racy reads might see an old value. */
  readonly oldValues: number;
  readonly schedule: Schedule;
}

export interface Report {
  readonly scenario: string;
  readonly shows: string;
  /** Every interleaving was explored, or one equivalent to it. */
  readonly exhausted: boolean;
  readonly explorations: readonly Exploration[];
  readonly failing?: Failing;
}

export interface ExploreOptions {
  /** For the whole scenario. */
  readonly seconds: number;
  /** For every search of it: what is found then does not depend on the machine. */
  readonly executions?: number;
  readonly progress?: (note: string) => void;
  readonly kernel?: Program;
}

/** Part of the time that exhaustive search may take before bounded search is given the rest. */
const EXHAUSTIVE_SHARE = 0.5;
const BOUNDS = [0, 1, 2, 3];
/**
 * How many racy reads of an execution see an old value. With more, their combinations take all the
 * time.
 */
const OLD_VALUES = [0, 1];
/**
 * Shares of the time left that a point of death has at least: how many points there are shows at
 * the end only.
 */
const LEAST_SHARES = 5;
/** What may be spent on finding a failure again with fewer preemptions. */
const SIMPLER_SECONDS = 2;

export function exploreScenario(scenario: Scenario, options: ExploreOptions): Report {
  const trial = new HeapTrial(scenario, options.kernel);
  const explorations = explore(trial, options);
  const last = explorations[explorations.length - 1];
  return {
    scenario: scenario.name,
    shows: scenario.shows,
    exhausted: last.exhausted,
    explorations,
    failing: last.failure && simplest(trial, last.failure),
  };
}

/** One search after the other; the last one's failure is the scenario's. */
export function explore(trial: HeapTrial, options: ExploreOptions): Exploration[] {
  return trial.scenario.dies === undefined ? [...living(trial, options)] : dying(trial, options);
}

function* living(
  trial: HeapTrial,
  { seconds, executions, progress }: ExploreOptions,
): Generator<Exploration> {
  const start = performance.now();
  const left = () => seconds - (performance.now() - start) / 1000;
  const tell = (search: string) => (executions: number) => progress?.(`${search}: ${executions} executions`);
  let exhausted = true;
  for (const oldValues of OLD_VALUES) {
    trial.machine.oldValues = oldValues;
    const limits = { seconds: left() * EXHAUSTIVE_SHARE, executions };
    const found = depthFirst(trial, sourceDpor, limits, tell(sourceDpor.name));
    exhausted &&= found.exhausted;
    yield { ...found, search: `source-DPOR, ${oldValues} old value${oldValues === 1 ? "" : "s"}`, exhausted };
    if (found.failure !== undefined) return;
  }
  if (exhausted) return;
  for (const bound of BOUNDS) {
    const policy = preemptionBound(bound);
    const found = depthFirst(trial, policy, { seconds: left(), executions }, tell(policy.name));
    // It has seen all there is up to its bound, and no more.
    yield { ...found, exhausted: false };
    if (found.failure !== undefined || left() <= 0) return;
  }
  yield randomSchedules(trial, 1, { seconds: left(), executions });
}

/**
 * The thread dies before its first write, after it, … until it lives to the end whatever the others
 * do. Every point has a share of the time, so that all of them are reached.
 */
function dying(trial: HeapTrial, { seconds, executions, progress }: ExploreOptions): Exploration[] {
  trial.machine.oldValues = 0;
  const start = performance.now();
  const points = usedWhenUndisturbed(trial);
  let sum: Exploration | undefined;
  for (let dieAfter = 0; ; dieAfter++) {
    trial.dieAfter = dieAfter;
    trial.deaths = 0;
    progress?.(`thread ${trial.scenario.dies} dies after ${dieAfter} writes`);
    const left = seconds - (performance.now() - start) / 1000;
    const shares = Math.max(LEAST_SHARES, points - dieAfter);
    const one = depthFirst(trial, sourceDpor, { seconds: left / shares, executions });
    sum = add(sum, one, dieAfter + 1);
    if (one.failure !== undefined || trial.deaths === 0) return [sum];
  }
}

/** Writes and steps of the mortal thread in an execution in which it lives. */
function usedWhenUndisturbed(trial: HeapTrial): number {
  trial.dieAfter = Number.POSITIVE_INFINITY;
  depthFirst(trial, sourceDpor, { executions: 1 });
  return trial.machine.ports[trial.scenario.dies!].used;
}

function add(sum: Exploration | undefined, one: Exploration, points: number): Exploration {
  const { executions = 0, redundant = 0, steps = 0, deepest = 0, seconds = 0, exhausted = true } = sum ?? {};
  return {
    search: `source-DPOR, ${points} points of death`,
    executions: executions + one.executions,
    redundant: redundant + one.redundant,
    steps: steps + one.steps,
    deepest: Math.max(deepest, one.deepest),
    seconds: seconds + one.seconds,
    exhausted: exhausted && one.exhausted,
    failure: one.failure,
  };
}

/** A failing schedule with as few preemptions as can be found soon. */
function simplest(trial: HeapTrial, found: NonNullable<Exploration["failure"]>): Failing {
  const { scenario } = trial;
  const { oldValues } = trial.machine;
  const how = scenario.dies === undefined ? { oldValues } : { oldValues, dieAfter: trial.dieAfter };
  for (const bound of BOUNDS) {
    const { failure } = depthFirst(trial, preemptionBound(bound), { seconds: SIMPLER_SECONDS });
    if (failure !== undefined) return { scenario, ...failure, ...how };
  }
  return { scenario, ...found, ...how };
}
