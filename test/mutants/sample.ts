/**
 * A seeded sample of mutants, spread over files and then over kinds of mistakes. Each passes the
 * type check.
 */
import type { Program } from "../../generator/stages/program.ts";
import { randomNumbers } from "../support/script.ts";
import type { SemanticMutant } from "./mutant.ts";
import { typeChecker } from "./type-check.ts";

export interface SampleOptions {
  /** How many; undefined: all. */
  readonly count?: number;
  readonly seed: number;
}

export function sampleOf(
  kernel: Program,
  mutants: readonly SemanticMutant[],
  { count = mutants.length, seed }: SampleOptions,
): SemanticMutant[] {
  const passes = typeChecker(kernel);
  const chosen: SemanticMutant[] = [];
  for (const mutant of spread(mutants, randomNumbers(seed))) {
    if (chosen.length === count) break;
    if (passes(mutant)) chosen.push(mutant);
  }
  return chosen;
}

/** One of each file, then a second of each, and so on; within a file the kinds take turns. */
function spread(mutants: readonly SemanticMutant[], random: () => number): SemanticMutant[] {
  return inTurn(
    mutants.map((mutant) => ({ mutant, rank: random() })),
    ({ mutant }) => mutant.file,
    (ofFile) =>
      inTurn(
        ofFile,
        ({ mutant }) => mutant.kind,
        (ofKind) => [...ofKind].sort((one, two) => one.rank - two.rank),
      ),
  ).map(({ mutant }) => mutant);
}

function inTurn<T extends { rank: number }>(
  items: readonly T[],
  keyOf: (item: T) => string,
  order: (group: readonly T[]) => readonly T[],
): T[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  const queues = [...groups.values()].map(order).sort((one, two) => one[0].rank - two[0].rank);
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => (turn < queue.length ? [queue[turn]] : [])),
  ).flat();
}
