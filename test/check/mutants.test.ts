/**
 * Mutants of the kernel for many threads: each has something broken, and a scenario tells so. Here
 * the historical failures, every second of the other known ones, and those generated for one
 * function; `slabsmith check --mutants` judges all.
 */
import { describe, expect, test } from "vitest";
import { HeapTrial } from "../../generator/check/heap-trial.ts";
import { EQUIVALENT } from "../../generator/check/mutants/equivalent.ts";
import { generatedMutants } from "../../generator/check/mutants/generated.ts";
import { judge } from "../../generator/check/mutants/judge.ts";
import { knownMutants } from "../../generator/check/mutants/known.ts";
import { mutate, nameOf } from "../../generator/check/mutants/mutant.ts";
import { scenarios } from "../../generator/check/scenarios/index.ts";
import { depthFirst } from "../../generator/check/search/depth-first.ts";
import { sourceDpor } from "../../generator/check/search/source-dpor.ts";
import { readKernel } from "../../generator/kernel-source.ts";

const kernel = readKernel();
const known = knownMutants(kernel);
const generated = generatedMutants(kernel);
const named = (name: string) => scenarios.filter((scenario) => scenario.name === name);
/** Enough for each of them, on any machine. */
const EXECUTIONS = 7000;

const chosen = known.filter(({ kind }, index) => /^B\d+$/.test(kind) || index % 2 === 0);

describe.each(chosen)("$kind: $what", (mutant) => {
  test(`${mutant.scenario} tells`, () => {
    const { caught } = judge(mutant, kernel, named(mutant.scenario), EXECUTIONS);
    expect(caught?.message).toMatch(mutant.caught);
  });
});

test("each of the ten historical failures is among them", () => {
  const historical = new Set(known.flatMap(({ kind }) => (/^B\d+$/.test(kind) ? [kind] : [])));
  expect([...historical].sort()).toEqual(["B1", "B10", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"]);
});

test("mistakes of ownership are found by the race detector, and by nothing else", () => {
  const races = known.filter(({ caught }) => caught.source === "data race");
  expect(races.length).toBeGreaterThan(3);
  const blind = races.filter((mutant) => {
    const [scenario] = named(mutant.scenario);
    const trial = new HeapTrial(scenario!, mutate(kernel, mutant));
    // Where a thread dies: in the middle of what the mutant has broken.
    trial.dieAfter = 3;
    return depthFirst(unwatched(trial), sourceDpor, { executions: 300 }).failure === undefined;
  });
  expect(blind.length).toBeGreaterThan(3);
});

/** The same trial with plain accesses unwatched. */
function unwatched(trial: HeapTrial) {
  return {
    machine: trial.machine,
    start() {
      trial.start();
      for (const port of trial.machine.ports) port.watched = false;
    },
    finish: () => trial.finish(),
  };
}

describe("generated mutants", () => {
  const ofPush = generated.filter(({ inside }) => inside === "pushRemote");

  test("leave a step out, split it, make it plain, swap it with its neighbour", () => {
    expect(ofPush.map(({ kind, to }) => [kind, to.replace(/\s+/g, " ")])).toEqual([
      [
        "swapped",
        "seen = atomicCas(slab + Slab.remote, list, withBlock(list, block)); link(block, firstRemote(block >>> PAGE_SHIFT, list));",
      ],
      ["left out", "atomicLoad(slab + Slab.remote)"],
      ["split", "split(slab + Slab.remote, list, withBlock(list, block))"],
      ["plain", "split(slab + Slab.remote, list, withBlock(list, block))"],
    ]);
  });

  test.each(ofPush)("$kind: $from", (mutant) => {
    expect(judge(mutant, kernel, named("remote-free-against-drain"), EXECUTIONS).caught).toBeDefined();
  });

  test("what no scenario has in its build is told from what none notices", () => {
    const absent = generated.find(({ inside }) => inside === "claimPages")!;
    expect(judge(absent, kernel, named("two-adopters"), EXECUTIONS)).toEqual({ tried: 0, exhausted: 0 });
  });

  test("those said to be equivalent exist", () => {
    const names = new Set(generated.map(nameOf));
    expect(Object.keys(EQUIVALENT).filter((name) => !names.has(name))).toEqual([]);
  });
});
