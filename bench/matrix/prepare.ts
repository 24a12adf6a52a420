/**
 * A combination as a build that was tested: recorded traces, every address, payload and account of
 * it.
 */
import { geometricMean } from "simple-statistics";
import { buildOf } from "../build.ts";
import { verifyReplay } from "../replay-verify.ts";
import { type Build, createHeapFor, variantOf } from "../variant.ts";
import { recordedTrace } from "../workloads/recorded.ts";
import type { Combination } from "./combinations.ts";

export interface TestedBuild {
  readonly build: Build;
  /** Peak committed over peak requested bytes, geometric mean over the traces. */
  readonly memory: number;
}

/** Between them they make every call, and both ask for far more than an empty heap takes. */
const TRACES = ["cc1", "dot"];

export async function prepare({ name, resolved }: Combination): Promise<TestedBuild> {
  const build = { ...(await buildOf(resolved)), name };
  const createHeap = await variantOf(build).instantiate();
  const perTrace = TRACES.map(recordedTrace).map(
    (trace) => verifyReplay(trace, createHeapFor(createHeap, trace), build.alignment).committedPerLive,
  );
  return { build, memory: geometricMean(perTrace) };
}
