/**
 * Systems that can be chosen already and that the kernel does not have yet. An entry goes when its
 * system comes.
 */
import type { Choices } from "./schema.ts";
import { type Problem, show } from "./spec-error.ts";
import { valueAt } from "./value-at.ts";

interface Missing {
  readonly path: string;
  /** Row and name of the system. */
  readonly system: string;
  /** The values that do without the system; anything else asks for it. By default `false`. */
  readonly without?: unknown;
}

export const missing: readonly Missing[] = [
  { path: "guards.listValidation", system: "G1 list validation" },
  { path: "guards.pushValidation", system: "G2 push validation" },
  { path: "guards.ownership", system: "R4 ownership assertion" },
  { path: "guards.doubleFree", system: "G3 double free" },
  { path: "guards.poison", system: "G3 poison" },
  { path: "guards.quarantine", system: "G3 quarantine", without: 0 },
  { path: "guards.redZone", system: "G3 red zone", without: 0 },
  { path: "guards.headerCheck", system: "G3 header check" },
  { path: "observe.counters", system: "G5 counters" },
  { path: "observe.traceRing", system: "G4 trace ring" },
  { path: "observe.logLimit", system: "G7 log volume", without: 0 },
];

export function notBuiltYet(spec: Choices): Problem[] {
  return missing
    .map((entry) => ({ without: false, ...entry }))
    .map(({ without, ...entry }) => ({ ...entry, without, value: valueAt(spec, entry.path) }))
    .filter(({ value, without }) => value !== without)
    .map(({ path, value, system, without }) => ({
      path,
      value,
      message: `${system} is not built yet`,
      fix: without === false ? "leave it out" : `use ${show(without)}`,
    }));
}
