/** Figures of a tuning in words, for the spec file, the table and the page. */
import type { MedianInterval } from "../../bench/statistics.ts";
import { type Comparison, isTold } from "./judge.ts";

/** `+3.1 %`. */
export function percent(ratio: number): string {
  const value = (ratio - 1) * 100;
  const text = value.toFixed(Math.abs(value) < 9.95 ? 1 : 0);
  return `${Number(text) > 0 ? "+" : ""}${text.replace("-0.0", "0.0").replace("-", "−")} %`;
}

/** `+3.1 % (+2.0 % to +4.2 %)`, or that it cannot be told. */
export function speedText(speed: MedianInterval): string {
  const range = `${percent(speed.low)} to ${percent(speed.high)}`;
  return isTold(speed) ? `speed ${percent(speed.median)} (${range})` : `speed the same (${range})`;
}

export function comparisonText({ speed, memory, size }: Comparison): string {
  return [
    `footprint ${percent(memory)}`,
    speedText(speed),
    ...(percent(size) === percent(1) ? [] : [`gzipped code ${percent(size)}`]),
  ].join(", ");
}
