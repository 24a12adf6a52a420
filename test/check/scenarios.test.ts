/**
 * Scenarios hold as far as a moment's search goes: every second one here, all with
 * SLABSMITH_SECONDS. `slabsmith check` looks at all of them, and goes further.
 */
import { expect, test } from "vitest";
import { exploreScenario } from "../../generator/check/explore-scenario.ts";
import { scenarios } from "../../generator/check/scenarios/index.ts";

const SECONDS = Number(process.env.SLABSMITH_SECONDS ?? 0.2);
const chosen =
  process.env.SLABSMITH_SECONDS === undefined ? scenarios.filter((_, index) => index % 2 === 0) : scenarios;

test.each(chosen)("$name: $shows", (scenario) => {
  const report = exploreScenario(scenario, { seconds: SECONDS });
  expect(report.failing).toBeUndefined();
  const executions = report.explorations.reduce((sum, exploration) => sum + exploration.executions, 0);
  expect(executions).toBeGreaterThan(1);
});

test("names are names once", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
