/** One run of the benchmark: chosen contenders, one workload after the other. */
import { type CompareOptions, compare, compareTogether, type WorkloadResult } from "./compare.ts";
import { type Contender, UnfitError } from "./contender.ts";
import { compareFirstTouch } from "./first-touch.ts";
import { compareHeaps } from "./heaps.ts";
import { describeMachine } from "./machine.ts";
import { choosePeers } from "./peers/index.ts";
import type { PeerContender } from "./peers/peer.ts";
import type { Progress } from "./progress.ts";
import { type BenchReport, findWarnings, meansOverTraces } from "./report.ts";
import { findScaling } from "./scaling.ts";
import { threadedVariant } from "./threads/threaded-variant.ts";
import type { ThreadedWorkload } from "./threads/threaded-workload.ts";
import { readTrace } from "./trace.ts";
import { type Build, variantContender, variantOf } from "./variant.ts";
import { chooseWorkloads, type Special } from "./workloads/index.ts";
import { type ThreadedChoice, threadedWorkload } from "./workloads/threaded/index.ts";
import { traceReplay } from "./workloads/trace-replay.ts";

/** What to measure, as plain data: the measuring process gets it as JSON. */
export interface Plan {
  readonly builds: readonly Build[];
  readonly peers: readonly string[];
  readonly workloads: readonly string[];
  /** Files of traces to replay besides. */
  readonly traces: readonly string[];
  /** Measurements of variants only. */
  readonly special: readonly Special[];
  readonly threaded: readonly ThreadedChoice[];
  readonly settings: CompareOptions;
}

export async function runBench(plan: Plan, progress: Progress): Promise<BenchReport> {
  const { settings } = plan;
  const machine = describeMachine();
  const variants = plan.builds.map(variantOf);
  const contenders: Contender[] = variants.map((variant) => variantContender(variant));
  const teams: Contender<ThreadedWorkload>[] = plan.builds.map(threadedVariant);
  const unavailable: { peer: string; reason: string }[] = [];
  for (const peer of choosePeers(plan.peers)) {
    const found = await peer.find();
    if ("unavailable" in found) unavailable.push({ peer: peer.id, reason: found.unavailable });
    else {
      contenders.push(found);
      teams.push(threadedPeer(found));
    }
  }
  const tasks: { name: string; measure(): Promise<WorkloadResult | WorkloadResult[]> }[] = [
    ...[...chooseWorkloads(plan.workloads), ...plan.traces.map((file) => traceReplay(readTrace(file)))].map(
      (workload) => ({ name: workload.name, measure: () => compare(workload, contenders, settings) }),
    ),
    ...plan.special.flatMap((special) =>
      special === "heaps"
        ? variants.map((variant) => ({
            name: `three heaps of ${variant.name}`,
            measure: () => compareHeaps(variant, settings),
          }))
        : (["create and fill", "fill"] as const).map((part) => ({
            name: `first touch, ${part}`,
            measure: () => compareFirstTouch(variants, part, settings),
          })),
    ),
    ...[...new Set(plan.threaded.map(({ id }) => id))].map((id) => {
      const choices = plan.threaded.filter((choice) => choice.id === id);
      return {
        name: `${id}, threads: ${choices.map(({ threads }) => threads).join(", ")}`,
        measure: () => compareTogether(choices.map(threadedWorkload), teams, settings),
      };
    }),
  ];

  const workloads: WorkloadResult[] = [];
  progress.start("measuring", tasks.length);
  for (const { name, measure } of tasks) {
    progress.step(name);
    workloads.push(...[await measure()].flat());
  }
  progress.stop();
  return {
    machine,
    settings,
    workloads,
    scaling: findScaling(workloads),
    traces: meansOverTraces(workloads),
    unavailable,
    warnings: findWarnings(machine, settings, workloads),
  };
}

function threadedPeer({ name, openThreads }: PeerContender): Contender<ThreadedWorkload> {
  return {
    name,
    async open(workload) {
      if (openThreads) return openThreads(workload);
      throw new UnfitError("it is for one thread");
    },
  };
}
