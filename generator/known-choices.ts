/** What of a spec is known when its build is made. */
import type { ResolvedSpec } from "../spec/resolve.ts";
import type { Choices } from "./stages/evaluate.ts";

/**
 * A specialised build knows everything; a flagged one the sizes of its records, for how many
 * threads it is, that it is called by JavaScript, and what is guarded and watched.
 */
export function knownChoices({ kernel, lowering }: ResolvedSpec): Choices {
  if (lowering !== "flagged") return { spec: kernel, allFields: false };
  const { bounds, threads, manyThreads, anyNumbers, guards, observe } = kernel;
  return { spec: { bounds, threads, manyThreads, anyNumbers, guards, observe }, allFields: true };
}
