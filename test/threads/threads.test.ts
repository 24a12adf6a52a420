/**
 * Workers of Node on one heap: what each finds is whole, at the end everything is home, and who
 * dies blocks nobody.
 */
import { describe, expect, test } from "vitest";
import { resolveSpec } from "../../spec/resolve.ts";
import { guardedVariants, twinOf, Variant, variantOf, variants } from "../support/variants.ts";
import { nodeSubject } from "./node-host.ts";
import { type Effort, scenariosFor, seedMatrix } from "./scenarios.ts";

const shared = [...variants, ...guardedVariants].filter(({ resolved }) => resolved.kernel.manyThreads);
/** Builds that are told at run time what these are: other geometry, another kind of memory. */
const told = [twinOf(variantOf("shared-lists")), twinOf(variantOf("shared-wasm"))];

/** Per variant; `npm run evidence:stress` asks for more. */
const effort: Effort = {
  operations: Number(process.env.STRESS_OPERATIONS ?? 400_000),
  workers: 4,
  kills: Number(process.env.STRESS_KILLS ?? 12),
};

describe.each([...shared, ...told])("$name", (variant) => {
  for (const { title, run } of scenariosFor(variant.resolved.kernel)) {
    test(title, async () => run(await nodeSubject(variant), effort));
  }

  test("what nobody can reclaim offers nothing for it", async () => {
    const { reclaim } = variant.resolved.kernel;
    const files = await variant.files();
    expect(files.has("workers.js")).toBe(reclaim);
    for (const name of ["reserve(", "reclaim("]) {
      expect(String(files.get("index.d.ts")).includes(`    ${name}`)).toBe(reclaim);
    }
  });

  test("waits nowhere: a page's main thread must not", async () => {
    expect((await variant.files()).get("index.js")).not.toContain("Atomics.wait");
  });
});

/**
 * The matrix in which the historical allocator was seen to crash (B1). Slots: a worker each, and
 * this thread.
 */
const matrix = [0, 64].flatMap((cap) =>
  [false, { cap: 256 }].flatMap((tlsList) => {
    const name = `fast cap ${cap}, TLS list ${tlsList ? "on" : "off"}`;
    const tiers = { tlsSll: false, fast: { cap }, tlsList } as const;
    const resolved = resolveSpec({ extends: "shared", threads: 9, tiers }, "seed");
    const variant = new Variant(name, resolved, resolved);
    return [1, 2, 4, 8].map((threads) => ({ variant, name, threads }));
  }),
);

test.each(matrix)("$name, $threads workers", async ({ variant, threads }) => {
  await seedMatrix(await nodeSubject(variant), threads);
});
