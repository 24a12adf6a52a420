/** Which choices cannot stand together: found by asking the rules about every pair of values. */
import { contradictions } from "../../spec/contradictions/index.ts";
import { merge } from "../../spec/parse-spec.ts";
import { choicesSchema } from "../../spec/schema.ts";
import type { Problem } from "../../spec/spec-error.ts";
import { type Choice, sampleValues } from "./choices.ts";

export interface Conflict extends Problem {
  /** What a spec says that has this problem; all else is as by default. */
  readonly setting: readonly (readonly [path: string, value: unknown])[];
}

const MiB = 2 ** 20;

/** Values that no schema can think of, and that a rule asks about. */
const furtherValues: Readonly<Record<string, readonly unknown[]>> = {
  threads: [2],
  "memory.maxBytes": [8192 * MiB, MiB + 1, MiB + 4096, 16384],
  "memory.baseBytes": [100, 128 * MiB],
  sizeClasses: [
    [16, 64],
    [8, 16],
    [16, 40, 64],
    [16, 32, 32],
    [16, 32768],
    [16, 524288],
  ],
  "sizeClasses.first": [16, 8, 65536],
  "sizeClasses.last": [1000, 524288],
  "geometry.slabBytes": [10240, 49152, MiB],
  "tiers.fast.capFor": [{ 100: 64 }],
  "tiers.tlsSll.cap": [8, 0],
  "tiers.tlsSll.capFor": [{ 100: 64 }, { 128: 64 }],
  "tiers.tlsSll.from": [512],
  "tiers.tlsSll.upTo": [256, 8, 0],
  "tiers.tlsSll.drainEvery": [2048],
  "tiers.unifiedCache.capFor": [{ 100: 64 }],
  "tiers.magazine.roundsFor": [{ 100: 64 }],
  "tiers.tlsList.capFor": [{ 100: 64 }],
  "lru.bytes": [65536],
  "lru.entries": [0],
  "guards.quarantine": [64],
  "guards.redZone": [8],
  "observe.counters.classes": [[100]],
  "observe.logLimit": [100],
};

type Setting = readonly [path: string, value: unknown];

/** One conflict of each kind; kinds differ in more than the numbers and names that they tell. */
export function findConflicts(choices: readonly Choice[]): Conflict[] {
  const settings = choices.flatMap((choice): Setting[] =>
    [...(furtherValues[choice.path] ?? []), ...sampleValues(choice)]
      .filter((value) => value !== undefined && JSON.stringify(value) !== JSON.stringify(choice.standard))
      .map((value) => [choice.path, value]),
  );
  const found = new Map<string, Conflict>();
  const ask = (...setting: Setting[]) => {
    for (const problem of problemsOf(setting)) {
      const kind = kindOf(problem);
      if (!found.has(kind)) found.set(kind, { ...problem, setting });
    }
  };
  for (const one of settings) ask(one);
  settings.forEach((one, index) => {
    for (const other of settings.slice(index + 1)) if (one[0] !== other[0]) ask(one, other);
  });
  return [...found.values()];
}

function problemsOf(setting: readonly Setting[]): Problem[] {
  const spec = setting.reduce<unknown>((spec, [path, value]) => merge(spec, atPath(path, value)), {});
  const parsed = choicesSchema.safeParse(spec);
  return parsed.success ? contradictions(parsed.data) : [];
}

function atPath(path: string, value: unknown): unknown {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

/** The path without places in lists, and the message without its figures and block sizes. */
export function kindOf({ path, message }: Pick<Problem, "path" | "message">): string {
  return `${choiceOf(path)}: ${message.replaceAll(/\{.*?\}|\d+/g, "#")}`;
}

/** The choice that a problem's path lies in: `sizeClasses.2` is part of `sizeClasses`. */
export function choiceOf(path: string): string {
  return path.replace(/(\.\d+)+$/, "");
}
