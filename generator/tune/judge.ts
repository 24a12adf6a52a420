/**
 * What the search found is judged by traces that it never saw. A choice stays if taking it away
 * there costs something; what is left must beat the default there.
 *
 * Footprint and bytes are exact. A speed counts only if its interval leaves 1 out: what noise
 * makes of two equal builds is no gain. The last word is more careful: there a loss counts as it
 * was measured, also where noise may have made it.
 */
import { geometricMean } from "simple-statistics";
import { type MedianInterval, medianInterval } from "../../bench/statistics.ts";
import type { Value } from "./axes.ts";
import type { Candidate, Candidates } from "./candidate.ts";
import type { Measured, Sampling } from "./measured.ts";
import type { Measuring } from "./measuring.ts";
import { type Ratios, score, type Weights } from "./objective.ts";
import type { Part } from "./parts.ts";
import { simulate } from "./simulator/footprint.ts";

/** One against another, on held-out traces. */
export interface Comparison {
  readonly speed: MedianInterval;
  readonly memory: number;
  readonly size: number;
  /** Weighted; a speed that cannot be told from 1 counts as 1. */
  readonly gain: number;
  readonly perTrace: readonly TraceComparison[];
}

export interface TraceComparison {
  readonly trace: string;
  readonly speed: MedianInterval;
  /** Peak committed bytes before and now. */
  readonly before: number;
  readonly now: number;
  readonly peakLiveBytes: number;
}

export interface JudgedChoice {
  readonly path: string;
  readonly value: Value;
  /** The spec with it against the spec without it. */
  readonly against: Comparison;
}

export interface Verdict {
  /** What is left of the changes that were found; the default, if nothing gained. */
  readonly candidate: Candidate;
  readonly choices: readonly JudgedChoice[];
  /** Changes that the search had found and that gain nothing here. */
  readonly dropped: readonly JudgedChoice[];
  /** What is left, against the default. */
  readonly against: Comparison;
  /** All that was found, against the default. */
  readonly found: Comparison;
}

/** Longer than the search measured. */
const SAMPLING: Sampling = { rounds: 25, samples: 3, seconds: 0.02 };
/** Less is no gain. */
const LEAST_GAIN = 0.003;
/** On no trace may the objective lose more. */
const MOST_LOSS = 0.03;

export class Judge {
  /** What the turn that is being looked at has measured, by spec. */
  #turn: ReadonlyMap<string, Measured> = new Map();

  constructor(
    private readonly candidates: Candidates,
    private readonly measuring: Measuring,
    private readonly heldOut: readonly Part[],
    private readonly weights: Weights,
  ) {}

  /** Takes the changes that gain nothing away, until each one that is left gains something. */
  async judge(found: Candidate): Promise<Verdict> {
    const standard = this.candidates.default;
    const dropped: JudgedChoice[] = [];
    let current = found;
    let first: Comparison | undefined;
    for (;;) {
      const choices = await this.#weigh(current);
      const against = await this.#compare(current, standard);
      first ??= against;
      const idle = choices.filter((choice) => choice.against.gain <= LEAST_GAIN);
      if (idle.length === 0) {
        if (this.#isGain(against)) return { candidate: current, choices, dropped, against, found: first };
        const all = [...dropped, ...choices];
        const same = await this.#compare(standard, standard);
        return { candidate: standard, choices: [], dropped: all, against: same, found: first };
      }
      const { left, gone } = this.#without(current, idle);
      current = left;
      dropped.push(...gone);
    }
  }

  /** Each change of a candidate: all of it against what is left without the change, in one turn. */
  async #weigh(current: Candidate): Promise<JudgedChoice[]> {
    const reduced = [...current.changes].map(([path, value]) => ({
      path,
      value,
      // Where the rest cannot stand without it, it is what the default lacks.
      without: this.#reduced(current, [path]) ?? this.candidates.default,
    }));
    const specs = [current, ...reduced.map(({ without }) => without)]
      .filter(({ changes }) => changes.size > 0)
      .map(({ resolved }) => resolved);
    this.#turn = await this.measuring.compareAll(specs, this.heldOut, SAMPLING);
    const choices: JudgedChoice[] = [];
    for (const { path, value, without } of reduced) {
      choices.push({ path, value, against: await this.#compare(current, without) });
    }
    return choices;
  }

  /** Without all changes that gain nothing alone; if they gain together, without the least. */
  #without(
    current: Candidate,
    idle: readonly JudgedChoice[],
  ): { left: Candidate; gone: readonly JudgedChoice[] } {
    const all = this.#reduced(
      current,
      idle.map(({ path }) => path),
    );
    if (all !== undefined && this.weights.memory * Math.log(all.memory / current.memory) <= LEAST_GAIN) {
      return { left: all, gone: idle };
    }
    const [least] = [...idle].sort((a, b) => a.against.gain - b.against.gain) as [JudgedChoice];
    const left = this.#reduced(current, [least.path]) ?? this.candidates.default;
    return { left, gone: left.changes.size === 0 ? idle : [least] };
  }

  #reduced({ changes }: Candidate, paths: readonly string[]): Candidate | undefined {
    return this.candidates.of(new Map([...changes].filter(([path]) => !paths.includes(path))));
  }

  #isGain({ speed, memory, size, perTrace }: Comparison): boolean {
    const careful = (one: MedianInterval, footprint: number): number =>
      score(
        { speed: isTold(one) ? one.median : Math.min(one.median, 1), memory: footprint, size },
        this.weights,
      );
    const losses = perTrace.map((trace) => careful(trace.speed, trace.now / trace.before));
    return careful(speed, memory) > LEAST_GAIN && losses.every((each) => each > -MOST_LOSS);
  }

  async #compare(one: Candidate, other: Candidate): Promise<Comparison> {
    const ratiosOf = ({ resolved }: Candidate) => this.#turn.get(resolved.hash)?.ratios;
    const bytesOf = async ({ resolved }: Candidate) =>
      this.#turn.get(resolved.hash)?.gzipBytes ?? (await this.measuring.build(resolved)).bytes.gzip;
    const perTrace = this.heldOut.map(({ trace }, index) => {
      const rounds = (candidate: Candidate) =>
        ratiosOf(candidate)?.[index] ?? new Array<number>(SAMPLING.rounds).fill(1);
      const [mine, its] = [rounds(one), rounds(other)];
      const peak = (candidate: Candidate) =>
        simulate(trace, candidate.resolved)?.peakCommittedBytes ?? Number.POSITIVE_INFINITY;
      return {
        trace: trace.name,
        ratios: mine.map((ratio, round) => ratio / (its[round] as number)),
        before: peak(other),
        now: peak(one),
        peakLiveBytes: trace.peakLiveBytes,
      };
    });
    const means = Array.from({ length: SAMPLING.rounds }, (_, round) =>
      geometricMean(perTrace.map(({ ratios }) => ratios[round] as number)),
    );
    const speed = medianInterval(means);
    const memory = geometricMean(perTrace.map(({ now, before }) => now / before));
    const size = (await bytesOf(one)) / (await bytesOf(other));
    return {
      speed,
      memory,
      size,
      gain: this.#gain(speed, memory, size),
      perTrace: perTrace.map(({ ratios, ...rest }) => ({ ...rest, speed: medianInterval(ratios) })),
    };
  }

  #gain(speed: MedianInterval, memory: number, size: number): number {
    const ratios: Ratios = { speed: isTold(speed) ? speed.median : 1, memory, size };
    return score(ratios, this.weights);
  }
}

/** Whether a speed can be told from that of an equal build. */
export const isTold = ({ low, high }: MedianInterval): boolean => low > 1 || high < 1;
