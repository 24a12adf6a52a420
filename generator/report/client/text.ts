/** Figures and words of a chart. */
import type { Unit } from "../chart.ts";

export function textOf(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "";
  switch (unit) {
    case "millions":
      return `${(value / 1e6).toFixed(value >= 1e8 ? 0 : 1)} M/s`;
    case "bytes":
      return value >= 2 ** 20
        ? `${(value / 2 ** 20).toFixed(1)} MiB`
        : value >= 1024
          ? `${(value / 1024).toFixed(0)} KiB`
          : `${value.toFixed(0)} B`;
    case "ratio":
      return `${value.toFixed(2)}×`;
    case "percent":
      return `${value > 0 ? "+" : ""}${value.toFixed(1)} %`;
    case "number":
      return value.toLocaleString("en");
  }
}

/** For tooltips, which are HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
