/** Samples of a run, taken by benny. */
import type { SampleOptions } from "./contender.ts";

/** benny announces each suite on standard output, which belongs to the result. */
const quiet = () => Promise.resolve((suite: { off(event: string): typeof suite }) => suite.off("start"));

/** benny makes an event of an error that `run` throws, unless it is the very first time. */
const unwrap = (reason: Error | { readonly target: { readonly error: Error } }): never => {
  throw reason instanceof Error ? reason : reason.target.error;
};

export async function sampleRuns(run: () => void, { samples, seconds }: SampleOptions): Promise<number[]> {
  // Loaded late: the command line names what can be measured, also where benny is not installed.
  const { add, configure, suite } = await import("benny");
  const summary = await suite(
    "",
    // The shortest maxTime that is not taken for "unset": as many samples as asked for, and not one
    // more.
    configure({ cases: { minSamples: samples, minTime: seconds, maxTime: 1e-9, delay: 0 } }),
    add("run", run),
    quiet,
  ).catch(unwrap);
  return summary.results.flatMap((result) => result.details.sampleResults);
}
