/**
 * Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order
 * reduction", POPL 2014, algorithm 1): at first one thread is tried at every decision. When two
 * steps turn out to race, the decision before the first of them is given a thread that leads to the
 * second one first, unless it has one.
 */
import type { Machine } from "../machine.ts";
import { type Decision, lowest, type Policy } from "./depth-first.ts";
import { depends } from "./event.ts";

export const sourceDpor: Policy = {
  name: "source-DPOR",
  sleepSets: true,
  todo: (_, __, first) => 1 << first,
  made: reverseRaces,
};

/**
 * Gives the newest step its clock, and sees to it that its races with earlier ones are reversed.
 */
function reverseRaces(decisions: readonly Decision[], machine: Machine): void {
  const last = decisions.length - 1;
  const { event } = decisions[last];
  const { thread, clock } = event;
  startClock(decisions, machine, clock, thread);
  const racing: number[] = [];
  // From the latest on: what happens before a later dependence is in the clock when its turn comes.
  for (let i = last - 1; i >= 0; i--) {
    const earlier = decisions[i].event;
    if (earlier.thread === thread || !depends(earlier, event)) continue;
    if (earlier.clock[earlier.thread] <= clock[earlier.thread]) continue;
    racing.push(i);
    join(clock, earlier.clock);
  }
  clock[thread]++;
  for (const i of racing) reverse(decisions, i);
}

/** What happens before the thread's next step by program order alone. */
function startClock(
  decisions: readonly Decision[],
  machine: Machine,
  clock: Int32Array,
  thread: number,
): void {
  clock.fill(0);
  let isFirst = true;
  for (let i = decisions.length - 2; i >= 0 && isFirst; i--) {
    if (decisions[i].event.thread !== thread) continue;
    clock.set(decisions[i].event.clock);
    isFirst = false;
  }
  const awaited = isFirst ? machine.after(thread) : undefined;
  if (awaited === undefined) return;
  for (const { event } of decisions) if (event.thread === awaited) join(clock, event.clock);
}

/** Makes sure that, from before step `i` on, some execution has the newest step before it. */
function reverse(decisions: readonly Decision[], i: number): void {
  const before = decisions[i];
  const initials = initialsOf(decisions, i) & before.enabled;
  // A step that only step `i` made possible cannot come before it.
  if (initials === 0 || (initials & before.todo) !== 0) return;
  const newest = 1 << decisions[decisions.length - 1].event.thread;
  before.todo |= (initials & newest) !== 0 ? newest : 1 << lowest(initials);
}

/**
 * Of the steps behind `i` that do not depend on it, and the newest one: the threads that could go
 * first. A thread's first step can when no other one of these happens before it.
 */
function initialsOf(decisions: readonly Decision[], i: number): number {
  const { event: first } = decisions[i];
  const last = decisions.length - 1;
  let seen = 0;
  let initials = 0;
  /** Per thread: the clock of its first step among these. */
  const starts: number[] = [];
  for (let j = i + 1; j <= last; j++) {
    const { event } = decisions[j];
    const bit = 1 << event.thread;
    if ((seen & bit) !== 0) continue;
    if (j !== last && event.clock[first.thread] >= first.clock[first.thread]) continue;
    let isInitial = true;
    for (let rest = seen; rest !== 0 && isInitial; rest &= rest - 1) {
      const other = lowest(rest);
      isInitial = event.clock[other] < starts[other];
    }
    seen |= bit;
    starts[event.thread] = event.clock[event.thread];
    if (isInitial) initials |= bit;
  }
  return initials;
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let t = 0; t < clock.length; t++) if (other[t] > clock[t]) clock[t] = other[t];
}
