/** A matrix's report as a page. */
import { columnName } from "../../bench/matrix/plan.ts";
import type { MatrixReport } from "../../bench/matrix/report.ts";
import { sectionsOf } from "../../bench/matrix/sections.ts";
import type { HeatMap, ScatterChart } from "./chart.ts";
import { machineLines } from "./circumstances.ts";
import type { Page } from "./page.ts";

export function matrixPage(report: MatrixReport, command: string): Page {
  const { spec, axes, variants, columns, sampling, machines, warnings, baseline } = report;
  const choices = axes.map(({ path, labels }) => `${path} (${labels.join(", ")})`);
  return {
    title: `Matrix of ${spec}`,
    lead: [
      `${variants.length} variants of ${spec} on ${columns.length} workloads. Crossed are ${choices.join(", ")}.`,
      `Ratios refer to ${baseline}, round by round.`,
    ],
    sections: [
      { title: "Speed of each variant", text: "Above 1 is faster.", charts: [speedMap(report)] },
      {
        title: "Speed, code and memory",
        text: "A point for each variant that ran everywhere.",
        charts: [codeChart(report)],
      },
      ...sectionsOf(report).map(({ title, head, words, rows, notes }) => ({
        title: title.charAt(0).toUpperCase() + title.slice(1),
        ...(notes.length > 0 && { text: `${notes.join(". ")}.` }),
        ...(rows.length > 0 && { tables: [{ head, words, rows }] }),
      })),
    ],
    circumstances: [
      `${sampling.rounds} rounds, ${sampling.samples} samples of ${sampling.seconds * 1000} ms each.`,
      ...machineLines(machines),
    ],
    warnings,
    command,
  };
}

function speedMap({ variants, columns, cells }: MatrixReport): HeatMap {
  return {
    kind: "heat",
    title: "speed against the baseline",
    columns: columns.map(columnName),
    rows: variants.map(({ name }) => name),
    unit: "ratio",
    middle: 1,
    values: variants.map(({ name }) =>
      columns.map(({ workload, threads }) => {
        const cell = cells.find(
          (each) => each.variant === name && each.workload === workload && each.threads === threads,
        );
        return cell && "ratio" in cell.outcome ? cell.outcome.ratio.median : null;
      }),
    ),
  };
}

function codeChart({ variants }: MatrixReport): ScatterChart {
  return {
    kind: "scatter",
    title: "mean speed by bytes of code",
    x: { name: "index.min.js, gzipped", unit: "number" },
    y: { name: "speed against the baseline", unit: "ratio" },
    series: [
      {
        name: "variants",
        points: variants.flatMap(({ name, bytes, ratio, memory }) =>
          bytes === undefined || ratio === undefined
            ? []
            : [{ x: bytes.gzip, y: ratio, label: `${name}; memory ${memory?.toFixed(2)}` }],
        ),
      },
    ],
  };
}
