import type { Choices } from "./schema.ts";

type Sizes = Pick<Choices, "sizeClasses" | "alignment" | "header">;

/** M1: block sizes in bytes, ascending. Both forms, rule and list, end here. */
export function sizeClassList(spec: Sizes): number[] {
  const { sizeClasses, alignment } = spec;
  if (Array.isArray(sizeClasses)) return sizeClasses;
  const { last, stepsPerDoubling } = sizeClasses;
  const classes = [];
  for (let size = firstClass(spec); size < last; size = nextClass(size, alignment, stepsPerDoubling)) {
    classes.push(size);
  }
  return [...classes, last];
}

/** The smallest block: the alignment, behind a header if there is one. */
export function firstClass({ sizeClasses, alignment, header }: Sizes): number {
  if (Array.isArray(sizeClasses)) return sizeClasses[0];
  return sizeClasses.first ?? (header ? 2 * alignment : alignment);
}

/**
 * A step is a fixed share of the power of two below, and at least the alignment. No step passes
 * over a power of two: those classes are naturally aligned, and `memalign` relies on them.
 */
function nextClass(size: number, alignment: number, stepsPerDoubling: number): number {
  const power = 2 ** Math.floor(Math.log2(size));
  return Math.min(size + Math.max(alignment, power / stepsPerDoubling), power * 2);
}
