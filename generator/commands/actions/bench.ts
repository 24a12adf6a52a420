/** What `slabsmith bench` does. */
import { resolve } from "node:path";
import { loadBuild } from "../../../bench/build.ts";
import { compareReports, readReport } from "../../../bench/compare-reports.ts";
import { measure } from "../../../bench/measuring-process.ts";
import { choosePeers } from "../../../bench/peers/index.ts";
import { createProgress } from "../../../bench/progress.ts";
import { benchTables, comparisonTable } from "../../../bench/tables.ts";
import { readTrace } from "../../../bench/trace.ts";
import type { Build } from "../../../bench/variant.ts";
import { chooseIds, SPECIAL, type Special } from "../../../bench/workloads/index.ts";
import { chooseThreaded, isLarsonCommand, isThreadedOnly } from "../../../bench/workloads/threaded/index.ts";
import { UserError } from "../../../spec/user-error.ts";
import { CheckFailed } from "../../check/check-failed.ts";
import { benchPage } from "../../report/bench-page.ts";
import { pageHtml } from "../../report/page.ts";
import { commandLine, list, sampling, threadCounts, writeResult } from "../arguments.ts";
import { type BenchFlags, DEFAULT_BASELINE, DEFAULT_THREADED, DEFAULT_WORKLOADS } from "../bench.ts";

export async function bench(flags: BenchFlags): Promise<void> {
  const samples = sampling(flags);
  const progress = createProgress();
  const peers = choosePeers(list(flags.peers));
  const work = chosenWork(flags);
  const before = flags.compare === undefined ? undefined : readReport(flags.compare);

  const baselineSource = flags.baseline ?? DEFAULT_BASELINE;
  const sources = [...new Set([...list(flags.variants), baselineSource])];
  const builds = new Map<string, Build>();
  progress.start("generating", sources.length);
  for (const source of sources) {
    progress.step(source);
    builds.set(source, await loadBuild(source));
  }
  progress.stop();
  refuseTwins([...builds.values()]);

  const report = await measure(
    {
      builds: [...builds.values()],
      peers: peers.map(({ id }) => id),
      ...work,
      settings: { ...samples, baseline: (builds.get(baselineSource) as Build).name },
    },
    progress,
  );
  const comparison = before && compareReports(report, before, flags.compare as string);
  const json = `${JSON.stringify({ ...report, ...(comparison && { comparison }) }, undefined, 2)}\n`;
  if (flags.out !== undefined) writeResult(flags.out, json);
  if (flags.report !== undefined) {
    const page = benchPage(report, commandLine(), comparison);
    writeResult(flags.report, await pageHtml(page), "--report");
  }
  const tables = [benchTables(report), ...(comparison ? [comparisonTable(comparison)] : [])];
  process.stdout.write(flags.json ? json : `${tables.join("\n\n")}\n`);
  const slower = comparison?.results.filter(({ verdict }) => verdict === "slower") ?? [];
  if (slower.length > 0) {
    const places = slower.map(
      ({ name, workload, ratio }) => `${name} on ${workload} (${ratio.median.toFixed(2)}×)`,
    );
    throw new CheckFailed(`slower than in ${flags.compare}: ${places.join(", ")}`);
  }
}

/** Every mistake is found here, before anything is generated. */
function chosenWork({ workloads, trace, threads }: BenchFlags) {
  const traces = (trace ?? []).map((file) => resolve(file));
  const traceNames = traces.map((file) => {
    const { name, cutShort } = readTrace(file);
    if (cutShort !== undefined) process.stderr.write(`${cutShort}\n`);
    return name;
  });
  const counts = threads === undefined ? [] : threadCounts(threads);
  const standard = counts.length > 0 ? DEFAULT_THREADED : DEFAULT_WORKLOADS;
  const names = list(workloads ?? (trace ? "" : standard));
  if (names.length + traces.length === 0) throw new UserError("--workloads names no workload");

  if (counts.length > 0) {
    const special = names.find(isSpecial);
    if (special) throw new UserError(`${special} is for one thread: leave --threads out`);
    const replays = traces.flatMap((file, index) =>
      counts.map((count) => ({ id: `W7/${traceNames[index]}`, threads: count, trace: file })),
    );
    return {
      workloads: [],
      traces: [],
      special: [],
      threaded: [...chooseThreaded(names, counts), ...replays],
    };
  }
  const isThreaded = (name: string): boolean => isLarsonCommand(name) || isThreadedOnly(name);
  const plain = names.filter((name) => !isSpecial(name) && !isThreaded(name));
  return {
    workloads: chooseIds(plain),
    traces,
    special: SPECIAL.filter((name) => names.includes(name)),
    threaded: chooseThreaded(names.filter(isThreaded), []),
  };
}

const isSpecial = (name: string): name is Special => (SPECIAL as readonly string[]).includes(name);

/** Results are told apart by name. */
function refuseTwins(builds: readonly Build[]): void {
  const names = builds.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new UserError(`two variants are named "${twin}": rename one of the specs`);
}
