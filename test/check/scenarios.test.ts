/**
 * Every scenario holds as far as a moment's search goes; `slabsmith check --seconds 600` goes
 * further.
 */
import { expect, test } from "vitest";
import { exploreScenario } from "../../generator/check/explore-scenario.ts";
import { scenarios } from "../../generator/check/scenarios/index.ts";

const SECONDS = Number(process.env.SLABSMITH_SECONDS ?? 0.2);

test.each(scenarios)("$name: $shows", (scenario) => {
  const report = exploreScenario(scenario, { seconds: SECONDS });
  expect(report.failing).toBeUndefined();
  const executions = report.explorations.reduce((sum, exploration) => sum + exploration.executions, 0);
  expect(executions).toBeGreaterThan(1);
});

test("names are names once", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
