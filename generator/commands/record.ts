/** `slabsmith record`: the command line of `generator/record/`. */
import type { Command } from "commander";

export interface RecordFlags {
  readonly out?: string;
  readonly histogram?: true;
  readonly native?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  slabsmith record -- jq . big.json
  slabsmith record -o app.trace.gz -- node app.js
  slabsmith record --histogram -- ./server --once

A native program is recorded as it is (Linux, with a C compiler). A program of Node, Bun or Deno
says which heap it is about: recordHeap(createHeap()), from slabsmith/record, records when the
program runs under this command, and does nothing otherwise.
Each process and each heap has a trace of its own: app.trace.gz, app.2.trace.gz and so on.
The exit code is the program's.`;

export function addRecordCommand(program: Command): void {
  program
    .command("record")
    .description("runs a program and writes the trace of its allocations")
    .argument("<command...>", "the program and its arguments, after --")
    .option("-o, --out <file>", "the trace; .gz compresses it (default: <program>.trace.gz)")
    .option("--histogram", "keeps sizes and lifetimes only, and forgets the order of the calls")
    .option("--native", "records the malloc of Node, Bun and Deno themselves, too")
    .option("--json", "prints the result as one JSON document; the program's output goes to standard error")
    .passThroughOptions()
    .addHelpText("after", EXAMPLES)
    .action(async (command: [string, ...string[]], flags: RecordFlags) => {
      const { recordCommand } = await import("./actions/record.ts");
      await recordCommand(command, flags);
    });
}
