/** Mutants of the kernel for many threads: each has one step broken, and a scenario tells so. */
import { describe, expect, test } from "vitest";
import { exploreScenario } from "../../generator/check/explore-scenario.ts";
import { HeapTrial } from "../../generator/check/heap-trial.ts";
import { scenarios } from "../../generator/check/scenarios/index.ts";
import { depthFirst } from "../../generator/check/search/depth-first.ts";
import { sourceDpor } from "../../generator/check/search/source-dpor.ts";
import { readKernel } from "../../generator/kernel-source.ts";
import type { Program } from "../../generator/stages/program.ts";

interface Mutant {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly scenario: string;
  readonly caught: RegExp;
}

const mutants: readonly Mutant[] = [
  {
    what: "the remote list is cleared by a store, not exchanged",
    file: "kernel/remote-queue.ts",
    from: "seen = atomicCas(slab + Slab.remote, head, 0);",
    to: "atomicStore(slab + Slab.remote, 0); seen = head;",
    scenario: "remote-free-against-drain",
    caught: /blocks are lost|data race/,
  },
  {
    what: "a block is pushed before it is linked",
    file: "kernel/remote-queue.ts",
    from: "link(block, head);\n    seen = atomicCas(slab + Slab.remote, head, block);",
    to: "seen = atomicCas(slab + Slab.remote, head, block);\n    link(block, head);",
    scenario: "remote-free-against-drain",
    caught: /data race/,
  },
  {
    what: "B3: drained first, claimed after",
    file: "kernel/adopt.ts",
    from: "&& claim(slab, seen, self)) settleAdopted(slab);",
    to: ") { settleAdopted(slab); claim(slab, seen, self); }",
    scenario: "two-adopters",
    caught: /data race/,
  },
  {
    what: "a slab is claimed without comparing",
    file: "kernel/ownership.ts",
    from: "return atomicCas(slab + Slab.owner, seen, as) === seen;",
    to: "atomicStore(slab + Slab.owner, as);\n  return true;",
    scenario: "two-page-runs",
    caught: /data race|live block/,
  },
  {
    what: "every block is taken for the thread's own",
    file: "kernel/free.ts",
    from: "loadRacy32(slab + Slab.owner) !== self",
    to: "loadRacy32(slab + Slab.owner) === 0",
    scenario: "two-remote-frees",
    caught: /data race/,
  },
  {
    what: "a dead thread's remote list is looked at without an order",
    file: "kernel/surrender.ts",
    from: "let block = atomicLoad(slab + Slab.remote);",
    to: "let block = loadRacy32(slab + Slab.remote);",
    scenario: "death-in-drain",
    caught: /data race/,
  },
  {
    what: "a list that was half put away is put away again",
    file: "kernel/remote-queue.ts",
    from: " && following !== free",
    to: "",
    scenario: "death-in-detach",
    caught: /goes on for ever/,
  },
];

const scenarioOf = (name: string) => scenarios.find((scenario) => scenario.name === name)!;

function mutate({ file, from, to }: Mutant): Program {
  const kernel = readKernel();
  const modules = kernel.modules.map((module) => {
    if (module.path !== file) return module;
    expect(module.text, `${file} still says "${from}"`).toContain(from);
    return { ...module, text: module.text.replace(from, to) };
  });
  return { ...kernel, modules };
}

describe.each(mutants)("$what", (mutant) => {
  test(`${mutant.scenario} tells`, () => {
    const report = exploreScenario(scenarioOf(mutant.scenario), { seconds: 60, kernel: mutate(mutant) });
    expect(report.failing?.message).toMatch(mutant.caught);
  });
});

test("mistakes of ownership are found by the race detector, and by nothing else", () => {
  const races = mutants.filter(({ caught }) => caught.source === "data race");
  for (const mutant of races) {
    const trial = new HeapTrial(scenarioOf(mutant.scenario), mutate(mutant));
    // Where a thread dies: in the middle of what the mutant has broken.
    trial.dieAfter = 3;
    const blind = depthFirst(unwatched(trial), sourceDpor);
    expect({ ...blind, what: mutant.what }).toMatchObject({ exhausted: true, failure: undefined });
  }
  expect(races).toHaveLength(4);
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
