/**
 * Successive halving: many candidates are measured briefly, the better half longer, and so on
 * (K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification", 2016). Those that stay
 * have children, which take what two of them have in common or change one choice more.
 */
import { geometricMean } from "simple-statistics";
import { type MedianInterval, medianInterval } from "../../bench/statistics.ts";
import type { Candidate, Candidates } from "./candidate.ts";
import type { Measured, Sampling } from "./measured.ts";
import type { Measuring } from "./measuring.ts";
import { type Limits, type Ratios, score, type Weights } from "./objective.ts";
import type { Part } from "./parts.ts";
import type { Proposals } from "./proposals.ts";

export interface Raced {
  readonly candidate: Candidate;
  /** To the default, on what was trained on. */
  readonly ratios: Ratios;
  readonly gzipBytes: number;
  /** With as much of the speed as is sure. */
  readonly score: number;
  /** Of its longest measurement. */
  readonly rung: number;
}

export interface Race {
  /** Everything that was measured, by its longest measurement; those that came furthest first. */
  readonly raced: readonly Raced[];
  /** Candidates that were left out because the time was over. */
  readonly late: number;
}

/** Rounds of each rung: who stays is measured longer. */
const RUNGS: readonly Sampling[] = [
  { rounds: 5, samples: 1, seconds: 0.01 },
  { rounds: 7, samples: 2, seconds: 0.02 },
  { rounds: 11, samples: 3, seconds: 0.02 },
];
/** Of a rung's candidates, those that stay; as many children join them. */
const STAY = 1 / 4;

export async function race(
  {
    candidates,
    proposals,
    measuring,
  }: { candidates: Candidates; proposals: Proposals; measuring: Measuring },
  training: readonly Part[],
  { weights, limits, entrants }: { weights: Weights; limits: Limits; entrants: number },
  isLate: () => boolean,
): Promise<Race> {
  const baseBytes = (await measuring.build(candidates.base)).bytes.gzip;
  const best = new Map<string, Raced>();
  const racedAs = (candidate: Candidate, { ratios, gzipBytes }: Measured, rung: number): Raced => {
    const speeds = ratios.map((rounds) => medianInterval(rounds));
    const all = {
      speed: geometricMean(speeds.map(({ median }) => median)),
      memory: candidate.memory,
      size: gzipBytes / baseBytes,
    };
    const sure = score({ ...all, speed: geometricMean(speeds.map(sureOf)) }, weights);
    return { candidate, ratios: all, gzipBytes, score: sure, rung };
  };
  const withChildren = (rung: readonly Raced[]): readonly Candidate[] => {
    const fit = rung.filter(({ gzipBytes }) => gzipBytes <= (limits.maxGzip ?? Number.POSITIVE_INFINITY));
    const stay = Math.max(2, Math.ceil(rung.length * STAY));
    const parents = fit
      .sort(byScore)
      .slice(0, stay)
      .map(({ candidate }) => candidate);
    if (parents.length === 0) return [];
    const known = [...best.values()].map(({ candidate }) => candidate);
    return [...parents, ...proposals.children(parents, parents.length, known)];
  };
  let field: readonly Candidate[] = proposals.first(entrants);
  let late = 0;
  for (const [rung, sampling] of RUNGS.entries()) {
    if (rung > 0) field = withChildren([...best.values()].filter((each) => each.rung === rung - 1));
    const specs = field.map(({ resolved }) => resolved);
    const measured = await measuring.compare(specs, training, sampling, isLate);
    late += specs.length - measured.size;
    for (const candidate of field) {
      const found = measured.get(candidate.resolved.hash);
      if (found !== undefined) best.set(candidate.resolved.hash, racedAs(candidate, found, rung));
    }
  }
  return { raced: [...best.values()].sort(byScore), late };
}

/** Of a speed what is sure: the bound nearer to 1, or 1. So luck in a few rounds wins nothing. */
const sureOf = ({ low, high }: MedianInterval): number => Math.max(1, low) * Math.min(1, high);

/** Equal ones are ordered by the specs' hashes: the same figures give the same order. */
const byScore = (a: Raced, b: Raced): number =>
  b.rung - a.rung ||
  b.score - a.score ||
  b.ratios.speed - a.ratios.speed ||
  a.candidate.resolved.hash.localeCompare(b.candidate.resolved.hash);
