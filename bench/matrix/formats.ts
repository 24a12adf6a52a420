/** A report for people at a terminal, for documents, for spreadsheets. */
import colors from "picocolors";
import { table, warningText } from "../tables.ts";
import type { MatrixReport } from "./report.ts";
import { sectionsOf } from "./sections.ts";

export function toText(report: MatrixReport): string {
  const sections = sectionsOf(report).map(({ title, head, words, rows, notes }) =>
    [
      colors.bold(title),
      ...(rows.length > 0
        ? [
            table(
              [...head],
              rows.map((row) => [...row]),
              words,
            ),
          ]
        : []),
      ...notes,
    ].join("\n"),
  );
  const warnings = report.warnings.length > 0 ? [warningText(report.warnings)] : [];
  return `${[...sections, circumstances(report).join("\n"), ...warnings].join("\n\n")}\n`;
}

export function toMarkdown(report: MatrixReport): string {
  const sections = sectionsOf(report).map(({ title, head, words, rows, notes }) =>
    [
      `## ${capitalised(title)}`,
      ...(rows.length > 0
        ? [[head, head.map((_, at) => (at < words ? "---" : "---:")), ...rows].map(row).join("\n")]
        : []),
      ...(notes.length > 0 ? [notes.map((note) => `* ${note}`).join("\n")] : []),
    ].join("\n\n"),
  );
  const notes = [...circumstances(report), ...report.warnings.map((warning) => `Warning: ${warning}`)];
  return `${[`# Matrix of \`${report.spec}\``, ...sections, ...notes].join("\n\n")}\n`;
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function circumstances({
  sampling: { rounds, samples, seconds },
  machines,
  axes,
  columns,
  variants,
}: MatrixReport): string[] {
  return [
    `${axes.map(({ path, labels }) => `${path} {${labels.join(", ")}}`).join(" × ")}: ${variants.length} variants, ${columns.length} columns`,
    `medians of ${rounds} interleaved rounds, ${samples} samples of ${seconds * 1000} ms each; ratios are formed round by round with the baseline in the same run`,
    ...machines.map(({ cpu, cores, node, v8 }) => `${cpu}, ${cores} cores, Node ${node}, V8 ${v8}`),
  ];
}

/** A line per figure, RFC 4180. */
export function toCsv({ axes, cells, variants, spec }: MatrixReport): string {
  const head = [
    "spec",
    ...axes.map(({ path }) => path),
    "workload",
    "threads",
    ...[
      "operations/s median",
      "operations/s p25",
      "operations/s min",
      "ratio median",
      "ratio p25",
      "ratio min",
    ],
    ...["stable", "min bytes", "gzip bytes", "memory", "problem"],
  ];
  const lines = cells.map(({ variant, labels, workload, threads, outcome }) => {
    const summary = variants.find(({ name }) => name === variant);
    const figures =
      "ratio" in outcome
        ? [outcome.operationsPerSecond, outcome.ratio].flatMap(({ median, p25, min }) => [median, p25, min])
        : Array.from({ length: 6 }, () => "");
    const problem = "absent" in outcome ? outcome.absent : "failed" in outcome ? outcome.failed : "";
    return [
      spec,
      ...axes.map(({ path }) => labels[path]),
      workload,
      threads,
      ...figures,
      "stable" in outcome ? outcome.stable : "",
      summary?.bytes?.min,
      summary?.bytes?.gzip,
      summary?.memory,
      problem,
    ];
  });
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function quoted(value: unknown): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
