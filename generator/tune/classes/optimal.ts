/**
 * The size classes that cost least: dynamic programming over the last class. `cost(i, j)` is what
 * the sizes above class i up to class j cost in blocks of class j. It does not depend on the other
 * classes, so the best list that ends with class j extends the best list that ends with some i
 * (R. Bellman, 1957; the same recurrence as optimal one-dimensional clustering).
 *
 * `classesFor` is exact for its prices. `test/tune` compares it with every list of small cases.
 */
import type { LiveSizes } from "./live-sizes.ts";
import type { ClassPrices } from "./price.ts";

export interface ClassLimits {
  /** No class is above it. */
  readonly largest: number;
  /** The last class is at least so large: above it are page runs, which take longer. */
  readonly lastFrom?: number;
  /** At most so many. */
  readonly classes: number;
}

export interface ClassList {
  readonly classes: readonly number[];
  /** Over peak live bytes, in the sum over the traces. */
  readonly cost: number;
}

/** The list of the least cost; each trace counts by what it costs for each of its live bytes. */
export function classesFor(
  traces: readonly LiveSizes[],
  prices: ClassPrices,
  limits: ClassLimits,
): ClassList {
  const { lastFrom = 0 } = limits;
  const sizes = candidates(traces, prices, limits);
  const costs = new SegmentCosts(traces, sizes, prices);
  const count = sizes.length;
  /** Per last class: the least cost of lists of at most so many classes, and the class before. */
  const best = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const choices: Int32Array[] = [];
  let row: Float64Array = Float64Array.from(sizes, (_, j) => costs.between(-1, j));
  let finish = { cost: Number.POSITIVE_INFINITY, last: -1, classes: 0 };
  for (let classes = 1; classes <= limits.classes; classes++) {
    if (classes > 1) {
      const { costs: next, before } = extend(row, costs);
      row = next;
      choices.push(before);
    }
    let isBetter = false;
    for (let j = 0; j < count; j++) {
      if (row[j]! >= best[j]!) continue;
      best[j] = row[j]!;
      isBetter = true;
      if (sizes[j]! < lastFrom) continue;
      const cost = row[j]! + costs.above(j);
      if (cost < finish.cost) finish = { cost, last: j, classes };
    }
    // No list is better for having a class more: neither is one of several more.
    if (!isBetter) break;
  }
  const list: number[] = [];
  for (let j = finish.last, k = finish.classes; k > 0; k--) {
    list.unshift(sizes[j]!);
    j = k > 1 ? choices[k - 2]![j]! : -1;
  }
  return { classes: list, cost: finish.cost };
}

/** The best lists with a class more than those of `row`. */
function extend(row: Float64Array, costs: SegmentCosts): { costs: Float64Array; before: Int32Array } {
  const extended = new Float64Array(row.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(row.length).fill(-1);
  for (let j = 1; j < row.length; j++) {
    for (let i = 0; i < j; i++) {
      const cost = row[i]! + costs.between(i, j);
      if (cost >= extended[j]!) continue;
      extended[j] = cost;
      before[j] = i;
    }
  }
  return { costs: extended, before };
}

/**
 * Sizes worth being a class: those that occur. A larger one would cost more a block, and serve the
 * same.
 */
function candidates(
  traces: readonly LiveSizes[],
  { alignment }: ClassPrices,
  { largest, lastFrom = 0 }: ClassLimits,
): number[] {
  const sizes = traces.flatMap(({ blocks }) => [...blocks.keys()].map((size) => roundUp(size, alignment)));
  const last = roundUp(lastFrom, alignment);
  return [...new Set([...sizes, last])].filter((size) => size <= largest).sort((a, b) => a - b);
}

export const roundUp = (size: number, unit: number): number => Math.max(1, Math.ceil(size / unit)) * unit;

/** What runs of sizes cost, each in a few steps. */
class SegmentCosts {
  /** Per trace and candidate: live blocks of at most that size, and what one of them weighs. */
  readonly #upTo: readonly { readonly blocks: Float64Array; readonly weight: number }[];
  /** Per candidate: the cost of all blocks above it as page runs. */
  readonly #above: Float64Array;

  constructor(
    traces: readonly LiveSizes[],
    private readonly sizes: readonly number[],
    private readonly prices: ClassPrices,
  ) {
    this.#above = new Float64Array(sizes.length);
    this.#upTo = traces.map(({ blocks, peakLiveBytes }) => {
      const upTo = new Float64Array(sizes.length);
      const weight = 1 / peakLiveBytes;
      for (const [size, count] of blocks) {
        sizes.forEach((candidate, j) => {
          if (size <= candidate) upTo[j]! += count;
          else this.#above[j]! += count * prices.run(size) * weight;
        });
      }
      return { blocks: upTo, weight };
    });
  }

  /** Of the sizes above candidate i, or all (i = -1), up to j, in blocks of size j. */
  between(i: number, j: number): number {
    let cost = 0;
    for (const { blocks, weight } of this.#upTo) {
      const count = blocks[j]! - (i < 0 ? 0 : blocks[i]!);
      cost += weight * (this.prices.class(this.sizes[j]!, count) + this.prices.perClass);
    }
    return cost;
  }

  /** Of all that is above candidate j, the last class, and of the table up to it. */
  above(j: number): number {
    const table = this.prices.table(this.sizes[j]!);
    return this.#above[j]! + this.#upTo.reduce((sum, { weight }) => sum + weight * table, 0);
  }
}
