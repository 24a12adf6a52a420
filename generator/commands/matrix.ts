/** `slabsmith matrix`: the command line of `bench/matrix/`. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { parseAxis, refuseOverlap } from "../../bench/matrix/axis.ts";
import { hasFailed } from "../../bench/matrix/cell.ts";
import { combine } from "../../bench/matrix/combinations.ts";
import { toCsv, toMarkdown, toText } from "../../bench/matrix/formats.ts";
import type { Matrix } from "../../bench/matrix/matrix.ts";
import { loadMatrix } from "../../bench/matrix/matrix-file.ts";
import { namedMatrices } from "../../bench/matrix/named/index.ts";
import { makeColumns, makePlan, shardOf } from "../../bench/matrix/plan.ts";
import { prepare } from "../../bench/matrix/prepare.ts";
import { type MatrixReport, makeReport } from "../../bench/matrix/report.ts";
import { runMatrix } from "../../bench/matrix/run.ts";
import { mergeResults, Store } from "../../bench/matrix/store.ts";
import { measure } from "../../bench/measuring-process.ts";
import { createProgress } from "../../bench/progress.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { UserError } from "../../spec/user-error.ts";
import { CheckFailed } from "../check/check-failed.ts";
import { list, sampling, THOROUGH, threadCounts, writeResult } from "./arguments.ts";

interface MergeFlags {
  out: string;
  json?: true;
}

interface MatrixFlags extends MergeFlags {
  axis?: string[];
  matrix?: string;
  workloads?: string;
  threads?: string;
  rounds?: string;
  quick?: true;
  shard?: string;
  fresh?: true;
}

const DEFAULT_MATRIX = "seed";
const DEFAULT_WORKLOADS = ["W3/8192", "W5/32x100", "W7/jq"];
const DEFAULT_THREADED = ["W1/tput", "W3/256", "W8/r50"];
const DEFAULT_THREADS = [1, 2, 4];

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
    // What follows `merge` belongs to it, also where `matrix` has an option of that name.
    .enablePositionalOptions()
    .command("matrix")
    .description(
      "generates, tests and measures every combination of a spec's choices, and says which choice matters",
    )
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
    .action(run);
  const merge = matrix
    .command("merge")
    .description("joins the results of shards")
    .argument("<file...>", "the shards' cells-*.jsonl")
    .action(mergeShards);
  for (const command of [matrix, merge]) {
    command
      .option("--json", "prints the report as one JSON document")
      .option("--out <folder>", "where results go: matrix.json, .csv, .md", "matrix");
  }
}

async function run(source: string, flags: MatrixFlags): Promise<void> {
  const shard = flags.shard === undefined ? undefined : readShard(flags.shard);
  const samples = sampling(flags);
  const base = await loadSpec(source);
  const matrix = await chosenMatrix(flags);
  refuseOverlap(matrix.axes);
  const columns = chosenColumns(flags, matrix, base);
  const plan = makePlan(source, matrix.axes, combine(base, matrix.axes), columns, samples);

  makeFolder(flags.out);
  const file = join(flags.out, shard ? `cells-${shard.index}-of-${shard.count}.jsonl` : "cells.jsonl");
  if (flags.fresh) rmSync(file, { force: true });
  const store = Store.open(file, plan.record);
  const groups = shard ? shardOf(plan.groups, shard) : plan.groups;
  await runMatrix(plan, groups, store, { prepare, measure, progress: createProgress() });
  hand(makeReport(plan.record, store.cells), flags);
}

function mergeShards(files: readonly string[], flags: MergeFlags): void {
  const { plan, cells } = mergeResults(files);
  makeFolder(flags.out);
  hand(makeReport(plan, cells), flags);
}

/** All formats into the folder, the chosen one to standard output. A variant that failed is a failure of the command. */
function hand(report: MatrixReport, { out, json }: MergeFlags): void {
  const document = `${JSON.stringify(report, undefined, 2)}\n`;
  writeResult(join(out, "matrix.json"), document);
  writeResult(join(out, "matrix.csv"), toCsv(report));
  writeResult(join(out, "matrix.md"), toMarkdown(report));
  process.stdout.write(json ? document : toText(report));
  const failed = report.cells.filter(hasFailed);
  if (failed.length === 0) return;
  const names = [...new Set(failed.map(({ variant }) => variant))];
  throw new CheckFailed(`${failed.length} of ${report.cells.length} figures failed: ${names.join(" | ")}`);
}

async function chosenMatrix({ axis = [], matrix }: MatrixFlags): Promise<Matrix> {
  const own = axis.map(parseAxis);
  if (matrix === undefined && own.length > 0) return { axes: own };
  const loaded = await loadMatrix(matrix ?? DEFAULT_MATRIX);
  return { ...loaded, axes: [...loaded.axes, ...own] };
}

/** A matrix may be used for specs of both kinds: one thread needs no numbers of threads. */
function chosenColumns({ workloads, threads }: MatrixFlags, matrix: Matrix, base: ResolvedSpec) {
  const standard = base.kernel.manyThreads ? (matrix.threads ?? DEFAULT_THREADS) : [];
  const counts = threads === undefined ? standard : threadCounts(threads);
  const names = workloads === undefined ? undefined : list(workloads);
  if (names?.length === 0) throw new UserError("--workloads names no workload");
  return makeColumns(
    names ?? matrix.workloads ?? (counts.length > 0 ? DEFAULT_THREADED : DEFAULT_WORKLOADS),
    counts,
  );
}

function readShard(text: string): { index: number; count: number } {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count)
    throw new UserError(`--shard ${text}: write i/n, such as 2/8, with i from 1 to n`);
  return { index, count };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      `--out ${folder}: cannot be written to (${(error as NodeJS.ErrnoException).code}); name another folder`,
    );
  }
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
