/** Guards and observation, as the kernel asks for them. */
import type { KernelSpec } from "./kernel-spec.ts";
import type { Choices } from "./schema.ts";

type Watching = Pick<KernelSpec, "guards" | "observe" | "arrayWords">;

/** An event is two words: what happened and how much, and where. */
const EVENT_WORDS = 2;

/** `classes`: block size of each class. `tierWords`: words of a thread's arrays that tiers have. */
export function kernelGuards(choices: Choices, classes: readonly number[], tierWords: number): Watching {
  const { guards, observe } = choices;
  const places = quarantinePlaces(guards.quarantine);
  const events = observe.traceRing ? powerOfTwo(observe.traceRing.events) : 0;
  const counted = observe.counters ? observe.counters.classes : [];
  const states = guards.doubleFree || guards.poison || guards.quarantine > 0 || guards.redZone > 0;
  return {
    guards: {
      calls: states || guards.pushValidation || guards.headerCheck || guards.arguments || events > 0,
      lists: guards.listValidation,
      pushes: guards.pushValidation,
      ownership: guards.ownership && choices.threads > 1,
      states,
      poison: guards.poison,
      quarantineBytes: guards.quarantine,
      quarantinePlaces: places,
      quarantineStart: tierWords,
      redZone: guards.redZone,
      headers: guards.headerCheck,
      arguments: guards.arguments,
      stacks: guards.stacks,
      throws: guards.onHit === "throw",
    },
    observe: {
      counters: observe.counters !== false,
      countedClasses: [0, ...classes.map((bytes) => (counted.includes(bytes) ? 1 : 0))],
      countsClasses: counted.length > 0,
      events,
      ringStart: tierWords + places,
      logLimit: observe.logLimit,
    },
    arrayWords: tierWords + places + events * EVENT_WORDS,
  };
}

/** Blocks that a quarantine of so many bytes has places for: more when they are large. */
function quarantinePlaces(bytes: number): number {
  return bytes === 0 ? 0 : Math.min(Math.max(powerOfTwo(bytes / 256), 16), 4096);
}

/** The least power of two that is not smaller. */
function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
