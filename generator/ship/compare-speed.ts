/**
 * Speed against an earlier package: both take turns in one run, so that both have the same weather.
 */
import { measure } from "../../bench/measuring-process.ts";
import type { Progress } from "../../bench/progress.ts";
import { type Candidate, demand } from "./gate.ts";
import type { Shipped } from "./shipped.ts";

export interface SpeedVerdict {
  /**
   * Of the earlier package's speed, in the geometric mean of the traces: median of the rounds, and
   * the better quartile.
   */
  readonly ratio: number;
  readonly upperQuartile: number;
  readonly verdict: "not slower" | "slower";
}

const SETTINGS = { rounds: 9, samples: 3, seconds: 0.02 };
const DEFAULT_LIMIT = 0.95;

/**
 * Slower is what is below the limit in the median and slower in three quarters of the rounds as
 * well: less than that is what a noisy machine makes of two equal builds.
 */
export async function compareSpeed(
  { variant, code, resolved }: Candidate,
  earlier: Shipped,
  progress: Progress,
): Promise<SpeedVerdict> {
  const build = (name: string, text: string) => ({
    name,
    code: text,
    alignment: resolved.spec.alignment,
    bytes: variant.manifest.bytes,
  });
  const [now, before] = ["now", "before"] as const;
  const report = await measure(
    {
      builds: [build(now, code), build(before, earlier.read("index.js"))],
      peers: [],
      workloads: ["W7"],
      traces: [],
      special: [],
      threaded: [],
      settings: { ...SETTINGS, baseline: now },
    },
    progress,
  );
  const other = report.traces.find(({ name }) => name === before)?.ratio;
  demand(other !== undefined, "the earlier package does not run the recorded traces");
  const ratio = 1 / other.median;
  const upperQuartile = 1 / other.p25;
  const limit = resolved.ship?.minSpeedRatio ?? DEFAULT_LIMIT;
  const isSlower = ratio < limit && upperQuartile < 1;
  return { ratio, upperQuartile, verdict: isSlower ? "slower" : "not slower" };
}
