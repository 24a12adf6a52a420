/**
 * Rows of levels in which every pair of levels stands together at least once (a covering array of
 * strength 2).
 *
 * The spec's own rules are the constraints. A level or a pair that they reject is tried again in
 * company: with what each level alone asks for, then with one other level changed. What no company
 * makes possible is left out, with the reason; all other pairs are covered, and every row resolves.
 */
import { createRequire } from "node:module";
import { overlay } from "../../bench/matrix/combinations.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { type Problem, problemText, SpecError } from "../../spec/spec-error.ts";
import { factors } from "./factors.ts";

// A CommonJS module whose exports Node does not find out by itself.
const { make }: typeof import("covertable") = createRequire(import.meta.url)("covertable");

/** What the preset says. */
const AS_IS = "as is";

/** A level per factor, in the order of the table. */
export type Row = readonly string[];

interface Level {
  readonly factor: number;
  readonly label: string;
}

type Pair = readonly [Level, Level];

/** A row that the rules accept, in which a pair stands. */
interface Witness {
  readonly pair: Pair;
  readonly row: Row;
}

export interface Covering {
  readonly rows: readonly Row[];
  /** Pairs of levels that can stand together; each is in some row. */
  readonly pairs: number;
  /** Rows of the generator that the spec's rules rejected, and that were repaired. */
  readonly repaired: number;
  /** What cannot be, and why. */
  readonly impossible: readonly { readonly levels: string; readonly reason: string }[];
}

export function coveringOf(base: ResolvedSpec, seed: number): Covering {
  return new Search(base).cover(seed);
}

/** The spec of a row: all its levels over the base. */
export function specOf(base: ResolvedSpec, row: Row): unknown {
  const { name: _, ...choices } = base.spec;
  return row.reduce<unknown>(
    (spec, label, index) => overlay(spec, factors[index].levels[label] ?? {}, []),
    choices,
  );
}

export function describeRow(row: Row): string {
  const changed = row.flatMap((label, index) => (label === AS_IS ? [] : [`${factors[index].name} ${label}`]));
  return changed.join(", ") || "as is";
}

class Search {
  readonly #neutral: Row = factors.map(() => AS_IS);
  readonly #impossible: { levels: string; reason: string }[] = [];
  /** What a level needs besides itself. */
  readonly #company = new Map<string, readonly Level[]>();
  /** Levels that can stand somewhere, and for each pair of them a row that the rules accept. */
  readonly #levels: readonly Level[];
  readonly #witnesses = new Map<string, Witness>();

  constructor(private readonly base: ResolvedSpec) {
    const all = factors.flatMap((_, factor) => this.#levelsOf(factor));
    this.#levels = all.filter((level) => this.#findCompany(level, all));
    for (const pair of pairsOf(this.#levels)) this.#findWitness(pair);
  }

  /** A level that is what the preset says anyway is none of its own. */
  #levelsOf(factor: number): Level[] {
    const text = (level: Level) => JSON.stringify(specOf(this.base, this.#with([level])));
    const asIs = { factor, label: AS_IS };
    const levels = Object.keys(factors[factor].levels).map((label) => ({ factor, label }));
    return [asIs, ...levels.filter((level) => text(level) !== text(asIs))];
  }

  cover(seed: number): Covering {
    const generated = this.#generate(seed);
    const rows = generated.map((row) => this.#repair(row));
    const repaired = rows.filter((row, index) => row !== generated[index]).length;
    const uncovered = new Map(this.#witnesses);
    const strike = (row: Row): void => {
      for (const pair of pairsOf(levelsOf(row))) uncovered.delete(keyOf(pair));
    };
    rows.forEach(strike);
    while (uncovered.size > 0) {
      const row = this.#unite([...uncovered.values()]);
      rows.push(row);
      strike(row);
    }
    return { rows, pairs: this.#witnesses.size, repaired, impossible: this.#impossible };
  }

  /** Without constraints: the generator gives up where there are as many as here. */
  #generate(seed: number): Row[] {
    const labels = factors.map((_, index) =>
      this.#levels.filter(({ factor }) => factor === index).map(({ label }) => label),
    );
    return make(labels, { seed });
  }

  /**
   * A row that covers the first one's pair, and those of as many others as the rules allow beside
   * it.
   */
  #unite([first, ...others]: readonly Witness[]): Row {
    let row = first.row;
    const fixed = new Set(first.pair.map(({ factor }) => factor));
    for (const { pair } of others) {
      if (pair.some(({ factor, label }) => fixed.has(factor) && row[factor] !== label)) continue;
      const candidate = this.#with(pair, row);
      if (this.#problems(candidate).length > 0) continue;
      row = candidate;
      for (const { factor } of pair) fixed.add(factor);
    }
    return row;
  }

  /** Changes one level after the other, each time the one that leaves the fewest problems. */
  #repair(row: Row): Row {
    let best = row;
    let problems = this.#problems(row).length;
    while (problems > 0) {
      const candidates = this.#levels.map((level) => this.#with([level], best));
      const counts = candidates.map((candidate) => this.#problems(candidate).length);
      const fewest = Math.min(...counts);
      if (fewest >= problems) throw new Error(`cannot repair ${describeRow(row)}`);
      best = candidates[counts.indexOf(fewest)];
      problems = fewest;
    }
    return best;
  }

  #findCompany(level: Level, all: readonly Level[]): boolean {
    const alone = this.#with([level]);
    const problems = this.#problems(alone);
    const company = problems.length === 0 ? [] : this.#helper([level], all);
    if (company) {
      this.#company.set(nameOf(level), company);
      return true;
    }
    this.#impossible.push({ levels: nameOf(level), reason: problemText(problems[0]) });
    return false;
  }

  #findWitness(pair: Pair): void {
    const company = pair.flatMap((level) => this.#company.get(nameOf(level)) as readonly Level[]);
    const together = [...company, ...pair];
    const problems = this.#problems(this.#with(together));
    const helper = problems.length === 0 ? [] : this.#helper(together, this.#levels, pair);
    if (helper) this.#witnesses.set(keyOf(pair), { pair, row: this.#with([...helper, ...together]) });
    else this.#impossible.push({ levels: pair.map(nameOf).join(" & "), reason: problemText(problems[0]) });
  }

  /**
   * A single other level with which the rules accept these; `fixed` are the factors that must stay.
   */
  #helper(
    levels: readonly Level[],
    among: readonly Level[],
    fixed: readonly Level[] = levels,
  ): readonly Level[] | undefined {
    const helper = among.find(
      (level) =>
        fixed.every(({ factor }) => factor !== level.factor) &&
        this.#problems(this.#with([...levels, level])).length === 0,
    );
    return helper && [helper];
  }

  #with(levels: readonly Level[], row = this.#neutral): Row {
    const changed = [...row];
    for (const { factor, label } of levels) changed[factor] = label;
    return changed;
  }

  readonly #known = new Map<string, readonly Problem[]>();

  #problems(row: Row): readonly Problem[] {
    const key = row.join("|");
    let problems = this.#known.get(key);
    if (problems === undefined) {
      problems = problemsOf(specOf(this.base, row));
      this.#known.set(key, problems);
    }
    return problems;
  }
}

function problemsOf(spec: unknown): readonly Problem[] {
  try {
    resolveSpec(spec);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
}

/** Of different factors. */
function pairsOf(levels: readonly Level[]): Pair[] {
  return levels.flatMap((a, index) =>
    levels.slice(index + 1).flatMap((b): Pair[] => (a.factor === b.factor ? [] : [[a, b]])),
  );
}

function levelsOf(row: Row): Level[] {
  return row.map((label, factor) => ({ factor, label }));
}

function keyOf(pair: Pair): string {
  return pair.map(nameOf).join(" & ");
}

function nameOf({ factor, label }: Level): string {
  return `${factors[factor].name} ${label}`;
}
