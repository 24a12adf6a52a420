/**
 * Tasks: what a crew shares out. What is given and what comes back is plain data, so that it can be
 * sent.
 */
import { readKernel } from "../../kernel-source.ts";
import { exploreScenario, type Report } from "../explore-scenario.ts";
import { type Coverage, coverageOf } from "../mutants/coverage.ts";
import { judge, type Verdict } from "../mutants/judge.ts";
import type { Mutant } from "../mutants/mutant.ts";
import type { Scenario } from "../scenario.ts";

/** Told where a task stands. */
export type Progress = (note: string) => void;

export interface Tasks {
  scenario(given: { scenario: Scenario; seconds: number; executions?: number }, progress: Progress): Report;
  randomScripts(given: { seconds: number; seed: number }, progress: Progress): Promise<Report>;
  coverage(given: { scenario: Scenario; executions: number }, progress: Progress): Coverage;
  mutant(
    given: { mutant: Mutant; scenarios: readonly Scenario[]; executions: number },
    progress: Progress,
  ): Verdict;
}

export const tasks: Tasks = {
  scenario: ({ scenario, ...effort }, progress) => exploreScenario(scenario, { ...effort, progress }),
  async randomScripts({ seconds, seed }, progress) {
    // Loaded late: fast-check is needed for nothing else.
    const { exploreRandomScripts } = await import("../random-scripts.ts");
    return exploreRandomScripts({ seconds, seed, progress });
  },
  coverage: ({ scenario, executions }) => coverageOf(scenario, executions),
  mutant: ({ mutant, scenarios, executions }) => judge(mutant, readKernel(), scenarios, executions),
};

export type Given<K extends keyof Tasks> = Parameters<Tasks[K]>[0];
export type Result<K extends keyof Tasks> = Awaited<ReturnType<Tasks[K]>>;
