/**
 * Choices that are fine alone and cannot stand together. Each problem names both sides and the way out.
 */
import type { Choices } from "../schema.ts";
import type { Problem } from "../spec-error.ts";
import { valueAt } from "../value-at.ts";
import { classRule, classSizes } from "./classes.ts";
import { guards, observation } from "./guards.ts";
import { addressSpace, geometry, memoryKind } from "./memory.ts";
import { emptySuperSlabs, zeroKnowledge } from "./reuse.ts";
import type { Rule } from "./rule.ts";
import { pinning, refillStages, slots, threadsOnly } from "./threads.ts";
import { behindTheTlsSll, cachesBehindCounts, hotHeap, perClassCaps, tlsSll, ultra } from "./tiers.ts";

/** Everything that does not fit together in a spec, in the order of its sections. */
export function contradictions(spec: Choices): Problem[] {
  return rules.flatMap((rule) =>
    [...rule(spec)].map(([path, message, fix]) => ({ path, value: valueAt(spec, path), message, fix })),
  );
}

const rules: readonly Rule[] = [
  addressSpace,
  memoryKind,
  geometry,
  classRule,
  classSizes,
  perClassCaps,
  tlsSll,
  behindTheTlsSll,
  ultra,
  hotHeap,
  cachesBehindCounts,
  refillStages,
  threadsOnly,
  slots,
  pinning,
  emptySuperSlabs,
  zeroKnowledge,
  guards,
  observation,
];
