/**
 * Choices that are fine alone and cannot stand together. Each problem names both sides and the way
 * out.
 */
import type { Choices } from "../schema.ts";
import type { Problem } from "../spec-error.ts";
import { valueAt } from "../value-at.ts";
import { classRule, classSizes } from "./classes.ts";
import { guards, observation } from "./guards.ts";
import { addressSpace, geometry, memoryKind } from "./memory.ts";
import { emptySuperSlabs, zeroKnowledge } from "./reuse.ts";
import type { Rule } from "./rule.ts";
import { target } from "./target.ts";
import { pinning, refillStages, slots, threadsOnly } from "./threads.ts";
import { behindTheTlsSll, cachesBehindCounts, hotHeap, perClassCaps, tlsSll, ultra } from "./tiers.ts";

/**
 * Everything that does not fit together in a spec, in the order of its sections. A rule that asks
 * for a choice whose value is unknown has no verdict.
 */
export function contradictions(spec: Choices, unknown: ReadonlySet<string> = new Set()): Problem[] {
  return rules.flatMap((rule) => {
    let isSure = true;
    const observed = observe(spec, "", (path) => {
      if (unknown.has(path)) isSure = false;
    });
    const findings = [...rule(observed)];
    return isSure
      ? findings.map(([path, message, fix]) => ({ path, value: valueAt(spec, path), message, fix }))
      : [];
  });
}

/** A value that tells the path of whatever is read of it. */
function observe<T>(value: T, at: string, read: (path: string) => void): T {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === "symbol") return inner;
      const path = at === "" ? key : `${at}.${key}`;
      read(path);
      return observe(inner, path, read);
    },
  });
}

const rules: readonly Rule[] = [
  target,
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
