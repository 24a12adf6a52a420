/**
 * `npm run evidence:mutants`: ordinary mistakes in the kernel and the host's part, each judged by
 * the suites. Exit 0: all that are not equivalent were told.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { createProgress } from "../../bench/progress.ts";
import { readKernel } from "../../generator/kernel-source.ts";
import type { Program } from "../../generator/stages/program.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { titlesOf } from "./mutant.ts";
import { semanticMutants } from "./operators.ts";
import { judgedOf, printResult, resultOf } from "./report.ts";
import { runMutants, type Verdict } from "./run.ts";
import { sampleOf } from "./sample.ts";
import { Store } from "./store.ts";

interface Options {
  readonly sample?: number;
  readonly seed: number;
  readonly files?: string[];
  readonly only?: string;
  readonly tests?: string[];
  readonly out: string;
  readonly fresh?: true;
  readonly budget: number;
  readonly check: boolean;
  readonly json?: true;
  readonly list?: true;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("give a whole number above 0");
  return value;
}

const options = new Command("evidence:mutants")
  .description(
    "Makes ordinary mistakes in the kernel, one at a time, and tells which of them no suite notices.",
  )
  .option("--sample <n>", "so many mutants, spread over the files; without it, all", whole)
  .option("--seed <n>", "another sample", whole, 1)
  .option("--files <parts...>", "only files whose path has one of these in it: tiers/fast lru")
  .option("--only <text>", "only mutants whose title has this in it")
  .option("--tests <parts...>", "only tests whose name has one of these in it")
  .option("--budget <seconds>", "what the tests of one mutant may take together", whole, 60)
  .option("--no-check", "do not ask slabsmith check about those that no test tells")
  .option("--out <folder>", "where results go, and a later run goes on", "mutant-evidence")
  .option("--fresh", "judge all anew")
  .option("--list", "print the titles, judge nothing")
  .option("--json", "print the result as one JSON document")
  .parse()
  .opts<Options>();

const kernel: Program = readKernel();
const every = semanticMutants(kernel);
const titles = titlesOf(every);
const titleOf = new Map(every.map((mutant, i) => [mutant, titles[i]]));
const asked = every.filter(
  (mutant) =>
    (options.files === undefined || options.files.some((part) => mutant.file.includes(part))) &&
    (options.only === undefined || titleOf.get(mutant)!.includes(options.only)),
);
const sample = sampleOf(kernel, asked, { count: options.sample, seed: options.seed });

if (options.list) {
  for (const mutant of sample) console.log(titleOf.get(mutant));
} else {
  const store = new Store(join(options.out, "judged.jsonl"));
  const verdicts = new Map<string, Verdict>();
  const left: number[] = [];
  for (const [number, mutant] of sample.entries()) {
    const known = options.fresh ? undefined : store.get(titleOf.get(mutant)!);
    if (known === undefined) left.push(number);
    else verdicts.set(titleOf.get(mutant)!, known);
  }
  console.error(
    `${sample.length} mutants of ${asked.length}, ${sample.length - left.length} of them judged before`,
  );
  if (left.length > 0) {
    await runMutants(kernel, sample, left, {
      progress: createProgress(),
      only: options.tests,
      budgetMs: options.budget * 1000,
      check: options.check,
      equivalent: (number) => titleOf.get(sample[number])! in EQUIVALENT,
      judged(number, verdict) {
        const title = titleOf.get(sample[number])!;
        verdicts.set(title, verdict);
        store.add(title, verdict);
      },
      unusable: (test, failure) => console.error(`tells nothing here: ${test}: ${failure.split("\n")[0]}`),
    });
  }
  const mutants = sample.map((mutant) => {
    const title = titleOf.get(mutant)!;
    return judgedOf(title, mutant, verdicts.get(title)!);
  });
  const result = resultOf(options.seed, mutants, new Set(titles));
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, "mutants.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.log(options.json ? JSON.stringify(result, null, 2) : printResult(result));
  process.exitCode = result.alive > 0 ? 1 : 0;
}
