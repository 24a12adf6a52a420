/**
 * Measures the groups of a matrix, one after the other. Every group has a process of its own, and
 * its cells are written down before the next one begins.
 */
import type { Plan as BenchPlan } from "../bench.ts";
import type { WorkloadResult } from "../compare.ts";
import { describeMachine } from "../machine.ts";
import type { Progress } from "../progress.ts";
import type { BenchReport } from "../report.ts";
import { hasFailed, keyIn, type Outcome } from "./cell.ts";
import type { Combination } from "./combinations.ts";
import { type Column, columnName, type Group, type Plan } from "./plan.ts";
import type { TestedBuild } from "./prepare.ts";
import type { Store } from "./store.ts";

/** What a run needs from outside. */
export interface Tools {
  prepare(combination: Combination): Promise<TestedBuild>;
  measure(plan: BenchPlan, progress: Progress): Promise<BenchReport>;
  readonly progress: Progress;
}

export function runMatrix(plan: Plan, groups: readonly Group[], store: Store, tools: Tools): Promise<void> {
  return new MatrixRun(plan, store, tools).run(groups);
}

/** What happened when a build was generated or tested. */
interface Broken {
  readonly failed: string;
}

/** A member of a group that can be measured. */
interface Entrant {
  readonly combination: Combination;
  readonly tested: TestedBuild;
}

class MatrixRun {
  /** The load that a matrix makes is no reason to doubt it: what counts is the load before. */
  readonly #machine = describeMachine();
  readonly #baseline: Combination;
  readonly #prepared = new Map<Combination, TestedBuild | Broken>();

  constructor(
    private readonly plan: Plan,
    private readonly store: Store,
    private readonly tools: Tools,
  ) {
    this.#baseline = plan.combinations[0] as Combination;
  }

  async run(groups: readonly Group[]): Promise<void> {
    const { progress } = this.tools;
    const pending = groups
      .map(({ column, members }) => ({ column, members: this.#missing(members, column) }))
      .filter(({ members }) => members.length > 0);
    const builds = new Set(pending.flatMap(({ members }) => [this.#baseline, ...members]));
    progress.start("matrix", builds.size + pending.length);
    for (const group of pending) await this.#runGroup(group);
    progress.stop();
  }

  /** The members that have no figure yet; the baseline gets one, too, where it has none. */
  #missing(members: readonly Combination[], column: Column): Combination[] {
    return [...new Set([this.#baseline, ...members])].filter(({ resolved }) => {
      const cell = this.store.cells.get(keyIn(this.plan.record, resolved.hash, column));
      return cell === undefined || hasFailed(cell);
    });
  }

  async #runGroup({ column, members }: Group): Promise<void> {
    const base = await this.#prepare(this.#baseline);
    const reason = whyNot(base, this.#baseline, column);
    const entrants: Entrant[] = [];
    for (const combination of members) {
      const tested = reason ? base : await this.#prepare(combination);
      const unfit = reason ?? whyNot(tested, combination, column);
      if (unfit) this.#write(combination, column, unfit);
      else entrants.push({ combination, tested: tested as TestedBuild });
    }
    const count = members.length === 1 ? "1 variant" : `${members.length} variants`;
    this.tools.progress.step(`${columnName(column)}: ${count}`);
    if (entrants.length > 0) await this.#measure(base as TestedBuild, entrants, column);
  }

  /**
   * Generated when the first group needs it: who interrupts a long matrix has not waited for
   * nothing.
   */
  async #prepare(combination: Combination): Promise<TestedBuild | Broken> {
    let found = this.#prepared.get(combination);
    if (found === undefined) {
      this.tools.progress.step(`generating and testing ${combination.name}`);
      found = await this.tools.prepare(combination).catch((error: Error) => ({ failed: firstLine(error) }));
      this.#prepared.set(combination, found);
    }
    return found;
  }

  async #measure(base: TestedBuild, entrants: readonly Entrant[], column: Column): Promise<void> {
    try {
      const result = await this.#compare(base, entrants, column);
      for (const { combination } of entrants)
        this.#write(combination, column, outcomeOf(result, combination));
    } catch (error) {
      if (entrants.length === 1) {
        const [{ combination }] = entrants as [Entrant];
        this.#write(combination, column, { failed: firstLine(error as Error) });
        return;
      }
      // One of them took the others along: each again, with nobody but the baseline.
      for (const entrant of entrants) await this.#measure(base, [entrant], column);
    }
  }

  async #compare(
    base: TestedBuild,
    entrants: readonly Entrant[],
    { workload, threads }: Column,
  ): Promise<WorkloadResult> {
    const tested = new Set([base, ...entrants.map((entrant) => entrant.tested)]);
    const report = await this.tools.measure(
      {
        builds: [...tested].map(({ build }) => build),
        peers: [],
        traces: [],
        special: [],
        workloads: threads === undefined ? [workload] : [],
        threaded: threads === undefined ? [] : [{ id: workload, threads }],
        settings: { ...this.plan.record.sampling, baseline: this.#baseline.name },
      },
      silent,
    );
    return report.workloads[0] as WorkloadResult;
  }

  #write(combination: Combination, column: Column, outcome: Outcome): void {
    const tested = this.#prepared.get(combination);
    const { sources, sampling } = this.plan.record;
    this.store.add({
      variant: combination.name,
      ...column,
      outcome,
      ...(tested && "build" in tested && { bytes: tested.build.bytes, memory: tested.memory }),
      specHash: combination.resolved.hash,
      baselineHash: this.#baseline.resolved.hash,
      sources,
      sampling,
      machine: this.#machine,
    });
  }
}

const silent: Progress = { start() {}, step() {}, stop() {} };

/** Why a combination does not take part; where it is the baseline, nobody does. */
function whyNot(
  tested: TestedBuild | Broken,
  { name, resolved }: Combination,
  { threads }: Column,
): Outcome | undefined {
  if ("failed" in tested) return { failed: `${name}: ${tested.failed}` };
  const slots = resolved.kernel.threads;
  if (threads === undefined || slots === 1 || threads < slots) return undefined;
  // The main thread makes the heap, and holds a slot of its own.
  return {
    absent: `${name} has ${slots} thread slots, too few for ${threads} and the one that makes the heap`,
  };
}

function outcomeOf({ results, absent }: WorkloadResult, { name }: Combination): Outcome {
  const result = results.find((each) => each.name === name);
  if (result?.ratio) {
    const { operationsPerSecond, ratio, stable } = result;
    return { operationsPerSecond, ratio, stable };
  }
  return { absent: absent.find((each) => each.name === name)?.reason ?? "the baseline did not run" };
}

function firstLine({ message }: Error): string {
  return message.split("\n", 1)[0] as string;
}
