/** A small page of each kind, with all kinds of charts. */
import { makeReport } from "../../bench/matrix/report.ts";
import { Cells } from "../../bench/matrix/store.ts";
import type { BenchReport } from "../../bench/report.ts";
import { benchPage } from "../../generator/report/bench-page.ts";
import { matrixPage } from "../../generator/report/matrix-page.ts";
import type { Page } from "../../generator/report/page.ts";
import { tunePage } from "../../generator/report/tune-page.ts";
import type { Comparison } from "../../generator/tune/judge.ts";

const machine = { cpu: "a <processor>", cores: 2, platform: "linux-x64", node: "20", v8: "11", load: 0 };
const spread = (median: number) => ({ median, p25: median * 0.9, min: median * 0.8 });
const sampling = { rounds: 3, samples: 1, seconds: 0.01 };

function result(name: string, speed: number, ratio: number, speedUp?: number) {
  return {
    name,
    operationsPerSecond: spread(speed),
    rounds: [speed * 0.9, speed, speed * 1.1],
    ratio: spread(ratio),
    ...(speedUp !== undefined && { speedUp: { median: speedUp, best: speedUp } }),
    stable: true,
  };
}

function bench(): Page {
  const workload = (id: string, threads?: number) => ({
    id,
    name: `workload ${id}`,
    operations: 100,
    ...(threads !== undefined && { threads }),
    results: [result("one", 1e8, 1, threads), result("two", 2e8, 2, threads)],
    absent: [{ name: "three", reason: "it is <too small>" }],
  });
  const report: BenchReport = {
    machine,
    settings: { ...sampling, baseline: "one" },
    workloads: [workload("W7/a"), workload("W7/b"), workload("W8", 1), workload("W8", 2)],
    scaling: [
      {
        id: "W8",
        name: "workload W8",
        threads: [1, 2],
        results: [{ name: "two", speedUp: { 1: { median: 1, best: 1 }, 2: { median: 1.8, best: 1.9 } } }],
      },
    ],
    traces: [{ name: "two", operationsPerSecond: spread(2e8), ratio: spread(2) }],
    unavailable: [],
    warnings: ["the machine was busy"],
  };
  return benchPage(report, "npx slabsmith bench --report page.html");
}

function matrix(): Page {
  const cells = new Cells();
  const labels = ["off", "on"];
  const variants = labels.map((label) => ({
    name: `fast=${label}`,
    labels: { "tiers.fast": label },
    specHash: label,
  }));
  const columns = [{ workload: "W3/256" }, { workload: "W7/jq" }];
  const common = { baselineHash: "off", sources: "s", sampling, machine };
  for (const [index, { name, specHash }] of variants.entries()) {
    for (const column of columns) {
      const { operationsPerSecond, ratio } = result(name, 1e8 + index * 1e7, 1 + index / 10);
      const bytes = { raw: 9000, min: 5000, gzip: 2000 + index * 100 };
      const outcome = { operationsPerSecond, ratio, stable: true };
      cells.add({ ...common, ...column, variant: name, specHash, bytes, memory: 1.2, outcome });
    }
  }
  const plan = {
    spec: "single",
    axes: [{ path: "tiers.fast", labels }],
    columns,
    sampling,
    sources: "s",
    variants,
    rejected: [],
  };
  return matrixPage(makeReport(plan, cells), "npx slabsmith matrix single --report page.html");
}

function tune(): Page {
  const speed = { median: 1.02, low: 1.01, high: 1.04 };
  const against: Comparison = {
    speed,
    memory: 0.9,
    size: 0.97,
    gain: 0.1,
    perTrace: [{ trace: "app-last", speed, before: 2e6, now: 1.8e6, peakLiveBytes: 1.7e6 }],
  };
  const choice = { path: "lru.entries", label: "0", value: 0, against, reason: "footprint −10 %" };
  const entry = { gzipBytes: 9000, isOnFront: true, isChosen: false };
  const summary = (trace: string) => ({ trace, operations: 1000, peakLiveBytes: 1.7e6 });
  return tunePage(
    {
      base: "single",
      objective: "balanced",
      weights: { speed: 1, memory: 1, size: 0.1 },
      limits: {},
      seed: 1,
      training: [summary("app-first")],
      heldOut: [summary("app-last")],
      candidates: [
        { ...entry, changes: {}, ratios: { speed: 1, memory: 1, size: 1 } },
        {
          ...entry,
          changes: { "lru.entries": "0" },
          ratios: { speed: 1.02, memory: 0.9, size: 0.97 },
          isChosen: true,
        },
        {
          ...entry,
          changes: { "pool.stage05": "off" },
          ratios: { speed: 0.9, memory: 1, size: 1 },
          isOnFront: false,
        },
      ],
      choices: [choice],
      dropped: [{ ...choice, path: "refill.sticky", label: "on" }],
      trainingGain: { speed: 1.02, memory: 0.9, size: 0.97 },
      found: against,
      tuned: against,
      verdict: "gain",
      gzipBytes: { default: 9200, tuned: 9000 },
      memory: [
        {
          trace: "app-last",
          points: [0, 1, 2].map((i) => ({
            operation: i * 500,
            live: i * 1e6,
            default: i * 1.2e6,
            tuned: i * 1.1e6,
          })),
        },
      ],
      notes: [],
      machine,
      spec: "export default defineSpec({\n  lru: { entries: 0 },\n});\n",
    },
    "npx slabsmith tune app.trace.gz --report page.html",
  );
}

export const pages: Readonly<Record<string, () => Page>> = { bench, matrix, tune };
