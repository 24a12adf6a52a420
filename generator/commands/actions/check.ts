/** What `slabsmith check` does. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { UserError } from "../../../spec/user-error.ts";
import { CheckFailed } from "../../check/check-failed.ts";
import { shareOut } from "../../check/crew/crew.ts";
import { narrate } from "../../check/crew/narrate.ts";
import type { Failing, Report } from "../../check/explore-scenario.ts";
import { printScore, scoreMutants } from "../../check/mutants/score.ts";
import type { Scenario } from "../../check/scenario.ts";
import { chooseScenarios, scenarios } from "../../check/scenarios/index.ts";
import { tell } from "../../check/story.ts";
import { table } from "../../check/table.ts";
import { requirePackages } from "../../optional-packages.ts";
import { FAILURE_FILE, type CheckFlags as Flags } from "../check.ts";

export async function check(names: readonly string[], flags: Flags): Promise<void> {
  if (flags.list) list(flags);
  else if (flags.replay !== undefined) replayFile(flags.replay);
  else if (flags.mutants) await judgeMutants(names, flags);
  else await exploreAll(names, flags);
}

async function exploreAll(names: readonly string[], flags: Flags): Promise<void> {
  const seconds = Number(flags.seconds);
  if (!(seconds > 0)) throw new UserError(`--seconds ${flags.seconds}: give a number above 0`);
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed)) throw new UserError(`--seed ${flags.seed}: give a whole number`);
  const isRandom = flags.random || flags.all;
  if (isRandom) requirePackages("check with random scripts", ["fast-check"]);
  const chosen = flags.random && !flags.all && names.length === 0 ? [] : choose(names, flags);
  const outcome = ({ failing }: Report) => (failing ? "fails" : "holds");
  const jobs = chosen.map((scenario) => ({ scenario, seconds }));
  const reports = await shareOut(
    "scenario",
    jobs,
    narrate(jobs.length, ({ scenario }) => scenario.name, outcome),
  );
  if (isRandom) {
    const seeds = Array.from({ length: availableParallelism() }, (_, core) => ({
      seconds,
      seed: seed + core,
    }));
    const name = (given: { seed: number }) => `random scripts, seed ${given.seed}`;
    reports.push(...(await shareOut("randomScripts", seeds, narrate(seeds.length, name, outcome))));
  }
  print(reports, flags);
}

async function judgeMutants(names: readonly string[], flags: Flags): Promise<void> {
  const executions = Number(flags.executions);
  if (!Number.isInteger(executions) || executions < 1) {
    throw new UserError(`--executions ${flags.executions}: give a whole number above 0`);
  }
  const { only = "" } = flags;
  const score = await scoreMutants(choose(names, flags), executions, only);
  process.stdout.write(`${flags.json ? JSON.stringify(score, null, 2) : printScore(score)}\n`);
  const { alive, mistaken } = score;
  if (alive > 0) throw new CheckFailed(`${alive} mutants are noticed by no scenario`);
  if (mistaken.length > 0)
    throw new CheckFailed(`${mistaken.length} mutants are not what they are said to be`);
}

function choose(names: readonly string[], { all }: Flags): readonly Scenario[] {
  if (all && names.length > 0) throw new UserError("name scenarios, or say --all");
  return chooseScenarios(names);
}

function list({ json }: Flags): void {
  const known = scenarios.map(({ name, shows }) => ({ name, shows }));
  const width = Math.max(...known.map(({ name }) => name.length));
  const lines = known.map(({ name, shows }) => `${name.padEnd(width)}  ${shows}`);
  process.stdout.write(json ? `${JSON.stringify(known, null, 2)}\n` : `${lines.join("\n")}\n`);
}

function replayFile(file: string): void {
  const failing = readFailing(file);
  const { text, message } = tell(failing, process.stdout.columns);
  process.stdout.write(text);
  if (message !== undefined) throw new CheckFailed(`${failing.scenario.name} fails`);
}

function print(reports: readonly Report[], { json }: Flags): void {
  const failures = reports.flatMap(({ failing }) => failing ?? []);
  if (json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else process.stdout.write(`${table(reports)}\n`);
  if (failures.length === 0) return;
  if (!json)
    for (const failing of failures) process.stdout.write(`\n${tell(failing, process.stdout.columns).text}`);
  writeFileSync(FAILURE_FILE, `${JSON.stringify(failures[0], null, 2)}\n`);
  throw new CheckFailed(
    `${failures.length} of ${reports.length} scenarios fail; the first one's schedule is in ${FAILURE_FILE}, and \`check --replay ${FAILURE_FILE}\` tells its story again`,
  );
}

function readFailing(file: string): Failing {
  let failing: Partial<Failing>;
  try {
    failing = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--replay ${file}: ${(error as Error).message}`);
  }
  if (failing.scenario === undefined || failing.schedule === undefined) {
    throw new UserError(`--replay ${file}: this is no failing schedule`);
  }
  return failing as Failing;
}
