/**
 * What each choice costs: a preset is built with two of its values, and the builds are compared.
 */
import { merge } from "../../spec/parse-spec.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import { SpecError } from "../../spec/spec-error.ts";
import { layOutMetadata } from "../explain/metadata.ts";
import { generateVariant } from "../pipeline.ts";
import { type Choice, sampleValues } from "./choices.ts";

/** Bytes that `value` adds to a build that has `insteadOf`; below 0 it saves them. */
export interface Cost {
  readonly value: unknown;
  readonly insteadOf: unknown;
  /** The preset, and what else it had to be told. */
  readonly base: string;
  /** The minified module, and the same gzipped. */
  readonly min: number;
  readonly gzip: number;
  /** Tables of a heap of the preset's size. */
  readonly metadata: number;
}

/** By path. */
export type Costs = Readonly<Record<string, readonly Cost[]>>;

/** Tried in this order until one has both values. */
const bases: Readonly<Record<string, Spec>> = {
  "`single`": { extends: "single" },
  "`shared`": { extends: "shared" },
  "`single` without `tiers.tlsSll`": { extends: "single", tiers: { tlsSll: false } },
  "`single` with classes up to 8 KiB": { extends: "single", sizeClasses: { last: 8192 } },
  "`single` with `header`": { extends: "single", header: true },
  "`single` with `guards.doubleFree`": { extends: "single", guards: { doubleFree: true } },
  "`single` with `refill.hotSlot`": { extends: "single", refill: { hotSlot: true } },
};

/** Numbers that change the code: the value, and what it is compared with. */
const numbers: Readonly<Record<string, readonly [value: number, insteadOf: number]>> = {
  "slab.rejoinShift": [3, 15],
  "tiers.tlsSll.cap": [256, 0],
  "tiers.tlsSll.from": [65, 0],
  "tiers.tlsSll.drainEvery": [2048, 0],
  "lru.entries": [16, 0],
  "bulk.fillFrom": [512, 0],
  "bulk.copyFrom": [144, 0],
};

/** What a build for one thread has no use for, and would cost nothing there. */
const forThreads = new Set(["pool.handOver", "pool.stage1", "api.idle"]);

/** Each other value of a choice against its default, or against its being off. */
export function comparisons(choice: Choice): (readonly [value: unknown, insteadOf: unknown])[] {
  const { path, shape, standard, isSwitch } = choice;
  const pair = numbers[path];
  if (pair !== undefined) return [pair];
  if (isSwitch) return [[{}, false]];
  if (shape.type === "boolean") return [[path !== "specialise", path === "specialise"]];
  if (path === "form" || path.startsWith("memory.") || path === "sizeClasses.stepsPerDoubling") {
    const others = sampleValues(choice).filter((value) => value !== standard);
    return others.map((value) => [value, standard] as const);
  }
  return [];
}

export async function measureCosts(choices: readonly Choice[]): Promise<Costs> {
  const costs: Record<string, Cost[]> = {};
  for (const choice of choices) {
    for (const [value, insteadOf] of comparisons(choice)) {
      const cost = await costOf(choice.path, value, insteadOf);
      if (cost === undefined) continue;
      costs[choice.path] ??= [];
      costs[choice.path].push(cost);
    }
  }
  return costs;
}

/** Undefined where no preset can have both values. */
export async function costOf(path: string, value: unknown, insteadOf: unknown): Promise<Cost | undefined> {
  for (const [base, spec] of Object.entries(bases)) {
    if (forThreads.has(path) && base !== "`shared`") continue;
    const one = resolveIfPossible(spec, path, value);
    const other = resolveIfPossible(spec, path, insteadOf);
    if (one === undefined || other === undefined) continue;
    const [more, less] = [await sizesOf(one), await sizesOf(other)];
    return {
      value,
      insteadOf,
      base,
      min: more.min - less.min,
      gzip: more.gzip - less.gzip,
      metadata: more.metadata - less.metadata,
    };
  }
  return undefined;
}

function resolveIfPossible(base: Spec, path: string, value: unknown): ResolvedSpec | undefined {
  const over = path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  try {
    return resolveSpec(merge(base, over));
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

interface Sizes {
  readonly min: number;
  readonly gzip: number;
  readonly metadata: number;
}

/** Most comparisons have the preset as it stands on one side. */
const measured = new Map<string, Promise<Sizes>>();

function sizesOf(resolved: ResolvedSpec): Promise<Sizes> {
  let sizes = measured.get(resolved.hash);
  if (sizes === undefined) {
    sizes = generateVariant(resolved).then(({ manifest }) => ({
      min: manifest.bytes.min,
      gzip: manifest.bytes.gzip,
      metadata: layOutMetadata(resolved).bytesPerHeap,
    }));
    measured.set(resolved.hash, sizes);
  }
  return sizes;
}
