/** What a series of rounds says, and whether to believe it. */
import { geometricMean, median, min, quantileSorted } from "simple-statistics";

export interface Spread {
  readonly median: number;
  readonly p25: number;
  readonly min: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: median(sorted), p25: quantileSorted(sorted, 0.25), min: min(sorted) };
}

/** A series counts when its lower half stays near its median. */
export function isStable({ median, p25, min }: Spread): boolean {
  return p25 >= 0.85 * median && min >= 0.6 * median;
}

/** Of each figure: the geometric mean of medians, of quartiles, of minima. */
export function geometricSpread(spreads: readonly Spread[]): Spread {
  const of = (figure: keyof Spread): number => geometricMean(spreads.map((each) => each[figure]));
  return { median: of("median"), p25: of("p25"), min: of("min") };
}
