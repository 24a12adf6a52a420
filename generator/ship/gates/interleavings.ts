/**
 * Scenarios of `slabsmith check` whose choices are the spec's: so many executions of each search,
 * the same every time.
 */
import { valueAt } from "../../../spec/value-at.ts";
import { shareOut } from "../../check/crew/crew.ts";
import type { Scenario } from "../../check/scenario.ts";
import { scenarios } from "../../check/scenarios/index.ts";
import { type Candidate, demand, type Gate } from "../gate.ts";

const EXECUTIONS = 40;
/** Executions are the limit: a time would end the search elsewhere on every machine. */
const SECONDS = 3600;

export const interleavings: Gate = {
  name: "interleavings",
  async pass({ resolved }) {
    const fitting = scenarios.filter((scenario) => fits(scenario, resolved.spec));
    const jobs = fitting.map((scenario) => ({ scenario, seconds: SECONDS, executions: EXECUTIONS }));
    const reports = await shareOut("scenario", jobs);
    const [failed] = reports.filter(({ failing }) => failing !== undefined);
    demand(
      failed === undefined,
      `scenario ${failed?.scenario} fails: ${failed?.failing?.message}; \`slabsmith check ${failed?.scenario}\` tells its story`,
    );
    return `${fitting.length} scenarios of simulated threads, up to ${EXECUTIONS} executions of each search`;
  },
};

/**
 * Whether a scenario's heap has no system that the spec does without, and lacks none by choice that
 * the spec has.
 */
function fits({ heap }: Scenario, spec: Candidate["resolved"]["spec"]): boolean {
  return [...switches(heap.spec, "")].every(([path, isOn]) => isOn === isSwitchedOn(valueAt(spec, path)));
}

function* switches(value: unknown, path: string): Iterable<[path: string, isOn: boolean]> {
  if (typeof value === "boolean") yield [path, value];
  if (typeof value !== "object" || value === null) return;
  if (path.startsWith("tiers.")) yield [path, true];
  for (const [key, inner] of Object.entries(value))
    yield* switches(inner, path === "" ? key : `${path}.${key}`);
}

const isSwitchedOn = (value: unknown) => value !== false && value !== undefined;
