/** The result of a run: as data, and as a table. */
import Table from "cli-table3";
import { EQUIVALENT } from "./equivalent.ts";
import type { SemanticMutant } from "./mutant.ts";
import type { Verdict } from "./run.ts";

export interface Judged {
  readonly mutant: string;
  readonly file: string;
  readonly kind: string;
  readonly outcome: "told" | "equivalent" | "alive" | "unreached";
  /** What kind of evidence told it: the suite, or `check`, or the watchdog. */
  readonly by?: string;
  readonly test?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly tests: number;
  readonly seconds: number;
}

export interface Result {
  readonly seed: number;
  readonly mutants: readonly Judged[];
  readonly told: number;
  readonly equivalent: number;
  readonly alive: number;
  /** Of those that are not equivalent, in percent. */
  readonly toldPercent: number;
  /** Titles in the list of equivalent mutants that fit no mutant, or one that is told. */
  readonly mistaken: readonly string[];
}

export function judgedOf(title: string, { file, kind }: SemanticMutant, verdict: Verdict): Judged {
  const { told, tests, seconds, unreached } = verdict;
  const common = { mutant: title, file, kind, tests, seconds: Number(seconds.toFixed(2)) };
  if (told !== undefined) {
    const by = told.message.startsWith("watchdog:") ? "watchdog" : told.by.split(/ › | /)[0];
    return { ...common, outcome: "told", by, test: told.by, message: told.message };
  }
  const reason = EQUIVALENT[title];
  if (reason !== undefined) return { ...common, outcome: "equivalent", reason };
  return { ...common, outcome: unreached ? "unreached" : "alive" };
}

/** `exist`: the titles of all mutants that there are. */
export function resultOf(seed: number, mutants: readonly Judged[], exist: ReadonlySet<string>): Result {
  const count = (...outcomes: Judged["outcome"][]) =>
    mutants.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const told = count("told");
  const alive = count("alive", "unreached");
  const tellers = new Set(mutants.filter(({ outcome }) => outcome === "told").map(({ mutant }) => mutant));
  return {
    seed,
    mutants,
    told,
    equivalent: count("equivalent"),
    alive,
    toldPercent: told + alive === 0 ? 100 : Number(((100 * told) / (told + alive)).toFixed(1)),
    mistaken: Object.keys(EQUIVALENT).filter((title) => !exist.has(title) || tellers.has(title)),
  };
}

export function printResult({ mutants, told, equivalent, alive, toldPercent, mistaken }: Result): string {
  const files = new Table({ head: ["file", "mutants", "told", "equivalent", "alive"] });
  for (const file of [...new Set(mutants.map((each) => each.file))].sort()) {
    const ofFile = mutants.filter((each) => each.file === file);
    const count = (...outcomes: string[]) =>
      ofFile.filter(({ outcome }) => outcomes.includes(outcome)).length;
    files.push([file, ofFile.length, count("told"), count("equivalent"), count("alive", "unreached")]);
  }
  const evidence = new Table({ head: ["told by", "mutants", "seconds, median", "most"] });
  const tellers = mutants.filter(({ outcome }) => outcome === "told");
  for (const by of [...new Set(tellers.map((each) => each.by as string))].sort()) {
    const seconds = tellers
      .filter((each) => each.by === by)
      .map((each) => each.seconds)
      .sort((one, two) => one - two);
    evidence.push([by, seconds.length, seconds[seconds.length >>> 1], seconds.at(-1) as number]);
  }
  return [
    files.toString(),
    evidence.toString(),
    ...mutants.flatMap(({ outcome, mutant }) =>
      outcome === "alive"
        ? [`ALIVE      ${mutant}`]
        : outcome === "unreached"
          ? [`UNREACHED  ${mutant}: no test comes there`]
          : [],
    ),
    ...mistaken.map((title) => `NOT SO     ${title}: said to be equivalent, and told, or no mutant`),
    `${told} of ${told + alive} mutants told (${toldPercent} %), ${equivalent} more are equivalent`,
  ].join("\n");
}
