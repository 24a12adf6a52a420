/**
 * Candidates that the simulator lets through: size classes made for the traces, single choices,
 * and mixtures. The same seed gives the same ones, in the same order.
 */
import { xorshift32 } from "../../bench/workloads/random.ts";
import { largestSlab } from "../../spec/slab-spans.ts";
import { type Axis, axesFor, type Changes, SIZE_CLASSES, type Value } from "./axes.ts";
import type { Candidate, Candidates } from "./candidate.ts";
import type { LiveSizes } from "./classes/live-sizes.ts";
import { classesFor } from "./classes/optimal.ts";
import { ClassPrices } from "./classes/price.ts";
import { type Limits, score, type Weights } from "./objective.ts";

/** More speed than this has not been seen: with less than it a candidate must be better. */
const MOST_SPEED = 1.15;

/** Smallest last classes that are tried: page runs above them are smaller in memory, and slower. */
const LAST_CLASSES = [0, 1024, 4096, 16 << 10, 32 << 10];
const SLAB_BYTES = [4 << 10, 8 << 10, 16 << 10];
const MOST_CLASSES = 255;
/** Mixtures made for each candidate that is asked for. */
const MIXTURES_EACH = 4;

export class Proposals {
  readonly #axes: readonly Axis[];
  readonly #random: () => number;

  constructor(
    private readonly candidates: Candidates,
    private readonly live: readonly LiveSizes[],
    private readonly weights: Weights,
    private readonly limits: Limits,
    seed: number,
  ) {
    this.#axes = axesFor(candidates.base);
    // The generator never leaves 0.
    this.#random = xorshift32(seed || 1);
  }

  /** The first ones, the most promising first. */
  first(count: number): Candidate[] {
    const tables = this.#rank(this.#classTables());
    const singles = this.#shuffle(this.#singles());
    const anchors = tables.length > 0 ? tables : [this.candidates.default];
    const mixtures: (Candidate | undefined)[] = [];
    while (mixtures.length < count * MIXTURES_EACH) {
      mixtures.push(this.#mutant(this.#pick(anchors).changes, 1 + (this.#random() % 3)));
    }
    return distinct([...alternate(tables, this.#rank(singles, false), this.#rank(mixtures))]).slice(0, count);
  }

  /** What the survivors have in common with each other, and single changes of them. */
  children(parents: readonly Candidate[], count: number, known: readonly Candidate[]): Candidate[] {
    const children: (Candidate | undefined)[] = [];
    for (let i = 0; i < count * MIXTURES_EACH; i++) {
      const one = this.#pick(parents).changes;
      const other = this.#pick(parents).changes;
      const both = new Map(
        [...one, ...other].filter(([path]) => (one.has(path) && other.has(path)) || this.#random() % 2 === 0),
      );
      children.push(i % 2 === 0 ? this.candidates.of(both) : this.#mutant(one, 1));
    }
    const hashes = new Set(known.map(({ resolved }) => resolved.hash));
    return distinct(this.#rank(children))
      .filter(({ resolved }) => !hashes.has(resolved.hash))
      .slice(0, count);
  }

  #classTables(): (Candidate | undefined)[] {
    const { base } = this.candidates;
    return [...new Set([base.spec.geometry.slabBytes, ...SLAB_BYTES])].flatMap((slabBytes) => {
      const isBase = slabBytes === base.spec.geometry.slabBytes;
      const geometry: Changes = isBase
        ? new Map()
        : new Map([["geometry.slabBytes", { label: String(slabBytes), value: slabBytes }]]);
      const resolved = this.candidates.resolve(geometry);
      if (resolved === undefined) return [];
      const prices = new ClassPrices(resolved);
      const { geometry: laid } = resolved.spec;
      const largest = laid.spans ? largestSlab(laid) : laid.slabBytes;
      return LAST_CLASSES.filter((last) => last <= largest).map((lastFrom) => {
        const { classes } = classesFor(this.live, prices, { largest, lastFrom, classes: MOST_CLASSES });
        const value: Value = {
          label: `${classes.length} classes made for the traces, up to ${classes.at(-1)} bytes`,
          value: classes,
        };
        return this.candidates.of(new Map([...geometry, [SIZE_CLASSES, value]]));
      });
    });
  }

  #singles(): (Candidate | undefined)[] {
    return this.#axes.flatMap(({ path, values }) =>
      values.map((value) => this.candidates.of(new Map([[path, value]]))),
    );
  }

  #mutant(changes: Changes, count: number): Candidate | undefined {
    const mutated = new Map(changes);
    for (let i = 0; i < count; i++) {
      const axis = this.#pick(this.#axes.filter(({ values }) => values.length > 0));
      if (mutated.has(axis.path) && this.#random() % 2 === 0) mutated.delete(axis.path);
      else mutated.set(axis.path, this.#pick(axis.values));
    }
    return this.candidates.of(mutated);
  }

  /** Without those that cannot win, the best footprint for the objective first. */
  #rank(all: readonly (Candidate | undefined)[], sorted = true): Candidate[] {
    const { maxWaste = Number.POSITIVE_INFINITY } = this.limits;
    const promising = all.filter(
      (each): each is Candidate =>
        each !== undefined &&
        each.waste <= maxWaste &&
        score({ speed: MOST_SPEED, memory: each.memory, size: 1 }, this.weights) > 0,
    );
    return sorted ? promising.sort((a, b) => a.memory - b.memory) : promising;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random() % from.length] as T;
  }

  #shuffle<T>(all: readonly T[]): T[] {
    const shuffled = [...all];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.#random() % (i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((each) => [each.resolved.hash, each])).values()].filter(
    ({ changes }) => changes.size > 0,
  );
}

/** One of each in turn. */
function* alternate<T>(...lists: readonly (readonly T[])[]): Generator<T> {
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let i = 0; i < longest; i++) {
    for (const list of lists) if (i < list.length) yield list[i] as T;
  }
}
