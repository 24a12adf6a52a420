/**
 * Random scripts, each explored by source-DPOR: random about what the threads do, systematic about
 * how they interleave. A script that fails is shrunk to one in which every operation is needed.
 */
import fc from "fast-check";
import type { Program } from "../stages/program.ts";
import { exploreScenario, type Report } from "./explore-scenario.ts";
import { HeapTrial } from "./heap-trial.ts";
import type { HeapChoices, Scenario } from "./scenario.ts";
import { depthFirst } from "./search/depth-first.ts";
import { sourceDpor } from "./search/source-dpor.ts";
import { shortest } from "./shrink.ts";
import type { Exploration } from "./trial.ts";

export interface RandomOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly progress?: (note: string) => void;
  readonly kernel?: Program;
}

/** Executions that one script may have: the next one shows more than the rest of a long one. */
const EXECUTIONS = 2000;
/** To explore the script that was found once more. */
const SECONDS_FOR_THE_STORY = 20;

const HEAPS: readonly HeapChoices[] = [
  { pages: 1, sizeClasses: [128] },
  { pages: 3, sizeClasses: [128] },
  { pages: 2, sizeClasses: [64] },
  {
    pages: 3,
    sizeClasses: [64, 128],
    pagesPerSuperSlab: 2,
    spec: { pool: { stage05: false, stage1: true, handOver: false } },
  },
  { pages: 2, sizeClasses: [128], spec: { pool: { stage05: false, stage1: false, handOver: true } } },
  { pages: 2, sizeClasses: [64], spec: { tiers: { tlsSll: { from: 0 } } } },
];

const step = fc.constantFrom("malloc", "calloc", "large", "free", "free", "leave or return");

/** Per thread what it does, and how many blocks of another thread's it begins with. */
const thread = fc.record({
  inherited: fc.integer({ min: 0, max: 2 }),
  from: fc.integer({ min: 0, max: 2 }),
  steps: fc.array(step, { maxLength: 4 }),
});

const scenario = fc
  .record({
    heap: fc.constantFrom(...HEAPS),
    threads: fc.array(thread, { minLength: 2, maxLength: 3 }),
  })
  .map(({ heap, threads }) => script(heap, threads));

type Thread = { readonly inherited: number; readonly from: number; readonly steps: readonly string[] };

function script(heap: HeapChoices, threads: readonly Thread[]): Scenario {
  const before: string[] = [];
  const scripts = threads.map(({ inherited, from, steps }, t) => {
    const own: string[] = [];
    let isAttached = true;
    for (let i = 0; i < inherited; i++) {
      own.push(`t${t}x${i}`);
      before.push(`${from % threads.length}: t${t}x${i} = malloc? ${heap.sizeClasses[0]}`);
    }
    return steps.flatMap((what, i): string[] => {
      const name = `t${t}b${i}`;
      switch (what) {
        case "free": {
          const oldest = own.shift();
          return oldest === undefined ? [] : [`free ${oldest}`];
        }
        case "leave or return":
          isAttached = !isAttached;
          return [isAttached ? "attach" : "detach"];
        case "large":
          own.push(name);
          return [`${name} = malloc? 256`];
        default:
          own.push(name);
          return [what === "calloc" ? `${name} = calloc? 1 64` : `${name} = malloc? ${heap.sizeClasses[0]}`];
      }
    });
  });
  return {
    name: "random-scripts",
    shows: "no script of a few operations breaks the heap",
    heap,
    before,
    threads: scripts,
  };
}

export function exploreRandomScripts({ seconds, seed, progress, kernel }: RandomOptions): Report {
  const found: Exploration[] = [];
  const fails = (each: Scenario): boolean => {
    progress?.(`${found.length} scripts`);
    const exploration = depthFirst(new HeapTrial(each, kernel), sourceDpor, { executions: EXECUTIONS });
    found.push(exploration);
    return exploration.failure !== undefined;
  };
  const property = fc.property(scenario, (each) => !fails(each));
  const { counterexample } = fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
  });
  if (counterexample !== null) {
    // What fast-check cannot drop: an operation that others stand beside, a thread that they are
    // counted by.
    const needed = shortest(counterexample[0], fails);
    return exploreScenario(needed, { seconds: SECONDS_FOR_THE_STORY, kernel });
  }
  const { name, shows } = script(HEAPS[0], []);
  return { scenario: name, shows, exhausted: false, explorations: [summed(found, seed)] };
}

function summed(found: readonly Exploration[], seed: number): Exploration {
  const sum = (pick: (exploration: Exploration) => number) =>
    found.reduce((total, each) => total + pick(each), 0);
  return {
    search: `source-DPOR of ${found.length} scripts, seed ${seed}`,
    executions: sum(({ executions }) => executions),
    redundant: sum(({ redundant }) => redundant),
    steps: sum(({ steps }) => steps),
    deepest: found.reduce((most, { deepest }) => Math.max(most, deepest), 0),
    seconds: sum(({ seconds }) => seconds),
    exhausted: false,
  };
}
