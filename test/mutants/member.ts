/**
 * A process of the crew: runs tests of the suites on mutants, and scenarios of `slabsmith check`.
 */
import { readFileSync } from "node:fs";
import { judge } from "../../generator/check/mutants/judge.ts";
import { scenarios } from "../../generator/check/scenarios/index.ts";
import { readKernel } from "../../generator/kernel-source.ts";
import { GeneratorError } from "../../generator/stages/generator-error.ts";
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Files } from "../support/emitted.ts";
import { substituteBuilds } from "../support/substitute.ts";
import type { WakingSpec } from "./asleep.ts";
import type { Answer, Build, Given, Told } from "./messages.ts";
import type { SemanticMutant } from "./mutant.ts";
import type { CollectedTest } from "./suites/collect.ts";
import { loadSuites } from "./suites/load.ts";

/** For each search of a scenario. */
const EXECUTIONS = 300;

let tests: readonly CollectedTest[] = [];
/**
 * What is awake; while it is found out what a test comes to: what was come to. Workers see it too.
 */
let mutants = new Uint8Array(new SharedArrayBuffer(0));
let isCovering = false;

process.on("message", async (given: Given) => {
  try {
    process.send?.(await perform(given));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.once("disconnect", () => process.exit());
// What a suite leaves behind, a timer or a worker, may fail when its test is over already.
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});

async function perform(given: Given): Promise<Answer> {
  switch (given.kind) {
    case "begin":
      await begin(given.builds, given.mutants);
      return { kind: "ready", tests: tests.map(({ name }) => name) };
    case "cover":
      return cover(tests[given.test]);
    case "judge":
      return { kind: "judged", told: await firstToTell(given.mutant, given.tests) };
    case "check":
      return { kind: "judged", told: firstScenarioToTell(given.mutant) };
  }
}

async function begin(builds: readonly Build[], count: number): Promise<void> {
  mutants = new Uint8Array(new SharedArrayBuffer(count));
  const plain = new Map<number, Files>();
  const covering = new Map<number, Files>();
  for (const { threads, file } of builds) {
    const text = readFileSync(file, "utf8");
    plain.set(threads, filesOf(text));
    covering.set(
      threads,
      filesOf(text.replace(/spec\.mutants\[(\d+)\] === 1/g, "(spec.mutants[$1] = 1) === 0")),
    );
  }
  substituteBuilds({
    files: ({ threads }: KernelSpec) => (isCovering ? covering : plain).get(threads) as Files,
    spec: (kernel: KernelSpec): WakingSpec => ({ ...kernel, mutants }),
  });
  tests = await loadSuites();
}

function filesOf(text: string): Files {
  return new Map(["index.js", "allocator.ts"].map((name) => [name, text]));
}

async function cover(test: CollectedTest): Promise<Answer> {
  isCovering = true;
  mutants.fill(0);
  const start = performance.now();
  const failure = await failureOf(test);
  const ms = performance.now() - start;
  isCovering = false;
  const reached = [...mutants.keys()].filter((mutant) => mutants[mutant] === 1);
  return { kind: "covered", ms, reached, failure };
}

async function firstToTell(mutant: number, chosen: readonly number[]): Promise<Told | undefined> {
  mutants.fill(0);
  mutants[mutant] = 1;
  for (const number of chosen) {
    const test = tests[number];
    begun(test.name, number);
    const message = await failureOf(test);
    if (message !== undefined) return { by: test.name, message };
  }
  return undefined;
}

async function failureOf(test: CollectedTest): Promise<string | undefined> {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return String((error as Error | undefined)?.message ?? error).slice(0, 400);
  }
}

function firstScenarioToTell(mutant: SemanticMutant): Told | undefined {
  for (const scenario of scenarios) {
    begun(`check ${scenario.name}`);
    try {
      const { caught } = judge(mutant, readKernel(), [scenario], EXECUTIONS);
      if (caught !== undefined)
        return { by: `check ${scenario.name}`, message: caught.message.slice(0, 400) };
    } catch (error) {
      // In a scenario's build there may be nothing for a mutant to stand on.
      if (!(error instanceof GeneratorError)) {
        return { by: `check ${scenario.name}`, message: String((error as Error).message).slice(0, 400) };
      }
    }
  }
  return undefined;
}

function begun(what: string, test?: number): void {
  process.send?.({ kind: "begun", what, test } satisfies Answer);
}
