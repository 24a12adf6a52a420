/**
 * Main effects: what a value of an axis does, all else being equal.
 *
 * A pair is two figures that differ in one axis only: the same other choices, workload and number
 * of threads. The effect is the geometric mean of the pairs' ratios. How far it can be trusted is
 * asked by drawing as many pairs, with repetition, again and again (bootstrap); where the pairs
 * themselves differ much, the choice depends on the others.
 */
import { geometricMean, quantile, sampleWithReplacement } from "simple-statistics";
import { xorshift32 } from "../workloads/random.ts";

export interface Figure {
  readonly labels: Readonly<Record<string, string>>;
  /** The parts of the matrix that it belongs to: a workload, a number of threads. */
  readonly parts: readonly string[];
  readonly value: number;
}

export interface Effect {
  readonly axis: string;
  readonly value: string;
  /** The axis' first value. */
  readonly insteadOf: string;
  readonly pairs: number;
  /** Above 1: more than with the first value. */
  readonly ratio: number;
  /** 95 % of the repetitions; absent with too few pairs. */
  readonly interval?: readonly [low: number, high: number];
  /** The pairs that differ most. */
  readonly least: number;
  readonly most: number;
  /** The ratio within each part of the matrix. */
  readonly byPart: Readonly<Record<string, number>>;
}

/** Fewer pairs have no interval worth the name. */
const FEWEST_PAIRS = 5;
const REPETITIONS = 2000;

/** Largest first. */
export function mainEffects(
  axes: readonly { readonly path: string; readonly labels: readonly string[] }[],
  figures: readonly Figure[],
): Effect[] {
  const effects = axes.flatMap(({ path, labels: [first, ...others] }) =>
    others.flatMap((value) => effectOf(path, value, first as string, figures) ?? []),
  );
  return effects.sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)));
}

function effectOf(
  axis: string,
  value: string,
  insteadOf: string,
  figures: readonly Figure[],
): Effect | undefined {
  const apartFromAxis = ({ labels, parts }: Figure): string =>
    JSON.stringify([{ ...labels, [axis]: "" }, parts]);
  const withFirst = new Map(
    figures
      .filter(({ labels }) => labels[axis] === insteadOf)
      .map((figure) => [apartFromAxis(figure), figure]),
  );
  const pairs = figures
    .filter(({ labels }) => labels[axis] === value)
    .flatMap((figure) => {
      const partner = withFirst.get(apartFromAxis(figure));
      return partner ? [{ parts: figure.parts, ratio: figure.value / partner.value }] : [];
    });
  if (pairs.length === 0) return undefined;
  const ratios = pairs.map(({ ratio }) => ratio);
  const interval = bootstrap(ratios);
  const meanOf = (part: string): number =>
    geometricMean(pairs.filter(({ parts }) => parts.includes(part)).map(({ ratio }) => ratio));
  return {
    axis,
    value,
    insteadOf,
    pairs: pairs.length,
    ratio: geometricMean(ratios),
    ...(interval && { interval }),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    byPart: Object.fromEntries(
      [...new Set(pairs.flatMap(({ parts }) => parts))].map((part) => [part, meanOf(part)]),
    ),
  };
}

function bootstrap(ratios: readonly number[]): [low: number, high: number] | undefined {
  if (ratios.length < FEWEST_PAIRS) return undefined;
  // The same figures have the same interval.
  const bits = xorshift32(1);
  const random = (): number => bits() / 2 ** 32;
  const means = Array.from({ length: REPETITIONS }, () =>
    geometricMean(sampleWithReplacement([...ratios], ratios.length, random)),
  );
  const [low, high] = quantile(means, [0.025, 0.975]) as [number, number];
  return [low, high];
}
