/**
 * Coverage: which accesses of the kernel each scenario comes to. A mutant of any other one it
 * cannot tell.
 */
import { explore } from "../explore-scenario.ts";
import { USER_SITE } from "../ghost.ts";
import { HeapTrial } from "../heap-trial.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../sites.ts";
import type { Mutant } from "./mutant.ts";

export interface Coverage {
  readonly scenario: Scenario;
  readonly reached: readonly Site[];
  /** What its exploration costs. */
  readonly steps: number;
}

export function coverageOf(scenario: Scenario, executions: number): Coverage {
  const trial = new HeapTrial(scenario);
  const { machine, build } = trial;
  const reached = new Set<number>();
  machine.observe = ({ site }) => reached.add(site);
  for (const port of machine.ports) port.observe = (_, __, site) => reached.add(site);
  const explorations = explore(trial, { seconds: Number.POSITIVE_INFINITY, executions });
  reached.delete(USER_SITE);
  return {
    scenario,
    reached: [...reached].map((site) => build.sites[site]!),
    steps: explorations.reduce((sum, { steps }) => sum + steps, 0),
  };
}

/**
 * The scenarios that may tell a mutant: those that reach its place, or if that has no access of its
 * own, its function. Where none does, all of them: the place may be a rare one. The cheapest first.
 */
export function mayTell(mutant: Mutant, coverage: readonly Coverage[]): Scenario[] {
  const { file, inside, at, from } = mutant;
  const isHit = (site: Site) => site.file === file && site.at >= at && site.at < at + from.length;
  const isNear = (site: Site) => site.file === file && site.inside === inside;
  for (const isReached of [isHit, isNear, () => true]) {
    const found = coverage.filter(({ reached }) => reached.some(isReached));
    if (found.length > 0) return found.sort((a, b) => a.steps - b.steps).map(({ scenario }) => scenario);
  }
  return [];
}
