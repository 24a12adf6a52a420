/** What a tuning found out, as one JSON document. Ratios are to the default. */
import type { Machine } from "../../bench/machine.ts";
import type { Comparison } from "./judge.ts";
import type { Limits, Ratios, Weights } from "./objective.ts";

export interface TraceSummary {
  readonly trace: string;
  readonly operations: number;
  readonly peakLiveBytes: number;
}

export interface FrontEntry {
  /** Where it differs from the default; empty: the default itself. */
  readonly changes: Readonly<Record<string, string>>;
  /** On the traces that were trained on. */
  readonly ratios: Ratios;
  readonly gzipBytes: number;
  /** No other one is better in one of the three and as good in the others. */
  readonly isOnFront: boolean;
  readonly isChosen: boolean;
}

export interface ChoiceResult {
  readonly path: string;
  readonly label: string;
  readonly value: unknown;
  /** With it against without it, on held-out traces. */
  readonly against: Comparison;
  /** The same in words. */
  readonly reason: string;
}

/** Bytes over the operations of a trace. */
export interface MemoryCurve {
  readonly trace: string;
  readonly points: readonly {
    readonly operation: number;
    readonly live: number;
    readonly default: number;
    readonly tuned: number;
  }[];
}

export interface TuneResult {
  readonly base: string;
  readonly objective: string;
  readonly weights: Weights;
  readonly limits: Limits;
  readonly seed: number;
  readonly training: readonly TraceSummary[];
  readonly heldOut: readonly TraceSummary[];
  /** All that was measured, the default first. */
  readonly candidates: readonly FrontEntry[];
  readonly choices: readonly ChoiceResult[];
  /** Found by the search, and no gain on held-out traces. */
  readonly dropped: readonly ChoiceResult[];
  /** Of the best candidate, on the traces that were trained on. */
  readonly trainingGain: Ratios;
  /** Of all that the search found, and of what is left of it, on held-out traces. */
  readonly found: Comparison;
  readonly tuned: Comparison;
  readonly verdict: "gain" | "no gain";
  readonly gzipBytes: { readonly default: number; readonly tuned: number };
  readonly memory: readonly MemoryCurve[];
  readonly notes: readonly string[];
  readonly machine: Machine;
  /** The spec file. */
  readonly spec: string;
}
