/** Replay: runs a failing schedule again, step by step, with somebody watching. */
import type { Program } from "../stages/program.ts";
import type { Failing } from "./explore-scenario.ts";
import { HeapTrial } from "./heap-trial.ts";
import type { Step } from "./machine.ts";
import { blocked } from "./search/depth-first.ts";
import { chosenThread, chosenValue } from "./trial.ts";
import { Violation } from "./violation.ts";

export interface Watcher {
  /** A thread begins an operation of its script. */
  operation(thread: number, line: string): void;
  step(step: Step): void;
  /** A plain access of the word that the failure is about. */
  plain(thread: number, word: number, site: number, value: number, writes: boolean): void;
}

/**
 * The message of the violation that the schedule leads to; undefined: it leads to none any more.
 */
export function replay(
  failing: Failing,
  watch?: (trial: HeapTrial) => Watcher,
  kernel?: Program,
): string | undefined {
  const violation = run(failing, undefined, undefined, kernel);
  // Told the second time: only the end says which word the story is about.
  if (watch !== undefined) run(failing, watch, violation?.word, kernel);
  return violation?.message;
}

function run(
  { scenario, schedule, oldValues, dieAfter = Number.POSITIVE_INFINITY }: Failing,
  watch: ((trial: HeapTrial) => Watcher) | undefined,
  watchedWord: number | undefined,
  kernel: Program | undefined,
): Violation | undefined {
  const trial = new HeapTrial(scenario, kernel);
  trial.dieAfter = dieAfter;
  trial.machine.oldValues = oldValues;
  const { machine } = trial;
  const watcher = watch?.(trial);
  trial.narrate = watcher && ((thread, line) => watcher.operation(thread, line));
  machine.observe = watcher && ((step) => watcher.step(step));
  if (watcher !== undefined && watchedWord !== undefined) {
    for (const port of machine.ports) {
      port.observe = (thread, word, site, value, writes) => {
        if (word === watchedWord && port.watched) watcher.plain(thread, word, site, value, writes);
      };
    }
  }
  try {
    trial.start();
    for (const choice of schedule) {
      const thread = chosenThread(choice);
      // Another kernel than the one that failed may go another way: then the schedule says nothing
      // about it.
      const fits =
        ((machine.enabled() >>> thread) & 1) === 1 && chosenValue(choice) < machine.choices(thread);
      if (!fits) return undefined;
      machine.step(thread, chosenValue(choice));
    }
    if (machine.enabled() !== 0) return undefined;
    if (machine.unfinished() !== 0) return new Violation(blocked(machine.unfinished()));
    trial.finish();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}
