/** `slabsmith tune`: a spec for recorded traces, with a reason for each choice. */
import type { Command } from "commander";
import { requirePackages } from "../optional-packages.ts";
import { MEASURING_PACKAGES, PAGE_PACKAGES } from "./arguments.ts";

export interface TuneFlags {
  readonly base: string;
  readonly out: string;
  readonly for: string;
  readonly heldOut?: string[];
  readonly maxWaste?: string;
  readonly maxGzip?: string;
  readonly budget: string;
  readonly seed: string;
  readonly fresh?: true;
  readonly force?: true;
  readonly json?: true;
  readonly report?: string;
}

const EXAMPLES = `
Examples:
  slabsmith tune app.trace.gz --out app.heap.ts
  slabsmith tune app.trace.gz --for memory --max-gzip 9000 --budget 15m
  slabsmith tune monday.trace.gz tuesday.trace.gz --held-out friday.trace.gz --for speed=2,memory=1

Without --held-out the last two fifths of each trace are held out: the search never sees them, and they decide.
Measurements are kept beside the spec (FILE.measured.jsonl): the same command goes on where it was interrupted.`;

export function addTuneCommand(program: Command): void {
  program
    .command("tune")
    .description("searches the spec for recorded traces, and writes it with a reason for each choice")
    .argument("<trace...>", "traces of the program (see docs/trace-format.md)")
    .option(
      "--base <spec>",
      "what the tuned spec differs from, for one thread: a preset or a spec file",
      "single",
    )
    .option("--out <file>", "the spec file to write: .ts, .js, .json or .jsonc", "tuned.heap.ts")
    .option("--for <goal>", "speed, memory, size, balanced, or weights such as speed=2,memory=1", "balanced")
    .option("--held-out <trace...>", "traces to judge by (default: the last part of each trace)")
    .option("--max-waste <ratio>", "peak committed over peak requested bytes, at most, on every trace")
    .option("--max-gzip <bytes>", "bytes of index.min.js, gzipped, at most")
    .option("--budget <time>", "about how long it may take, such as 90s, 5m, 1h", "5m")
    .option("--seed <n>", "which candidates are tried", "1")
    .option("--fresh", "forgets the measurements that are kept")
    .option("--force", "overwrites a spec file that tune did not write")
    .option("--json", "prints the result as one JSON document")
    .option("--report <file>", "writes the report as an HTML page, too")
    .addHelpText("after", EXAMPLES)
    .action(async (traces: string[], flags: TuneFlags) => {
      requirePackages("slabsmith tune", MEASURING_PACKAGES);
      if (flags.report !== undefined) requirePackages("slabsmith tune --report", PAGE_PACKAGES);
      const { tuneCommand } = await import("./actions/tune.ts");
      await tuneCommand(traces, flags);
    });
}
