/** Figures of a tuning in words, for the spec file, the table and the page. */
import type { MedianInterval } from "../../bench/statistics.ts";
import { type Comparison, isTold } from "./judge.ts";

/** `+3.1 %`. */
export function percent(ratio: number): string {
  const value = (ratio - 1) * 100;
  const text = value.toFixed(Math.abs(value) < 9.95 ? 1 : 0);
  return `${Number(text) > 0 ? "+" : ""}${text.replace("-0.0", "0.0").replace("-", "−")} %`;
}

/** Within that, two speeds are the same. */
const SAME = 0.03;

/** `+3.1 %`, `the same`, or `unclear`: the interval has room for a gain and for a loss. */
export function speedWord(speed: MedianInterval): string {
  if (isTold(speed)) return percent(speed.median);
  return speed.low > 1 - SAME && speed.high < 1 + SAME ? "the same" : "unclear";
}

/** `+2.0 % to +4.2 %`. */
export function rangeText({ low, high }: MedianInterval): string {
  return `${percent(low)} to ${percent(high)}`;
}

export function speedText(speed: MedianInterval): string {
  return `speed ${speedWord(speed)} (${rangeText(speed)})`;
}

export function comparisonText({ speed, memory, size }: Comparison): string {
  return [
    `footprint ${percent(memory)}`,
    speedText(speed),
    ...(percent(size) === percent(1) ? [] : [`gzipped code ${percent(size)}`]),
  ].join(", ");
}
