/** Score: how many mutants the scenarios tell from the kernel, and why the others are none. */
import { UserError } from "../../../spec/user-error.ts";
import { readKernel } from "../../kernel-source.ts";
import { shareOut } from "../crew/crew.ts";
import { narrate } from "../crew/narrate.ts";
import type { Scenario } from "../scenario.ts";
import { mayTell } from "./coverage.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { generatedMutants } from "./generated.ts";
import type { Verdict } from "./judge.ts";
import { knownMutants } from "./known.ts";
import { type Mutant, nameOf } from "./mutant.ts";

export interface Judged {
  readonly mutant: string;
  readonly becomes: string;
  readonly caughtBy?: string;
  readonly message?: string;
  /** Why nothing can tell it. */
  readonly equivalent?: string;
  /**
   * Its code is in no scenario's build: of a heap with one thread, of a choice that no scenario
   * makes.
   */
  readonly absent?: true;
}

export interface Score {
  readonly caught: number;
  readonly equivalent: number;
  readonly alive: number;
  readonly absent: number;
  readonly seconds: number;
  readonly mutants: readonly Judged[];
  /** Names in the list of equivalent mutants that no mutant has, or one that was caught. */
  readonly mistaken: readonly string[];
}

/** Executions of each search that find out where a scenario goes. */
const COVERAGE_EXECUTIONS = 100;
/** A mutant that nobody noticed is looked at again so many times as hard. */
const HARDER = 20;

export async function scoreMutants(
  scenarios: readonly Scenario[],
  executions: number,
  only: string,
): Promise<Score> {
  const isChosen = (name: string) => name.includes(only);
  const start = performance.now();
  const kernel = readKernel();
  const known = knownMutants(kernel).filter((mutant) => isChosen(nameOf(mutant)));
  const generated = generatedMutants(kernel).filter((mutant) => isChosen(nameOf(mutant)));
  if (known.length + generated.length === 0)
    throw new UserError(`--only ${only}: there is no mutant of that name`);
  const looking = scenarios.map((scenario) => ({ scenario, executions: COVERAGE_EXECUTIONS }));
  const coverage = await shareOut(
    "coverage",
    looking,
    narrate(
      looking.length,
      ({ scenario }) => scenario.name,
      ({ reached }) => `comes to ${reached.length} accesses`,
    ),
  );
  const jobs = [
    ...known.map((mutant) => {
      const first = scenarios.filter(({ name }) => name === mutant.scenario);
      return {
        mutant,
        scenarios: [...first, ...mayTell(mutant, coverage).filter((each) => !first.includes(each))],
      };
    }),
    ...generated.map((mutant) => ({ mutant, scenarios: mayTell(mutant, coverage) })),
  ].map((job) => ({
    ...job,
    executions: nameOf(job.mutant) in EQUIVALENT ? fewer(executions) : executions,
  }));
  const first = await verdictsOf(jobs);
  const unnoticed = jobs.filter(({ mutant }, i) => isAlive(judged(mutant, first[i]!)));
  const second = await verdictsOf(unnoticed.map((job) => ({ ...job, executions: job.executions * HARDER })));
  const mutants = jobs.map((job, i) => {
    const again = unnoticed.indexOf(job);
    return judged(job.mutant, again < 0 ? first[i]! : second[again]!);
  });
  const count = (isOne: (each: Judged) => boolean) => mutants.filter(isOne).length;
  const uncaught = new Set(
    mutants.filter(({ caughtBy }) => caughtBy === undefined).map(({ mutant }) => mutant),
  );
  return {
    caught: count(({ caughtBy }) => caughtBy !== undefined),
    equivalent: count(({ equivalent }) => equivalent !== undefined),
    alive: count(isAlive),
    absent: count(({ absent }) => absent === true),
    seconds: (performance.now() - start) / 1000,
    mutants,
    mistaken: Object.keys(EQUIVALENT).filter((name) => isChosen(name) && !uncaught.has(name)),
  };
}

interface Job {
  readonly mutant: Mutant;
  readonly scenarios: readonly Scenario[];
  readonly executions: number;
}

function verdictsOf(jobs: readonly Job[]): Promise<Verdict[]> {
  return shareOut(
    "mutant",
    jobs,
    narrate(jobs.length, ({ mutant }) => nameOf(mutant), told),
  );
}

/** For those of which nothing is expected: they cost most, since no scenario stops them. */
function fewer(executions: number): number {
  return Math.ceil(executions / 10);
}

function judged(mutant: Mutant, { caught, tried }: Verdict): Judged {
  const name = nameOf(mutant);
  const common = { mutant: name, becomes: mutant.to };
  if (caught !== undefined) return { ...common, caughtBy: caught.by, message: caught.message };
  if (name in EQUIVALENT) return { ...common, equivalent: EQUIVALENT[name] };
  return tried === 0 ? { ...common, absent: true } : common;
}

export function isAlive({ caughtBy, equivalent, absent }: Judged): boolean {
  return caughtBy === undefined && equivalent === undefined && absent === undefined;
}

function told({ caught, tried }: Verdict): string {
  if (caught !== undefined) return `caught by ${caught.by}`;
  return tried === 0 ? "in no scenario's build" : `not told by ${tried} scenarios`;
}

export function printScore({ caught, equivalent, alive, absent, seconds, mutants, mistaken }: Score): string {
  const lines = mutants.flatMap((each) => {
    if (each.equivalent !== undefined)
      return [`equivalent  ${each.mutant}`, `            ${each.equivalent}`];
    return isAlive(each) ? [`ALIVE       ${each.mutant}`] : [];
  });
  return [
    ...lines,
    ...mistaken.map((name) => `NOT SO      ${name}: said to be equivalent, and caught, or no mutant`),
    `${caught} of ${caught + alive} mutants caught; ${equivalent} more are equivalent, ${absent} in no scenario's build; ${Math.ceil(seconds)} s`,
  ].join("\n");
}
