/**
 * What choices cost: for each, the variant is built once more with that one choice made
 * differently.
 */
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { SpecError } from "../../spec/spec-error.ts";
import { valueAt } from "../../spec/value-at.ts";
import { generateVariant } from "../pipeline.ts";
import { layOutMetadata } from "./metadata.ts";

export interface ChoiceCost {
  readonly path: string;
  readonly value: unknown;
  /** The value it is compared with. */
  readonly insteadOf: unknown;
  /** Bytes of code the variant has more than the other one; negative: fewer. */
  readonly min: number;
  readonly gzip: number;
  /** Bytes of metadata per heap that it has more. */
  readonly metadata: number;
}

/**
 * Choices that change code or metadata, and the other value of each; undefined where there is none
 * to compare with.
 */
const alternatives: Readonly<Record<string, (value: unknown) => unknown>> = {
  form: (form) => (form === "closure" ? "class" : "closure"),
  "memory.kind": (kind) => (kind === "WebAssembly.Memory" ? "ArrayBuffer" : "WebAssembly.Memory"),
  "memory.prefault": not,
  "sizeClasses.stepsPerDoubling": (steps) => (steps === undefined ? undefined : steps === 4 ? 8 : 4),
  header: not,
  "tiers.tlsSll": (tier) => (tier ? false : { upTo: 0 }),
  "pool.handOver": not,
  "lru.entries": (entries) => (entries === 0 ? 16 : 0),
  "zero.knowledge": not,
  "zero.lazyZero": (lazy) => lazy === false,
  "lifetime.reclaim": not,
  "api.memoryChecks": not,
  "api.reset": not,
  "api.owns": not,
  "api.largestFree": not,
  "api.idle": not,
  "api.image": not,
  "observe.osStatistics": not,
};

function not(value: unknown): boolean {
  return !value;
}

/** A build that is not specialised holds all choices: none of them costs it code. */
export async function choiceCosts(resolved: ResolvedSpec): Promise<ChoiceCost[]> {
  if (resolved.lowering === "flagged") return [];
  const own = await sizesOf(resolved);
  const costs: ChoiceCost[] = [];
  for (const [path, alternative] of Object.entries(alternatives)) {
    const value = valueAt(resolved.spec, path);
    const insteadOf = alternative(value);
    const other =
      insteadOf === undefined ? undefined : resolveIfPossible(withValue(resolved.spec, path, insteadOf));
    if (other === undefined) continue;
    const { min, gzip, metadata } = await sizesOf(other);
    costs.push({
      path,
      value,
      insteadOf,
      min: own.min - min,
      gzip: own.gzip - gzip,
      metadata: own.metadata - metadata,
    });
  }
  return costs;
}

async function sizesOf(resolved: ResolvedSpec): Promise<{ min: number; gzip: number; metadata: number }> {
  const { manifest } = await generateVariant(resolved);
  return { ...manifest.bytes, metadata: layOutMetadata(resolved).bytesPerHeap };
}

/** The other value may contradict another choice: then there is nothing to compare with. */
function resolveIfPossible(spec: unknown): ResolvedSpec | undefined {
  try {
    return resolveSpec(spec);
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

function withValue(spec: unknown, path: string, value: unknown): unknown {
  const [key, ...rest] = path.split(".");
  const section = spec as Readonly<Record<string, unknown>>;
  return { ...section, [key]: rest.length === 0 ? value : withValue(section[key], rest.join("."), value) };
}
