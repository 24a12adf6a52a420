/** A table of reports, a line for each scenario. */
import pc from "picocolors";
import type { Report } from "./explore-scenario.ts";

export function table(reports: readonly Report[]): string {
  const rows = reports.map(({ scenario, exhausted, failing, explorations }) => {
    const result = failing ? "FAILS" : exhausted ? "exhausted" : "holds";
    const sum = (pick: (of: (typeof explorations)[number]) => number) =>
      explorations.reduce((total, exploration) => total + pick(exploration), 0);
    const deepest = Math.max(...explorations.map((exploration) => exploration.deepest));
    return [
      scenario,
      result,
      String(sum(({ executions }) => executions)),
      String(deepest),
      sum(({ seconds }) => seconds).toFixed(2),
      explorations.map(({ search }) => search).join("; "),
    ];
  });
  const heading = ["scenario", "result", "executions", "depth", "seconds", "search"];
  const width = Math.max(...[heading, ...rows].map(([name]) => name!.length));
  const line = ([name, result, executions, depth, seconds, search]: readonly string[]) =>
    `${name!.padEnd(width)}  ${result!.padEnd(9)}${[executions, depth, seconds].map((cell) => cell!.padStart(11)).join("")}  ${search}`;
  return [pc.dim(line(heading)), ...rows.map(line)].join("\n");
}
