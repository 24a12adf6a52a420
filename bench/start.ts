/**
 * The main job, `npm start`: four variants from their specs, every trace through each, once with
 * every block verified, then timed; one table at the end, and the whole report as JSON beside it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import colors from "picocolors";
import { mean } from "simple-statistics";
import { loadBuild } from "./build.ts";
import { measure } from "./measuring-process.ts";
import { createProgress } from "./progress.ts";
import { verifyReplay } from "./replay-verify.ts";
import type { BenchReport } from "./report.ts";
import { millions, table, warningText } from "./tables.ts";
import type { Trace } from "./trace.ts";
import { type Build, createHeapFor, variantOf } from "./variant.ts";
import { recordedTrace, TRACE_NAMES } from "./workloads/recorded.ts";

const VARIANTS = ["single", "coarse", "tiny", "flagged"];
const BASELINE = "flagged";
const REPORT = fileURLToPath(new URL("../generated/report.json", import.meta.url));

/** On smaller traces a heap's own tables are most of the footprint. */
const SMALL_TRACE_BYTES = 1e6;

interface Footprint {
  readonly variant: string;
  readonly trace: string;
  readonly peakCommittedBytes: number;
  readonly peakLiveBytes: number;
  readonly committedPerLive: number;
}

interface MainReport extends BenchReport {
  readonly variants: readonly Pick<Build, "name" | "bytes">[];
  readonly footprints: readonly Footprint[];
}

const progress = createProgress();

async function main(): Promise<void> {
  const traces = TRACE_NAMES.map(recordedTrace);
  const builds = await generate();
  const footprints = await verify(builds, traces);
  const settings = { rounds: 7, samples: 3, seconds: 0.02, baseline: BASELINE };
  const plan = { builds, peers: [], workloads: ["W7"], traces: [], special: [], threaded: [], settings };
  const bench = await measure(plan, progress);
  const report = { ...bench, variants: builds.map(({ name, bytes }) => ({ name, bytes })), footprints };

  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`${render(report, traces)}\nreport: ${relative(process.cwd(), REPORT)}\n`);
}

async function generate(): Promise<Build[]> {
  progress.start("generating", VARIANTS.length);
  const builds: Build[] = [];
  for (const source of VARIANTS) {
    progress.step(source);
    builds.push(await loadBuild(source));
  }
  progress.stop();
  return builds;
}

async function verify(builds: readonly Build[], traces: readonly Trace[]): Promise<Footprint[]> {
  progress.start("verifying", builds.length * traces.length);
  const footprints: Footprint[] = [];
  for (const build of builds) {
    const createHeap = await variantOf(build).instantiate();
    for (const trace of traces) {
      progress.step(`${trace.name} on ${build.name}`);
      const { peakLiveBytes } = trace;
      const replay = verifyReplay(trace, createHeapFor(createHeap, trace), build.alignment);
      const { peakCommittedBytes, committedPerLive } = replay;
      const names = { variant: build.name, trace: trace.name };
      footprints.push({ ...names, peakCommittedBytes, peakLiveBytes, committedPerLive });
    }
  }
  progress.stop();
  return footprints;
}

/** One row per variant. */
function render(report: MainReport, traces: readonly Trace[]): string {
  const { settings, machine } = report;
  const head = [
    "",
    ...traces.map(({ name }) => name),
    "geomean",
    "ratio",
    "memory",
    "worst",
    "min B",
    "gzip B",
  ];
  const rows = report.variants.map(({ name, bytes }) => {
    const perTrace = report.workloads.map(({ results }) => results.find((result) => result.name === name));
    const overall = report.traces.find((each) => each.name === name);
    const footprint = report.footprints
      .filter(({ variant, peakLiveBytes }) => variant === name && peakLiveBytes > SMALL_TRACE_BYTES)
      .map(({ committedPerLive }) => committedPerLive);
    return [
      name,
      ...perTrace.map((result) => millions(result?.operationsPerSecond.median ?? Number.NaN)),
      millions(overall?.operationsPerSecond.median ?? Number.NaN),
      `${overall?.ratio?.median.toFixed(2)}×`,
      mean(footprint).toFixed(2),
      Math.max(...footprint).toFixed(2),
      bytes.min.toLocaleString("en"),
      bytes.gzip.toLocaleString("en"),
    ];
  });
  const operations = traces.reduce((sum, trace) => sum + trace.operations, 0) * report.variants.length;
  return [
    colors.bold("million operations per second on recorded traces"),
    table(head, rows),
    `verified: ${operations.toLocaleString("en")} operations, every payload, address and overlap`,
    `speed: medians of ${settings.rounds} interleaved rounds, one thread; ratio: to ${settings.baseline}, round by round`,
    "memory: peak committed over peak requested bytes, mean and worst of the traces above 1 MB",
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, V8 ${machine.v8}`,
    ...(report.warnings.length > 0 ? [warningText(report.warnings)] : []),
  ].join("\n");
}

main().catch((error: Error) => {
  progress.stop();
  process.stderr.write(`slabsmith: ${error.message}\n`);
  process.exitCode = 1;
});
