/** Judge: whether some scenario tells a mutant from the kernel. */
import type { Program } from "../../stages/program.ts";
import { explore } from "../explore-scenario.ts";
import { HeapTrial } from "../heap-trial.ts";
import type { Scenario } from "../scenario.ts";
import { Violation } from "../violation.ts";
import { type Mutant, mutate } from "./mutant.ts";

export interface Verdict {
  /** The scenario that fails and how; undefined: none does. */
  readonly caught?: { readonly by: string; readonly message: string };
  /**
   * Scenarios whose build is another one with the mutant; with 0 the mutant is in code that no
   * scenario has.
   */
  readonly tried: number;
  /** Of these, explored to the end. */
  readonly exhausted: number;
}

/** `executions` for each search of a scenario: the verdict does not depend on the machine. */
export function judge(
  mutant: Mutant,
  kernel: Program,
  scenarios: readonly Scenario[],
  executions: number,
): Verdict {
  const mutated = mutate(kernel, mutant);
  let tried = 0;
  let exhausted = 0;
  for (const scenario of scenarios) {
    const found = compare(scenario, kernel, mutated, executions);
    if (found === "same build") continue;
    tried++;
    if (found === "exhausted") exhausted++;
    else if (found !== "holds")
      return { caught: { by: scenario.name, message: found.message }, tried, exhausted };
  }
  return { tried, exhausted };
}

function compare(
  scenario: Scenario,
  kernel: Program,
  mutated: Program,
  executions: number,
): "same build" | "exhausted" | "holds" | { message: string } {
  try {
    const trial = new HeapTrial(scenario, mutated);
    if (codeOf(trial) === codeOf(new HeapTrial(scenario, kernel))) return "same build";
    const explorations = explore(trial, { seconds: Number.POSITIVE_INFINITY, executions });
    const last = explorations[explorations.length - 1];
    return last.failure ?? (last.exhausted ? "exhausted" : "holds");
  } catch (error) {
    // Some mutants fail before there is a second thread.
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** Without the numbers of sites, which the mutant has moved. */
function codeOf({ build }: HeapTrial): string {
  return build.text.replace(/, \d+\)/g, ")");
}
