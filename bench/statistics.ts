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

/** Where the median lies. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;

/**
 * The median, and the narrowest pair of order statistics that holds the true one with a confidence
 * of 95 %: a sign test turned round, which assumes nothing about the distribution (W. Conover,
 * "Practical Nonparametric Statistics"). Below six values even the extremes are less sure
 * than that; they are taken.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  // Chance that at most `cut` of the values lie below the true median.
  let tail = 0;
  let cut = -1;
  for (let k = 0, term = 0.5 ** count; k < count / 2; term *= (count - k) / (k + 1), k++) {
    tail += term;
    if (2 * tail > 1 - CONFIDENCE) break;
    cut = k;
  }
  const rank = Math.max(cut, 0);
  return { median: median(sorted), low: sorted[rank] as number, high: sorted[count - 1 - rank] as number };
}
