/** What `slabsmith matrix` does. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseAxis, refuseOverlap } from "../../../bench/matrix/axis.ts";
import { hasFailed } from "../../../bench/matrix/cell.ts";
import { combine } from "../../../bench/matrix/combinations.ts";
import { toCsv, toMarkdown, toText } from "../../../bench/matrix/formats.ts";
import type { Matrix } from "../../../bench/matrix/matrix.ts";
import { loadMatrix } from "../../../bench/matrix/matrix-file.ts";
import { makeColumns, makePlan, shardOf } from "../../../bench/matrix/plan.ts";
import { prepare } from "../../../bench/matrix/prepare.ts";
import { type MatrixReport, makeReport } from "../../../bench/matrix/report.ts";
import { runMatrix } from "../../../bench/matrix/run.ts";
import { mergeResults, Store } from "../../../bench/matrix/store.ts";
import { measure } from "../../../bench/measuring-process.ts";
import { createProgress } from "../../../bench/progress.ts";
import { loadSpec } from "../../../spec/load-spec.ts";
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { UserError } from "../../../spec/user-error.ts";
import { CheckFailed } from "../../check/check-failed.ts";
import { matrixPage } from "../../report/matrix-page.ts";
import { pageHtml } from "../../report/page.ts";
import { commandLine, list, sampling, threadCounts, writeResult } from "../arguments.ts";
import {
  DEFAULT_MATRIX,
  DEFAULT_THREADED,
  DEFAULT_THREADS,
  DEFAULT_WORKLOADS,
  type MatrixFlags,
  type MergeFlags,
} from "../matrix.ts";

export async function runMatrixCommand(source: string, flags: MatrixFlags): Promise<void> {
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
  await hand(makeReport(plan.record, store.cells), flags);
}

export async function mergeShards(files: readonly string[], flags: MergeFlags): Promise<void> {
  const { plan, cells } = mergeResults(files);
  makeFolder(flags.out);
  await hand(makeReport(plan, cells), flags);
}

/**
 * All formats into the folder, the chosen one to standard output. A variant that failed is a
 * failure of the command.
 */
async function hand(report: MatrixReport, { out, json, report: page }: MergeFlags): Promise<void> {
  const document = `${JSON.stringify(report, undefined, 2)}\n`;
  writeResult(join(out, "matrix.json"), document);
  writeResult(join(out, "matrix.csv"), toCsv(report));
  writeResult(join(out, "matrix.md"), toMarkdown(report));
  if (page !== undefined) writeResult(page, await pageHtml(matrixPage(report, commandLine())), "--report");
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
