/** Workers of Node on one heap: what each finds is whole, at the end everything is home, and who dies blocks nobody. */
import { describe, expect, test } from "vitest";
import { type Variant, variants } from "../support/variants.ts";
import { nodeSubject } from "./node-host.ts";
import { type Effort, scenarios, seedMatrix } from "./scenarios.ts";

const shared = variants.filter(({ resolved }) => resolved.lowering === "shared");

/** Per variant; `npm run evidence:stress` asks for more. */
const effort: Effort = {
  operations: Number(process.env.STRESS_OPERATIONS ?? 2_000_000),
  workers: 4,
  kills: Number(process.env.STRESS_KILLS ?? 12),
};

describe.each(shared)("$name", (variant) => {
  for (const { title, run } of scenarios) {
    test(title, async () => run(await nodeSubject(variant), effort));
  }

  test("waits nowhere: a page's main thread must not", async () => {
    expect((await variant.files()).get("index.js")).not.toContain("Atomics.wait");
  });
});

const seeds = ["shared", "shared-lists", "shared-no-lists"] as const;
test.each(seeds.flatMap((name) => [1, 2].map((threads) => [name, threads] as const)))(
  "%s with %i workers",
  async (name, threads) => {
    const variant = shared.find((each) => each.name === name) as Variant;
    await seedMatrix(await nodeSubject(variant), threads);
  },
);
