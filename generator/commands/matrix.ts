/** `slabsmith matrix`: the command line of `bench/matrix/`. */
import type { Command } from "commander";
import { namedMatrices } from "../../bench/matrix/named/index.ts";
import { requirePackages } from "../optional-packages.ts";
import { MEASURING_PACKAGES, PAGE_PACKAGES, THOROUGH } from "./arguments.ts";

export interface MergeFlags {
  out: string;
  json?: true;
  report?: string;
}

export interface MatrixFlags extends MergeFlags {
  axis?: string[];
  matrix?: string;
  workloads?: string;
  threads?: string;
  rounds?: string;
  quick?: true;
  shard?: string;
  fresh?: true;
}

export const DEFAULT_MATRIX = "seed";
export const DEFAULT_WORKLOADS = ["W3/8192", "W5/32x100", "W7/jq"];
export const DEFAULT_THREADED = ["W1/tput", "W3/256", "W8/r50"];
export const DEFAULT_THREADS = [1, 2, 4];

const EXAMPLES = `
Examples:
  slabsmith matrix shared
  slabsmith matrix single --axis tiers.tlsSll=off,on --axis sizeClasses.stepsPerDoubling=4,8 --workloads W3,W5
  slabsmith matrix shared --axis lru.entries=0,16 --threads 1,4 --shard 2/8 --out results
  slabsmith matrix merge results/cells-*.jsonl --out results

The first value of each axis is what its others are compared with, and all first values together are the baseline.
Values are off, on, or JSON; --matrix files hold { axes: { "path": [values] or { label: value } }, workloads, threads }.
Results are kept in the folder as they come: the same command goes on where it was interrupted.`;

export function addMatrixCommand(program: Command): void {
  const matrix = program
    .command("matrix")
    .description(
      "generates, tests and measures every combination of a spec's choices, and says which choice matters",
    )
    // What follows `merge` belongs to it, also where `matrix` has an option of that name.
    .enablePositionalOptions()
    .argument("<spec>", "what the combinations differ from: a preset's name or a spec file")
    .option(
      "--axis <path=values>",
      "a choice and its values, such as tiers.tlsSll=off,on; again for more",
      collect,
      [],
    )
    .option(
      "--matrix <source>",
      `axes from a file (.json, .ts, .js), or ${Object.keys(namedMatrices).join(", ")} (default, without --axis: ${DEFAULT_MATRIX})`,
    )
    .option(
      "--workloads <list>",
      `see bench (default: ${DEFAULT_WORKLOADS.join(",")}; with threads ${DEFAULT_THREADED.join(",")})`,
    )
    .option(
      "--threads <list>",
      `numbers of threads (default: the matrix's, or ${DEFAULT_THREADS.join(",")}; specs for one thread: on the main thread)`,
    )
    .option("--rounds <n>", `turns of each variant (default: ${THOROUGH.rounds})`)
    .option("--quick", "fewer and shorter samples: a first look")
    .option("--shard <i/n>", "measures the i-th of n parts, for several machines")
    .option("--fresh", "forgets what the folder holds of this matrix")
    .addHelpText("after", EXAMPLES)
    .action(async (source: string, flags: MatrixFlags) => {
      requirePackages("slabsmith matrix", MEASURING_PACKAGES);
      if (flags.report !== undefined) requirePackages("slabsmith matrix --report", PAGE_PACKAGES);
      const { runMatrixCommand } = await import("./actions/matrix.ts");
      await runMatrixCommand(source, flags);
    });
  const merge = matrix
    .command("merge")
    .description("joins the results of shards")
    .argument("<file...>", "the shards' cells-*.jsonl")
    .action(async (files: string[], flags: MergeFlags) => {
      requirePackages("slabsmith matrix merge", MEASURING_PACKAGES);
      if (flags.report !== undefined) requirePackages("slabsmith matrix --report", PAGE_PACKAGES);
      const { mergeShards } = await import("./actions/matrix.ts");
      await mergeShards(files, flags);
    });
  for (const command of [matrix, merge]) {
    command
      .option("--json", "prints the report as one JSON document")
      .option("--report <file>", "writes the report as an HTML page, too")
      .option("--out <folder>", "where results go: matrix.json, .csv, .md", "matrix");
  }
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
