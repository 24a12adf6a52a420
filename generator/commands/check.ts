/** `slabsmith check`: explores the interleavings of the checked build. */
import type { Command } from "commander";

export interface CheckFlags {
  all?: true;
  list?: true;
  mutants?: true;
  only?: string;
  executions: string;
  replay?: string;
  seconds: string;
  random?: true;
  seed: string;
  json?: true;
}

/** Where a failing schedule is left for `--replay`. */
export const FAILURE_FILE = "check-failure.json";

export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description(
      "explores the interleavings of the checked build: scenarios of a few threads in a tiny heap, on all cores",
    )
    .argument("[scenario...]", "scenarios, by name; without any: all of them")
    .option("--all", "all scenarios, then random scripts")
    .option("--list", "names the scenarios and what they show")
    .option("--replay <file>", `tells the story of a failing schedule, as written to ${FAILURE_FILE}`)
    .option("--seconds <n>", "time for each scenario, and for the random scripts", "20")
    .option("--random", "random scripts, too; alone: nothing else")
    .option("--seed <n>", "what random scripts are made from", "1")
    .option("--mutants", "breaks the kernel in every way it knows, and counts what the scenarios notice")
    .option("--only <text>", "of the mutants, those with this text in their names")
    .option("--executions <n>", "executions of each search that is to notice a mutant", "300")
    .option("--json", "prints the result as one JSON document")
    .action(async (names: string[], flags: CheckFlags) => {
      const { check } = await import("./actions/check.ts");
      await check(names, flags);
    });
}
