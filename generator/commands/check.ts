/** `slabsmith check`: explores the interleavings of the checked build. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import pc from "picocolors";
import { nearest } from "../../spec/nearest.ts";
import { UserError } from "../../spec/user-error.ts";
import { CheckFailed } from "../check/check-failed.ts";
import { exploreScenario, type Failing, type Report } from "../check/explore-scenario.ts";
import type { Scenario } from "../check/scenario.ts";
import { scenarios } from "../check/scenarios/index.ts";
import { tell } from "../check/story.ts";

interface Flags {
  all?: true;
  list?: true;
  replay?: string;
  seconds: string;
  random?: true;
  seed: string;
  json?: true;
}

/** Where a failing schedule is left for `--replay`. */
const FAILURE_FILE = "check-failure.json";

export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description("explores the interleavings of the checked build: scenarios of a few threads in a tiny heap")
    .argument("[scenario...]", "scenarios, by name; without any: all of them")
    .option("--all", "all scenarios")
    .option("--list", "names the scenarios and what they show")
    .option("--replay <file>", `tells the story of a failing schedule, as written to ${FAILURE_FILE}`)
    .option("--seconds <n>", "time for each scenario", "20")
    .option("--random", "random scripts, too; alone: nothing else")
    .option("--seed <n>", "what random scripts are made from", "1")
    .option("--json", "prints the result as one JSON document")
    .action(check);
}

async function check(names: readonly string[], flags: Flags): Promise<void> {
  if (flags.list) list(flags);
  else if (flags.replay !== undefined) replayFile(flags.replay);
  else await exploreAll(names, flags);
}

async function exploreAll(names: readonly string[], flags: Flags): Promise<void> {
  const seconds = Number(flags.seconds);
  if (!(seconds > 0)) throw new UserError(`--seconds ${flags.seconds}: give a number above 0`);
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed)) throw new UserError(`--seed ${flags.seed}: give a whole number`);
  if (flags.all && names.length > 0) throw new UserError("name scenarios, or say --all");
  const chosen = names.length > 0 ? names.map(find) : flags.random && !flags.all ? [] : scenarios;
  const reports = chosen.map((scenario) =>
    narrated(scenario.name, (progress) => exploreScenario(scenario, { seconds, progress })),
  );
  if (flags.random) {
    const { exploreRandomScripts } = await import("../check/random-scripts.ts");
    reports.push(narrated("random-scripts", (progress) => exploreRandomScripts({ seconds, seed, progress })));
  }
  print(reports, flags);
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

/** Progress while a scenario is explored, on a terminal; then how it ended. */
function narrated(name: string, run: (progress: (note: string) => void) => Report): Report {
  const { isTTY } = process.stderr;
  let told = 0;
  const report = run((note) => {
    if (!isTTY || performance.now() - told < 200) return;
    told = performance.now();
    process.stderr.write(`\r\x1b[K${pc.dim(`${name}: ${note}`)}`);
  });
  const start = isTTY ? "\r\x1b[K" : "";
  process.stderr.write(`${start}${pc.dim(`${name}: ${report.failing ? "fails" : "holds"}`)}\n`);
  return report;
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
    `${failures.length} of ${reports.length} scenarios fail; \`check --replay ${FAILURE_FILE}\` tells the first one's story again`,
  );
}

function table(reports: readonly Report[]): string {
  const width = Math.max(...reports.map(({ scenario }) => scenario.length), "scenario".length);
  const row = (
    name: string,
    result: string,
    executions: string,
    depth: string,
    time: string,
    search: string,
  ) =>
    `${name.padEnd(width)}  ${result.padEnd(9)}${[executions, depth, time].map((cell) => cell.padStart(11)).join("")}  ${search}`;
  return [
    pc.dim(row("scenario", "result", "executions", "depth", "seconds", "search")),
    ...reports.map(({ scenario, exhausted, failing, explorations }) => {
      const result = failing ? "FAILS" : exhausted ? "exhausted" : "holds";
      const sum = (pick: (of: (typeof explorations)[number]) => number) =>
        explorations.reduce((total, exploration) => total + pick(exploration), 0);
      return row(
        scenario,
        result,
        String(sum(({ executions }) => executions)),
        String(Math.max(...explorations.map(({ deepest }) => deepest))),
        sum(({ seconds }) => seconds).toFixed(2),
        explorations.map(({ search }) => search).join(", "),
      );
    }),
  ].join("\n");
}

function find(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  const close = nearest(
    name,
    scenarios.map((each) => each.name),
  );
  throw new UserError(
    `there is no scenario "${name}"${close ? `; is it "${close}"?` : "; --list names them"}`,
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
