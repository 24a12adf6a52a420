/** Why figures of a matrix should not be trusted. */
import type { Machine } from "../machine.ts";
import type { Cell } from "./cell.ts";
import { columnName, type Sampling } from "./plan.ts";

/** Fewer rounds have no quartile worth the name. */
const FEWEST_ROUNDS = 5;

export function findWarnings(
  { rounds }: Sampling,
  machines: readonly Machine[],
  cells: readonly Cell[],
): string[] {
  return [...aboutRounds(rounds), ...aboutMachines(machines), ...aboutLoad(cells), ...aboutSpread(cells)];
}

function aboutRounds(rounds: number): string[] {
  if (rounds >= FEWEST_ROUNDS) return [];
  return [`${rounds} rounds say little about the spread: use at least ${FEWEST_ROUNDS}`];
}

function aboutMachines(machines: readonly Machine[]): string[] {
  if (machines.length < 2) return [];
  const names = machines.map(
    ({ cpu, cores, platform, node }) => `${cpu}, ${cores} cores, ${platform}, Node ${node}`,
  );
  return [
    `the figures come from ${machines.length} different machines (${names.join("; ")}): ` +
      "ratios were formed on one machine each, operations per second cannot be compared",
  ];
}

function aboutLoad(cells: readonly Cell[]): string[] {
  const busy = cells.filter(({ machine }) => machine.load > machine.cores / 2);
  if (busy.length === 0) return [];
  const most = Math.max(...busy.map(({ machine }) => machine.load));
  return [
    `the machine was busy before ${busy.length} of ${cells.length} figures were taken (load up to ${most.toFixed(1)}): ` +
      "end other programs and measure again with --fresh",
  ];
}

function aboutSpread(cells: readonly Cell[]): string[] {
  const unstable = cells.filter(({ outcome }) => "stable" in outcome && !outcome.stable);
  if (unstable.length === 0) return [];
  const places = [...new Set(unstable.map(columnName))].join("; ");
  return [
    `${unstable.length} of ${cells.length} figures are not stable, the 25th percentile below 0.85 or the minimum ` +
      `below 0.6 of the median (marked ~; ${places}): measure again on a quiet machine or with more rounds`,
  ];
}
