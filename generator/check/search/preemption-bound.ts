/**
 * Preemption bound (Musuvathi and Qadeer, "Iterative context bounding for systematic testing of
 * multithreaded programs", PLDI 2007): a thread that could go on is interrupted at most so often.
 * Most errors need two or three interruptions, and within the bound the number of schedules grows
 * polynomially with their length.
 */
import type { Policy } from "./depth-first.ts";

export function preemptionBound(bound: number): Policy {
  return {
    name: `preemption bound ${bound}`,
    sleepSets: false,
    todo({ enabled }, previous, first) {
      if (previous === undefined) return enabled;
      const canGoOn = (enabled & (1 << previous.thread)) !== 0;
      return canGoOn && previous.preemptions >= bound ? 1 << first : enabled;
    },
  };
}
