/** Which workloads there are for one thread, and how the command line chooses among them. */
import { callocBatch } from "./calloc-batch.ts";
import { matching } from "./choose.ts";
import { fixedSize } from "./fixed-size.ts";
import { randomMixed } from "./random-mixed.ts";
import { recordedTrace, TRACE_NAMES } from "./recorded.ts";
import { tinyHot } from "./tiny-hot.ts";
import { traceReplay } from "./trace-replay.ts";
import type { Workload } from "./workload.ts";

/** Built only when chosen: a trace takes a fifth of a second to read. */
const CATALOGUE: ReadonlyMap<string, () => Workload> = new Map([
  ...TRACE_NAMES.map((name) => [`W7/${name}`, () => traceReplay(recordedTrace(name))] as const),
  ["W3/256", () => randomMixed(256)],
  ["W3/8192", () => randomMixed(8192)],
  ["W5/32x100", () => tinyHot(32, 100)],
  ["W2/16x60", () => fixedSize(16, 60)],
  ["W2/16x64", () => fixedSize(16, 64)],
  ["W2/256x128", () => fixedSize(256, 128)],
  ["W2/1024x128", () => fixedSize(1024, 128)],
  ["M7/8192x1000", () => callocBatch(8192, 1000)],
]);

export const WORKLOAD_IDS: readonly string[] = [...CATALOGUE.keys()];

/** Measurements of variants only: several heaps of each; heaps that are new. */
export const SPECIAL = ["heaps", "first-touch"] as const;
export type Special = (typeof SPECIAL)[number];

export function chooseIds(names: readonly string[]): string[] {
  return matching(names, WORKLOAD_IDS, [...WORKLOAD_IDS, ...SPECIAL]);
}

export function chooseWorkloads(names: readonly string[]): Workload[] {
  return chooseIds(names).map((id) => (CATALOGUE.get(id) as () => Workload)());
}
