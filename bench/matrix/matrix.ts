/** What a matrix crosses: axes of a spec, workloads, numbers of threads. */

/**
 * A place in the spec and what stands there in turn. The first value is the one that the others are
 * compared with.
 */
export interface Axis {
  /** Dotted path, such as `tiers.fast.cap`. */
  readonly path: string;
  readonly values: readonly AxisValue[];
}

export interface AxisValue {
  readonly label: string;
  /** Laid over what the spec has at the path. */
  readonly value: unknown;
}

export interface Matrix {
  readonly axes: readonly Axis[];
  /** Absent: some that show much. */
  readonly workloads?: readonly string[];
  /** Of specs for several threads. Absent: the workloads run on the main thread. */
  readonly threads?: readonly number[];
}

/** A label per path. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Tiers are what most matrices are about, and their names are known: `tiers.fast.cap` is
 * `fast.cap`.
 */
export function shortName(path: string): string {
  return path.replace(/^tiers\./, "");
}

export function nameOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([path, label]) => `${shortName(path)}=${label}`)
    .join(", ");
}
