/**
 * Depth-first search over schedules, stateless (Godefroid, "Model checking for programming
 * languages using VeriSoft", POPL 1997): no state is stored, every execution starts over and
 * follows the stack of decisions to the point where it does something new. What is tried at each
 * decision is the policy's business.
 */
import { choice, type Exploration, type Failure, type Limits, type Trial } from "../trial.ts";
import { Violation } from "../violation.ts";
import { depends, describeNext, type Event, newEvent } from "./event.ts";

/** A point of an execution at which somebody goes on. */
export interface Decision {
  /** Threads that could go on, as a mask. */
  enabled: number;
  /** Threads to try here. */
  todo: number;
  /** Threads not to try (any more): tried, or known to show nothing new. */
  sleep: number;
  /** The thread tried now, which of the values its access may see, and of how many. */
  thread: number;
  value: number;
  values: number;
  /** Switches so far away from a thread that could have gone on. */
  preemptions: number;
  /** The step that was made. */
  readonly event: Event;
}

export interface Policy {
  readonly name: string;
  /** Whether threads sleep: what is tried here need not be tried again after independent steps. */
  readonly sleepSets: boolean;
  /** The threads to try at a new decision, `first` among them. */
  todo(decision: Decision, previous: Decision | undefined, first: number): number;
  /**
   * The newest decision's step was made: told before the next. May add to what is tried at earlier
   * decisions.
   */
  made?(decisions: readonly Decision[], machine: Trial["machine"]): void;
}

/** How often progress is told and the clock is asked. */
const EXECUTIONS_PER_LOOK = 256;

export function depthFirst(
  trial: Trial,
  policy: Policy,
  limits: Limits = {},
  progress: (executions: number) => void = () => {},
): Exploration {
  const search = new DepthFirst(trial, policy);
  const start = performance.now();
  const until = start + (limits.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const most = limits.executions ?? Number.POSITIVE_INFINITY;
  let failure: Failure | undefined;
  let isDone = false;
  while (!isDone && failure === undefined && search.executions < most) {
    if (search.executions % EXECUTIONS_PER_LOOK === 0) {
      progress(search.executions);
      if (performance.now() > until) break;
    }
    failure = search.execute();
    isDone = failure === undefined && !search.backtrack();
  }
  return {
    search: policy.name,
    executions: search.executions,
    redundant: search.redundant,
    steps: search.steps,
    deepest: search.deepest,
    seconds: (performance.now() - start) / 1000,
    exhausted: isDone,
    failure,
  };
}

class DepthFirst {
  executions = 0;
  redundant = 0;
  steps = 0;
  deepest = 0;
  /** Decisions of the current execution, and behind them decisions that wait to be used again. */
  readonly #pool: Decision[] = [];
  readonly #stack: Decision[] = [];
  readonly #asleep: Event;

  constructor(
    private readonly trial: Trial,
    private readonly policy: Policy,
  ) {
    this.#asleep = newEvent(trial.machine.threads);
  }

  /** One execution: along the stack, then on to the end. */
  execute(): Failure | undefined {
    this.executions++;
    let depth = 0;
    try {
      this.trial.start();
      /** Decisions before this one are repeated: nothing is new about them. */
      const known = this.#stack.length - 1;
      for (;;) {
        if (depth === this.#stack.length && !this.#decide()) break;
        this.#perform(this.#stack[depth], depth >= known);
        depth++;
      }
      this.steps += depth;
      this.deepest = Math.max(this.deepest, depth);
      return undefined;
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return {
        message: error.message,
        schedule: this.#stack.map(({ thread, value }) => choice(thread, value)),
      };
    }
  }

  /** Goes back to the last decision where something is left to try. False: there is none. */
  backtrack(): boolean {
    for (;;) {
      const decision = this.#stack.at(-1);
      if (decision === undefined) return false;
      if (decision.value + 1 < decision.values) {
        decision.value++;
        return true;
      }
      decision.sleep |= 1 << decision.thread;
      const left = decision.todo & ~decision.sleep;
      if (left !== 0) {
        decision.thread = lowest(left);
        decision.value = 0;
        decision.values = 0;
        return true;
      }
      this.#pool.push(decision);
      this.#stack.pop();
    }
  }

  /** A new decision on top of the stack; false when the execution is at its end. */
  #decide(): boolean {
    const { machine } = this.trial;
    const enabled = machine.enabled();
    if (enabled === 0) {
      if (machine.unfinished() !== 0) throw new Violation(blocked(machine.unfinished()));
      this.trial.finish();
      return false;
    }
    const previous = this.#stack.at(-1);
    const sleep = this.policy.sleepSets && previous !== undefined ? this.#stillAsleep(previous) : 0;
    const awake = enabled & ~sleep;
    if (awake === 0) {
      this.redundant++;
      return false;
    }
    const decision = this.#pool.pop() ?? newDecision(machine.threads);
    decision.enabled = enabled;
    decision.sleep = sleep;
    const goesOn = previous !== undefined && (awake & (1 << previous.thread)) !== 0;
    decision.thread = goesOn ? previous.thread : lowest(awake);
    decision.value = 0;
    decision.values = 0;
    decision.todo = this.policy.todo(decision, previous, decision.thread);
    this.#stack.push(decision);
    return true;
  }

  #perform(decision: Decision, isNew: boolean): void {
    const { machine } = this.trial;
    const { event, thread } = decision;
    if (decision.values === 0) decision.values = machine.choices(thread);
    if (isNew) {
      describeNext(event, machine, thread);
      decision.preemptions = this.#preemptions(decision);
    }
    event.writes = machine.step(thread, decision.value);
    if (isNew) this.policy.made?.(this.#stack, machine);
  }

  #preemptions(decision: Decision): number {
    const previous = this.#stack[this.#stack.length - 2];
    if (previous === undefined) return 0;
    const isPreemption =
      previous.thread !== decision.thread && (decision.enabled & (1 << previous.thread)) !== 0;
    return previous.preemptions + (isPreemption ? 1 : 0);
  }

  /** Of the threads that slept before a step, those whose own next step commutes with it. */
  #stillAsleep({ sleep, event, thread }: Decision): number {
    let left = sleep & ~(1 << thread);
    for (let rest = left; rest !== 0; rest &= rest - 1) {
      const sleeper = lowest(rest);
      describeNext(this.#asleep, this.trial.machine, sleeper);
      if (depends(event, this.#asleep)) left &= ~(1 << sleeper);
    }
    return left;
  }
}

function newDecision(threads: number): Decision {
  return {
    enabled: 0,
    todo: 0,
    sleep: 0,
    thread: 0,
    value: 0,
    values: 0,
    preemptions: 0,
    event: newEvent(threads),
  };
}

export function blocked(threads: number): string {
  const names: number[] = [];
  for (let rest = threads; rest !== 0; rest &= rest - 1) names.push(lowest(rest));
  return `blocked for ever: ${names.map((thread) => `thread ${thread}`).join(", ")}`;
}

/** The lowest thread of a mask. */
export function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
