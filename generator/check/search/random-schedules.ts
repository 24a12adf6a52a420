/**
 * Random schedules, for the time that is left: each thread in turn runs for a random number of
 * steps.
 */
import { choice, type Exploration, type Failure, type Limits, type Trial } from "../trial.ts";
import { Violation } from "../violation.ts";
import { blocked } from "./depth-first.ts";

const EXECUTIONS_PER_LOOK = 256;

export function randomSchedules(trial: Trial, seed: number, limits: Limits): Exploration {
  const random = numbers(seed);
  const start = performance.now();
  const until = start + (limits.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const most = limits.executions ?? Number.POSITIVE_INFINITY;
  let executions = 0;
  let steps = 0;
  let deepest = 0;
  let failure: Failure | undefined;
  while (failure === undefined && executions < most) {
    if (executions % EXECUTIONS_PER_LOOK === 0 && performance.now() > until) break;
    executions++;
    const schedule: number[] = [];
    try {
      execute(trial, random, schedule);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      failure = { message: error.message, schedule };
    }
    steps += schedule.length;
    deepest = Math.max(deepest, schedule.length);
  }
  const seconds = (performance.now() - start) / 1000;
  return {
    search: `random, seed ${seed}`,
    executions,
    redundant: 0,
    steps,
    deepest,
    seconds,
    exhausted: false,
    failure,
  };
}

function execute(trial: Trial, random: () => number, schedule: number[]): void {
  const { machine } = trial;
  trial.start();
  /** How likely the running thread is interrupted, another one for every execution. */
  const restlessness = random() ** 2;
  let thread = -1;
  for (;;) {
    const enabled = machine.enabled();
    if (enabled === 0) break;
    const goesOn = thread >= 0 && (enabled & (1 << thread)) !== 0 && random() >= restlessness;
    if (!goesOn) thread = pick(enabled, random);
    const value = Math.floor(random() * machine.choices(thread));
    schedule.push(choice(thread, value));
    machine.step(thread, value);
  }
  if (machine.unfinished() !== 0) throw new Violation(blocked(machine.unfinished()));
  trial.finish();
}

function pick(mask: number, random: () => number): number {
  const threads: number[] = [];
  for (let thread = 0; mask >>> thread !== 0; thread++) if ((mask >>> thread) & 1) threads.push(thread);
  return threads[Math.floor(random() * threads.length)];
}

/** mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
