/** docs/choices.md says what the schema, the rules and the builds say. */
import { expect, test } from "vitest";
import { sections } from "../../generator/choices-page/choices.ts";
import { findConflicts, kindOf } from "../../generator/choices-page/conflicts.ts";
import { type Costs, comparisons, costOf } from "../../generator/choices-page/costs.ts";
import measured from "../../generator/choices-page/measured-costs.json" with { type: "json" };
import { choicesPage } from "../../generator/choices-page/page.ts";
import { contradictions } from "../../spec/contradictions/index.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { readBadSpecs } from "../spec/bad-specs.ts";

const choices = sections().flatMap((section) => section.choices);
const costs: Costs = measured;

test("the page is what the schema and the rules say; `vitest -u` renews it", async () => {
  await expect(choicesPage(costs)).toMatchFileSnapshot("../../docs/choices.md");
});

test("every contradiction that a spec can have is on the page", () => {
  const found = new Set(findConflicts(choices).map(kindOf));
  const known = readBadSpecs().flatMap(({ title, spec: bad }) => {
    const { spec, unknown } = parseSpec(bad, "bad");
    return spec === undefined ? [] : contradictions(spec, unknown).map((problem) => ({ title, problem }));
  });
  expect(known.length).toBeGreaterThan(40);
  expect(known.filter(({ problem }) => !found.has(kindOf(problem))).map(({ title }) => title)).toEqual([]);
});

test("costs are told of choices that exist, and of all that can be compared", () => {
  const compared = choices.filter((choice) => comparisons(choice).length > 0).map(({ path }) => path);
  expect(Object.keys(costs).sort()).toEqual(compared.sort());
});

/** A kernel changes, and nobody measures for a few bytes: this is where the page would mislead. */
const TOLERANCE = { bytes: 150, share: 0.2 };

test.each(["tiers.tlsSll", "zero.knowledge", "api.image", "lru.entries"])(
  "%s costs about what was measured; `npx tsx generator/choices-page/renew.ts` measures again",
  async (path) => {
    for (const { value, insteadOf, min } of costs[path] ?? []) {
      const now = await costOf(path, value, insteadOf);
      const allowed = Math.max(TOLERANCE.bytes, TOLERANCE.share * Math.abs(min));
      expect(Math.abs((now?.min ?? Number.NaN) - min)).toBeLessThanOrEqual(allowed);
    }
    expect(costs[path]).toHaveLength(1);
  },
);
