/**
 * Figures for a README: of a report that `slabsmith bench --out` wrote, with the machine it was
 * measured on.
 */
import { readFileSync } from "node:fs";
import type { BenchReport } from "../../bench/report.ts";
import { UserError } from "../../spec/user-error.ts";

export interface Figures {
  readonly machine: string;
  readonly rows: readonly { readonly workload: string; readonly millions: string }[];
}

export function readFigures(file: string, variant: string): Figures {
  const refuse = (problem: string): never => {
    throw new UserError(`--figures ${file}: ${problem}; name a report that \`slabsmith bench --out\` wrote`);
  };
  let report: Partial<BenchReport>;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return refuse((error as Error).message);
  }
  const { machine, workloads } = report;
  if (machine === undefined || workloads === undefined) return refuse("this is no report");
  const rows = workloads.flatMap(({ name, threads, results }) => {
    const own = results.find((result) => result.name === variant);
    if (own === undefined) return [];
    const where = threads === undefined ? name : `${name}, threads: ${threads}`;
    return [{ workload: where, millions: (own.operationsPerSecond.median / 1e6).toPrecision(3) }];
  });
  if (rows.length === 0) refuse(`nothing in it is of ${variant}`);
  return {
    machine: `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`,
    rows,
  };
}
