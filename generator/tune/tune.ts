/** Tuning: from traces to a spec whose every choice has a reason. */
import { describeMachine, type Machine } from "../../bench/machine.ts";
import { busyWarning } from "../../bench/report.ts";
import type { Trace } from "../../bench/trace.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { UserError } from "../../spec/user-error.ts";
import { version } from "../version.ts";
import { type Candidate, Candidates } from "./candidate.ts";
import { liveSizes } from "./classes/live-sizes.ts";
import { Judge, type JudgedChoice, type Verdict } from "./judge.ts";
import { MeasuredFile } from "./measured.ts";
import { Measuring, type Tools } from "./measuring.ts";
import type { Limits, Ratios, Weights } from "./objective.ts";
import type { Part } from "./parts.ts";
import { Proposals } from "./proposals.ts";
import { type Race, type Raced, race } from "./race.ts";
import type { ChoiceResult, FrontEntry, MemoryCurve, TraceSummary, TuneResult } from "./result.ts";
import { simulate } from "./simulator/footprint.ts";
import { whyNotSimulated } from "./simulator/heap.ts";
import { specText } from "./spec-file.ts";
import { comparisonText } from "./words.ts";

export interface Request {
  readonly base: ResolvedSpec;
  /** As the spec file names it. */
  readonly baseName: string;
  readonly training: readonly Part[];
  readonly heldOut: readonly Part[];
  readonly objective: string;
  readonly weights: Weights;
  readonly limits: Limits;
  readonly budgetMs: number;
  readonly seed: number;
  /** Where measurements are kept; undefined: nowhere. */
  readonly measured?: string;
  readonly fresh: boolean;
  readonly isJson: boolean;
}

/** What a candidate takes, on a machine of 2026: it decides how many there are. */
const MS_PER_CANDIDATE = 12_000;
const FEWEST = 4;
/** Of the budget, what the search may take; the rest is for judging. */
const SEARCH_SHARE = 0.7;
/** Points of a curve of memory over time. */
const POINTS = 200;

export async function tune(request: Request, tools: Tools): Promise<TuneResult> {
  const { base, training, heldOut, weights, limits, budgetMs, seed } = request;
  const unknown = whyNotSimulated(base.kernel);
  if (unknown !== undefined) {
    throw new UserError(`--base ${request.baseName}: ${unknown}; name a base without that, such as single`);
  }
  const traces = training.map(({ trace }) => trace);
  const candidates = new Candidates(base, traces);
  const proposals = new Proposals(candidates, traces.map(liveSizes), weights, limits, seed);
  const machine = describeMachine();
  const start = tools.now();
  const isLate = () => tools.now() - start > budgetMs * SEARCH_SHARE;
  const entrants = Math.max(FEWEST, Math.round(budgetMs / MS_PER_CANDIDATE));
  const measuring = new Measuring(base, new MeasuredFile(request.measured, request.fresh), tools);
  try {
    tools.progress.start("tuning", stepsOf(entrants));
    const found = await race(
      { candidates, proposals, measuring },
      training,
      { weights, limits, entrants },
      isLate,
    );
    const best = bestOf(found, limits) ?? racedDefault(candidates, (await measuring.build(base)).bytes.gzip);
    const judge = new Judge(candidates, measuring, heldOut, weights);
    const verdict = await judge.judge(best.candidate);
    const gzipBytes = {
      default: (await measuring.build(base)).bytes.gzip,
      tuned: (await measuring.build(verdict.candidate.resolved)).bytes.gzip,
    };
    tools.progress.stop();
    const partial = {
      base: request.baseName,
      objective: request.objective,
      weights,
      limits,
      seed,
      training: training.map(summary),
      heldOut: heldOut.map(summary),
      candidates: entries(found.raced, verdict.candidate, gzipBytes.default),
      choices: verdict.choices.map(told),
      dropped: verdict.dropped.map(told),
      trainingGain: best.ratios,
      found: verdict.found,
      tuned: verdict.against,
      verdict: verdict.candidate.changes.size > 0 ? ("gain" as const) : ("no gain" as const),
      gzipBytes,
      memory: heldOut.map(({ trace }) => curve(trace, base, verdict.candidate.resolved)),
      notes: notesOf(found, verdict, machine),
      machine,
    };
    return { ...partial, spec: specOf(partial, request.isJson) };
  } finally {
    measuring.close();
  }
}

/** The furthest and best that keeps the limits and is better than the default. */
function bestOf({ raced }: Race, { maxGzip = Number.POSITIVE_INFINITY }: Limits): Raced | undefined {
  return raced.find(({ gzipBytes, score }) => gzipBytes <= maxGzip && score > 0);
}

function racedDefault(candidates: Candidates, gzipBytes: number): Raced {
  const ratios = { speed: 1, memory: 1, size: 1 };
  return { candidate: candidates.default, ratios, gzipBytes, score: 0, rung: 0 };
}

/** Builds and measurements, about. */
const stepsOf = (entrants: number): number => Math.round(entrants * 2.2) + 16;

const summary = ({ trace }: Part): TraceSummary => ({
  trace: trace.name,
  operations: trace.operations,
  peakLiveBytes: trace.peakLiveBytes,
});

function told({ path, value, against }: JudgedChoice): ChoiceResult {
  return { path, label: value.label, value: value.value, against, reason: comparisonText(against) };
}

function entries(raced: readonly Raced[], chosen: Candidate, defaultBytes: number): FrontEntry[] {
  const all = [
    { changes: {}, ratios: { speed: 1, memory: 1, size: 1 }, gzipBytes: defaultBytes, hash: "" },
    ...raced.map(({ candidate, ratios, gzipBytes }) => ({
      changes: Object.fromEntries([...candidate.changes].map(([path, { label }]) => [path, label])),
      ratios,
      gzipBytes,
      hash: candidate.resolved.hash,
    })),
  ];
  return all.map(({ hash, ...entry }) => ({
    ...entry,
    isOnFront: !all.some((other) => dominates(other.ratios, entry.ratios)),
    isChosen: chosen.changes.size === 0 ? hash === "" : hash === chosen.resolved.hash,
  }));
}

function dominates(one: Ratios, other: Ratios): boolean {
  const asGood = one.speed >= other.speed && one.memory <= other.memory && one.size <= other.size;
  return asGood && (one.speed > other.speed || one.memory < other.memory || one.size < other.size);
}

function notesOf({ late }: Race, { candidate, found, dropped }: Verdict, machine: Machine): string[] {
  const notes: string[] = [...busyWarning(machine)];
  if (late > 0) {
    notes.push(
      `the budget was used up before ${late} candidates were measured: the same command goes on, or give a larger --budget`,
    );
  }
  if (candidate.changes.size === 0 && dropped.length > 0) {
    notes.push(
      `what gained on the training part is no gain on held-out traces (${comparisonText(found)}): the default stays`,
    );
  }
  return notes;
}

function curve(trace: Trace, base: ResolvedSpec, tuned: ResolvedSpec): MemoryCurve {
  const every = Math.max(1, Math.floor(trace.operations / POINTS));
  const seen = (spec: ResolvedSpec) => {
    const points: { operation: number; committed: number; live: number }[] = [];
    simulate(trace, spec, (operation, committed, live) => {
      if (operation % every === 0) points.push({ operation, committed, live });
    });
    return points;
  };
  const after = seen(tuned);
  const points = seen(base).map(({ operation, committed, live }, index) => ({
    operation,
    live,
    default: committed,
    tuned: after[index]?.committed ?? committed,
  }));
  return { trace: trace.name, points };
}

function specOf(result: Omit<TuneResult, "spec">, isJson: boolean): string {
  const names = (traces: readonly TraceSummary[]) => traces.map(({ trace }) => trace).join(", ");
  const { base, objective, seed, choices, dropped, tuned, machine } = result;
  const outcome =
    choices.length === 0
      ? `Nothing that was found is a gain there: this is ${base}.`
      : `There it has, against ${base}: ${comparisonText(tuned)}.`;
  return specText(
    {
      about:
        `Tuned by slabsmith ${version} for ${objective} on ${names(result.training)}, with seed ${seed}; ` +
        `judged by ${names(result.heldOut)}, which the search never saw. ${outcome} ` +
        "Each comment compares the spec with the choice and without it there. " +
        `Speeds have the interval that holds the median in 95 of 100 cases (${machine.cpu}, Node ${machine.node}).`,
      base,
      choices: choices.map(({ path, value, label, reason }) => ({
        path,
        value,
        reason: `${Array.isArray(value) ? `${label}: ` : ""}${reason}.`,
      })),
      remarks: dropped.map(
        ({ path, label, reason }) =>
          `${path}: ${label} gained where the search looked, and nothing there: ${reason}.`,
      ),
    },
    isJson,
  );
}
