/**
 * Run: which tests come to which mutants is found out once; then each mutant is judged by the tests
 * that come to it, those first that told most mutants in the least time. Of one that none tells
 * `slabsmith check` is asked.
 */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgress, type Progress } from "../../bench/progress.ts";
import type { Program } from "../../generator/stages/program.ts";
import { twinOf, variants } from "../support/variants.ts";
import { sleepingBuild } from "./asleep.ts";
import { CrewMember, crewSize, type Halt } from "./crew.ts";
import type { Answer, Build } from "./messages.ts";
import type { SemanticMutant } from "./mutant.ts";

export interface Verdict {
  /** The test or scenario that fails, and how; undefined: the mutant is alive. */
  readonly told?: { readonly by: string; readonly message: string };
  /** Tests that were run, and the seconds until the verdict. */
  readonly tests: number;
  readonly seconds: number;
  /** No test of any suite comes to the place. */
  readonly unreached?: true;
}

export interface RunOptions {
  readonly progress?: Progress;
  /** Only tests whose name has one of these words in it. */
  readonly only?: readonly string[];
  /**
   * What the tests of one mutant may take together, as they do with none awake; of one said to be
   * equivalent less.
   */
  readonly budgetMs?: number;
  /** Whether `slabsmith check` is asked about those that no test tells. */
  readonly check: boolean;
  /** Of these nothing is expected, and little is asked. */
  readonly equivalent?: (mutant: number) => boolean;
  readonly judged?: (mutant: number, verdict: Verdict) => void;
  /** A test that fails with no mutant awake tells nothing. */
  readonly unusable?: (test: string, failure: string) => void;
}

/** A test may take so many times as long with a mutant awake, and never less than this. */
const SLOWER = 30;
const LEAST_PATIENCE_MS = 5000;
const BUDGET_MS = 60_000;
const EQUIVALENT_BUDGET_MS = 5000;
const COVER_PATIENCE_MS = 180_000;
const CHECK_PATIENCE_MS = 90_000;
/** Share of the tests that may fail with no mutant awake. With more, what they should tell would count as alive. */
const MOST_UNUSABLE = 0.02;

interface KnownTest {
  readonly number: number;
  readonly name: string;
  readonly ms: number;
  readonly reached: ReadonlySet<number>;
  readonly group: Group;
}

/** Tests of one title, which differ by their variant. */
interface Group {
  asked: number;
  told: number;
}

/** Judges the mutants whose numbers are given; all of them are in the builds. */
export async function runMutants(
  kernel: Program,
  mutants: readonly SemanticMutant[],
  chosen: readonly number[],
  {
    progress = createProgress(),
    only = [],
    budgetMs = BUDGET_MS,
    check,
    equivalent,
    judged,
    unusable,
  }: RunOptions,
): Promise<void> {
  const builds = writeBuilds(kernel, mutants);
  const members = Array.from({ length: crewSize() }, () => new CrewMember(builds, mutants.length));
  try {
    const tests = await cover(members, progress, only, unusable);
    progress.start("mutants", chosen.length);
    const left = [...chosen];
    await Promise.all(
      members.map(async (member) => {
        for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
          progress.step(`${mutants[mutant].file}, ${mutants[mutant].inside}: ${mutants[mutant].kind}`);
          const isEquivalent = equivalent?.(mutant) ?? false;
          const budget = isEquivalent ? Math.min(budgetMs, EQUIVALENT_BUDGET_MS) : budgetMs;
          judged?.(
            mutant,
            await judge(member, mutant, mutants[mutant], tests, budget, check && !isEquivalent),
          );
        }
      }),
    );
    progress.stop();
  } finally {
    for (const member of members) member.dismiss();
  }
}

/** A sleeping build for each number of threads that some variant has. */
function writeBuilds(kernel: Program, mutants: readonly SemanticMutant[]): Build[] {
  const specs = new Map(
    variants.map((variant) => [variant.resolved.kernel.threads, twinOf(variant).madeFor]),
  );
  return [...specs].map(([threads, spec]) => {
    const file = join(tmpdir(), `slabsmith-mutants-${process.pid}-${threads}.mjs`);
    writeFileSync(file, sleepingBuild(kernel, mutants, spec));
    return { threads, file };
  });
}

async function cover(
  members: readonly CrewMember[],
  progress: Progress,
  only: readonly string[],
  unusable: RunOptions["unusable"],
): Promise<KnownTest[]> {
  const [ready] = await Promise.all(
    members.map((member) => member.ask({ kind: "begin", builds: [], mutants: 0 }, () => COVER_PATIENCE_MS)),
  );
  const names = (ready as Extract<Answer, { kind: "ready" }>).tests;
  const isAsked = (name: string) => only.length === 0 || only.some((word) => name.includes(word));
  const left = [...names.keys()].filter((number) => isAsked(names[number]));
  const groups = new Map<string, Group>();
  const known: KnownTest[] = [];
  const most = Math.max(5, left.length * MOST_UNUSABLE);
  let failed = 0;
  progress.start("tests looked at", left.length);
  await Promise.all(
    members.map(async (member) => {
      for (let number = left.shift(); number !== undefined; number = left.shift()) {
        const name = names[number];
        progress.step(name);
        const answer = await member.ask({ kind: "cover", test: number }, () => COVER_PATIENCE_MS);
        const failure = failureOf(answer);
        if (failure !== undefined) {
          unusable?.(name, failure);
          if (++failed > most)
            throw new Error(
              `the sleeping build is broken: ${failed} tests fail on it, the last with ${failure}`,
            );
          continue;
        }
        const { ms, reached } = answer as Extract<Answer, { kind: "covered" }>;
        const title = name.replace(/ › .* › /, " › ");
        const group = groups.get(title) ?? { asked: 0, told: 0 };
        groups.set(title, group);
        known.push({ number, name, ms, reached: new Set(reached), group });
      }
    }),
  );
  progress.stop();
  return known;
}

function failureOf(answer: Answer | Halt): string | undefined {
  if (answer.kind === "halted") return answer.reason;
  return answer.kind === "covered" ? answer.failure : undefined;
}

async function judge(
  member: CrewMember,
  number: number,
  mutant: SemanticMutant,
  tests: readonly KnownTest[],
  budget: number,
  check: boolean,
): Promise<Verdict> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const reaching = within(inOrder(tests.filter(({ reached }) => reached.has(number))), budget);
  const byNumber = new Map(reaching.map((test) => [test.number, test]));
  const patience = (test: number | undefined) =>
    Math.max(LEAST_PATIENCE_MS, SLOWER * (byNumber.get(test as number)?.ms ?? 0));
  const answer = await member.ask(
    { kind: "judge", mutant: number, tests: reaching.map(({ number }) => number) },
    patience,
  );
  const told = toldBy(answer);
  const teller = reaching.findIndex(({ name }) => name === told?.by);
  const asked = teller < 0 ? reaching : reaching.slice(0, teller + 1);
  for (const { group } of asked) group.asked++;
  if (teller >= 0) reaching[teller].group.told++;
  if (told !== undefined) return { told, tests: asked.length, seconds: seconds() };
  if (check && !mutant.file.startsWith("host/")) {
    const checked = toldBy(await member.ask({ kind: "check", mutant }, () => CHECK_PATIENCE_MS));
    if (checked !== undefined) return { told: checked, tests: asked.length, seconds: seconds() };
  }
  const verdict = { tests: asked.length, seconds: seconds() };
  return reaching.length === 0 ? { ...verdict, unreached: true } : verdict;
}

/**
 * The cheapest first: a test costs what it takes until one of its title tells. Titles take turns,
 * since what two variants did not tell a third one seldom does.
 */
function inOrder(tests: readonly KnownTest[]): KnownTest[] {
  const cost = ({ ms, group: { asked, told } }: KnownTest) => ((ms + 0.5) * (asked + 10)) / (told + 1);
  const before = new Map<Group, number>();
  return [...tests]
    .sort((one, two) => cost(one) - cost(two))
    .map((test) => {
      const same = before.get(test.group) ?? 0;
      before.set(test.group, same + 1);
      return { test, cost: cost(test) * (1 + same) };
    })
    .sort((one, two) => one.cost - two.cost)
    .map(({ test }) => test);
}

function within(tests: readonly KnownTest[], budget: number): KnownTest[] {
  let spent = 0;
  return tests.filter(({ ms }) => {
    spent += ms;
    return spent <= budget;
  });
}

function toldBy(answer: Answer | Halt): { by: string; message: string } | undefined {
  if (answer.kind === "halted") return { by: answer.what, message: `watchdog: ${answer.reason}` };
  return answer.kind === "judged" ? answer.told : undefined;
}
