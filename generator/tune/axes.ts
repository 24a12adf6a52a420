/**
 * The choices that are tuned, and the values tried for each.
 *
 * A choice that promises something to a user stays as the base has it: threads, memory, alignment,
 * headers, guards, functions of the API, what is observed, lifetimes.
 */
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { valueAt } from "../../spec/value-at.ts";

export interface Value {
  /** As a reader is told of it. */
  readonly label: string;
  /** Laid over what the base has at the path. */
  readonly value: unknown;
}

export interface Axis {
  readonly path: string;
  readonly values: readonly Value[];
}

/** A value by path: where a candidate differs from the base. */
export type Changes = ReadonlyMap<string, Value>;

/** A list is made for the traces, too: see `classes/`. */
export const SIZE_CLASSES = "sizeClasses";

const KiB = 1024;

const values: Readonly<Record<string, readonly unknown[]>> = {
  [SIZE_CLASSES]: [{ stepsPerDoubling: 4 }, { stepsPerDoubling: 8 }, { stepsPerDoubling: 16 }],
  "geometry.slabBytes": [4 * KiB, 8 * KiB, 16 * KiB, 32 * KiB],
  "geometry.superSlabBytes": [1024 * KiB, 2048 * KiB],
  "slab.rejoinShift": [0, 1, 2, 3, 4, 6, 15],
  "tiers.tlsSll": [
    false,
    { from: 0 },
    { from: 33 },
    { from: 65 },
    { from: 129 },
    { from: 257 },
    { from: 1025 },
    { upTo: 0 },
    { from: 0, cap: 64 },
  ],
  "tiers.fast": [false, { cap: 16 }, { cap: 64 }],
  "pool.stage05": [false, { slabs: 16 }, { slabs: 256 }],
  "pool.wordSearch": [true, false],
  "lru.entries": [0, 1, 4, 16],
  "refill.sticky": [false, true],
  "refill.hotSlot": [false, true],
  "zero.knowledge": [true, false],
  "bulk.fillFrom": [256, 512, 2048],
  "bulk.copyFrom": [64, 144, 512],
};

/** The values that the base does not have already. */
export function axesFor({ spec }: ResolvedSpec): Axis[] {
  return Object.entries(values).map(([path, all]) => ({
    path,
    values: all
      .filter((value) => !holds(valueAt(spec, path), value))
      .map((value) => ({ label: labelOf(value), value })),
  }));
}

/** Whether `value` laid over `there` changes nothing. */
function holds(there: unknown, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return there === value;
  if (typeof there !== "object" || there === null) return false;
  return Object.entries(value).every(([key, part]) => (there as Record<string, unknown>)[key] === part);
}

function labelOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${part}`)
    .join(", ");
}
