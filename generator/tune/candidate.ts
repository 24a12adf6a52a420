/** A spec that the search looks at, and what the simulator says of it. */
import { geometricMean } from "simple-statistics";
import { overlay } from "../../bench/matrix/combinations.ts";
import type { Trace } from "../../bench/trace.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { SpecError } from "../../spec/spec-error.ts";
import type { Changes } from "./axes.ts";
import { simulate } from "./simulator/footprint.ts";
import { whyNotSimulated } from "./simulator/heap.ts";

export interface Candidate {
  readonly changes: Changes;
  readonly resolved: ResolvedSpec;
  /** Peak committed bytes of each trace that is trained on, by the simulator. */
  readonly peaks: readonly number[];
  /** Of the default's peaks, geometric mean. */
  readonly memory: number;
  /** Peak committed over peak requested bytes, of the worst trace. */
  readonly waste: number;
}

export class Candidates {
  readonly default: Candidate;
  readonly #known = new Map<string, Candidate | undefined>();
  readonly #choices: unknown;

  constructor(
    readonly base: ResolvedSpec,
    private readonly traces: readonly Trace[],
  ) {
    const { name: _, ...choices } = base.spec;
    this.#choices = choices;
    const found = this.of(new Map());
    if (found === undefined) throw new Error("the base does not hold its own traces");
    this.default = found;
  }

  /** Undefined: the choices contradict each other, or the heap is too small for a trace. */
  of(changes: Changes): Candidate | undefined {
    const resolved = this.resolve(changes);
    if (resolved === undefined) return undefined;
    if (!this.#known.has(resolved.hash)) this.#known.set(resolved.hash, this.#simulated(changes, resolved));
    return this.#known.get(resolved.hash);
  }

  resolve(changes: Changes): ResolvedSpec | undefined {
    let spec = this.#choices;
    for (const [path, { value }] of changes) spec = overlay(spec, value, path.split("."));
    try {
      return resolveSpec(spec, this.base.name);
    } catch (error) {
      if (error instanceof SpecError) return undefined;
      throw error;
    }
  }

  #simulated(changes: Changes, resolved: ResolvedSpec): Candidate | undefined {
    if (whyNotSimulated(resolved.kernel) !== undefined) return undefined;
    const footprints = this.traces.flatMap((trace) => simulate(trace, resolved) ?? []);
    if (footprints.length < this.traces.length) return undefined;
    const peaks = footprints.map(({ peakCommittedBytes }) => peakCommittedBytes);
    const first = this.default?.peaks ?? peaks;
    return {
      changes,
      resolved,
      peaks,
      memory: geometricMean(peaks.map((peak, index) => peak / first[index]!)),
      waste: Math.max(...footprints.map(({ committedPerLive }) => committedPerLive)),
    };
  }
}
