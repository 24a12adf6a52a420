/**
 * Shrinking: what is left of a scenario when every thread and every operation that is not needed
 * has been dropped.
 */
import type { Scenario } from "./scenario.ts";

/** A scenario that still fails, and in which nothing can be dropped any more. */
export function shortest(scenario: Scenario, fails: (shorter: Scenario) => boolean): Scenario {
  for (const shorter of shorterThan(scenario)) if (fails(shorter)) return shortest(shorter, fails);
  return scenario;
}

function* shorterThan(scenario: Scenario): Generator<Scenario> {
  const { before = [], threads } = scenario;
  if (threads.length > 1) for (const thread of threads.keys()) yield withoutThread(scenario, thread);
  for (const i of before.keys()) yield { ...scenario, before: without(before, i) };
  for (const [thread, script] of threads.entries()) {
    for (const i of script.keys()) {
      const shorter = without(script, i);
      yield { ...scenario, threads: threads.map((each, t) => (t === thread ? shorter : each)) };
    }
  }
}

/** The threads behind the one that is dropped are counted anew. */
function withoutThread(scenario: Scenario, thread: number): Scenario {
  const before = (scenario.before ?? []).flatMap((line) => {
    const [by, operation] = line.split(": ");
    if (Number(by) === thread) return [];
    return [`${Number(by) > thread ? Number(by) - 1 : by}: ${operation}`];
  });
  return { ...scenario, before, threads: without(scenario.threads, thread) };
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index);
}
