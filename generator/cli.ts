/** The command line: results to standard output, progress and notes to standard error. */
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { UserError } from "../spec/user-error.ts";
import { CheckFailed } from "./check/check-failed.ts";
import { addBenchCommand } from "./commands/bench.ts";
import { addCheckCommand } from "./commands/check.ts";
import { ExitCode } from "./commands/exit-code.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addInitCommand } from "./commands/init.ts";
import { addLinkCommand } from "./commands/link.ts";
import { addMatrixCommand } from "./commands/matrix.ts";
import { addRecordCommand } from "./commands/record.ts";
import { addShipCommand } from "./commands/ship.ts";
import { addTuneCommand } from "./commands/tune.ts";
import { GeneratorError } from "./stages/generator-error.ts";
import { version } from "./version.ts";

const DONE = 0;
/** A check, a comparison or a build failed. */
const FAILED = 1;
/** The command line or the spec is wrong. */
const MISUSED = 2;

export function program(): Command {
  const slabsmith = new Command("slabsmith")
    .description("Forges memory allocators for linear memory from a declarative spec.")
    .version(version)
    .showHelpAfterError("(--help says more)")
    // What follows a command's name belongs to it, or to the program that it runs.
    .enablePositionalOptions()
    .exitOverride();
  addInitCommand(slabsmith);
  addGenerateCommand(slabsmith);
  addExplainCommand(slabsmith);
  addRecordCommand(slabsmith);
  addBenchCommand(slabsmith);
  addMatrixCommand(slabsmith);
  addCheckCommand(slabsmith);
  addTuneCommand(slabsmith);
  addShipCommand(slabsmith);
  addLinkCommand(slabsmith);
  return slabsmith;
}

/** Runs one command; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: "user" });
    return DONE;
  } catch (error) {
    return report(error);
  }
}

/** Tells what went wrong; only a mistake of slabsmith itself shows a stack. */
function report(error: unknown): number {
  // Commander has said it already; of its "errors" help and version are none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED;
  if (error instanceof ExitCode) return error.code;
  const isMisuse = error instanceof UserError;
  const isTold = isMisuse || error instanceof GeneratorError || error instanceof CheckFailed;
  const text = isTold ? error.message : `this is a mistake in slabsmith\n${(error as Error)?.stack ?? error}`;
  process.stderr.write(`${pc.red("slabsmith:")} ${text}\n`);
  return isMisuse ? MISUSED : FAILED;
}
