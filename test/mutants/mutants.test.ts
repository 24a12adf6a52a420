/**
 * Mutants of the kernel, judged by the suites of test/heap: those that were once not noticed, and a
 * small sample. `npm run evidence:mutants` judges as many as one likes.
 */
import { describe, expect, test } from "vitest";
import { readKernel } from "../../generator/kernel-source.ts";
import { directedMutants } from "./directed.ts";
import { titleOf, titlesOf } from "./mutant.ts";
import { semanticMutants } from "./operators.ts";
import { runMutants, type Verdict } from "./run.ts";
import { sampleOf } from "./sample.ts";
import { typeChecker } from "./type-check.ts";

const kernel = readKernel();
const quiet = { start() {}, step() {}, stop() {} };
const every = semanticMutants(kernel);

/** Verdicts of mutants, by their numbers. */
async function verdictsOf(mutants: Parameters<typeof runMutants>[1], only: readonly string[]) {
  const verdicts = new Map<number, Verdict>();
  const unusable: string[] = [];
  await runMutants(kernel, mutants, [...mutants.keys()], {
    progress: quiet,
    only,
    budgetMs: 5000,
    check: false,
    judged: (number, verdict) => verdicts.set(number, verdict),
    unusable: (name, failure) => unusable.push(`${name}: ${failure}`),
  });
  return { verdicts, unusable };
}

describe("directed", () => {
  const directed = directedMutants(kernel);
  const judged = verdictsOf(
    directed,
    directed.flatMap(({ tests }) => tests),
  );

  test.each(directed.map((mutant, number) => ({ ...mutant, number })))("$what: told", async ({ number }) => {
    const { verdicts, unusable } = await judged;
    expect(unusable).toEqual([]);
    expect(verdicts.get(number)?.told, "no test tells it").toBeDefined();
  });
});

const SAMPLE = 10;
/** What every heap of one thread goes through, … */
const FILES =
  /kernel\/(slab|refill|virgin|page-run|superslab|malloc|realloc|stages\/partial|tiers\/fast)\.ts/;
/** … and few variants that have it all between them. */
const SUITES = ["waves", "smallest-heap", "realloc", "accounts", "lru"];
const FEW = [
  ...SUITES.map((suite) => `heap/${suite}.test.ts › single ›`),
  "heap/remembered-slabs.test.ts › all-tiers ›",
];

test("of a small sample most are told by a few suites", { timeout: 300_000 }, async () => {
  const core = every.filter(({ file }) => FILES.test(file));
  const sample = sampleOf(kernel, core, { count: SAMPLE, seed: 1 });
  const { verdicts } = await verdictsOf(sample, FEW);
  const alive = sample.filter((_, number) => verdicts.get(number)?.told === undefined).map(titleOf);
  expect(verdicts.size).toBe(SAMPLE);
  expect(alive.length, alive.join("\n")).toBeLessThanOrEqual(SAMPLE / 2);
});

test("mutants are many, of every file, and each has a title of its own", () => {
  const titles = titlesOf(every);
  expect(new Set(titles).size).toBe(every.length);
  expect(every.length).toBeGreaterThan(3000);
  for (const { path } of kernel.modules) {
    if (/^kernel\/(pool|stages|tiers)\//.test(path)) expect(every.map(({ file }) => file)).toContain(path);
  }
});

test("a sample is the same for the same seed, and another for another", () => {
  const few = every.filter(({ file }) => file === "kernel/lru.ts");
  const titles = (seed: number) => sampleOf(kernel, few, { count: 5, seed }).map(titleOf);
  expect(titles(3)).toEqual(titles(3));
  expect(titles(3)).not.toEqual(titles(4));
});

test("what an editor would underline is no mutant", () => {
  const passes = typeChecker(kernel);
  const mutant = every.find(({ kind, file }) => kind === "statement gone" && file === "kernel/lru.ts")!;
  expect(passes(mutant)).toBe(true);
  expect(passes({ ...mutant, to: 'store32("HEAP", 0);' })).toBe(false);
});
