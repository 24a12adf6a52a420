/** One run of the benchmark: chosen contenders, one workload after the other. */
import { type CompareOptions, compare, type WorkloadResult } from "./compare.ts";
import type { Contender } from "./contender.ts";
import { compareHeaps } from "./heaps.ts";
import { describeMachine } from "./machine.ts";
import type { Peer } from "./peers/peer.ts";
import type { Progress } from "./progress.ts";
import { type BenchReport, findWarnings, meansOverTraces } from "./report.ts";
import { type Variant, variantContender } from "./variant.ts";
import type { Workload } from "./workloads/workload.ts";

export interface Plan {
  readonly variants: readonly Variant[];
  readonly peers: readonly Peer[];
  readonly workloads: readonly Workload[];
  /** Several heaps of each variant are measured on these. */
  readonly heapWorkloads: readonly Workload[];
  readonly settings: CompareOptions;
}

export async function runBench(plan: Plan, progress: Progress): Promise<BenchReport> {
  const { variants, peers, settings } = plan;
  const machine = describeMachine();
  const contenders: Contender[] = variants.map((variant) => variantContender(variant));
  const unavailable: { peer: string; reason: string }[] = [];
  for (const peer of peers) {
    const found = await peer.find();
    if ("unavailable" in found) unavailable.push({ peer: peer.id, reason: found.unavailable });
    else contenders.push(found);
  }

  const workloads: WorkloadResult[] = [];
  progress.start("measuring", plan.workloads.length + plan.heapWorkloads.length * variants.length);
  for (const workload of plan.workloads) {
    progress.step(workload.name);
    workloads.push(await compare(workload, contenders, settings));
  }
  for (const workload of plan.heapWorkloads) {
    for (const variant of variants) {
      progress.step(`three heaps of ${variant.name}`);
      workloads.push(await compareHeaps(variant, workload, settings));
    }
  }
  progress.stop();
  return {
    machine,
    settings,
    workloads,
    traces: meansOverTraces(workloads),
    unavailable,
    warnings: findWarnings(machine, settings, workloads),
  };
}
