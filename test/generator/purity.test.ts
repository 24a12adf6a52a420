import { describe, expect, test } from "vitest";
import { readKernel } from "../../generator/kernel-source.ts";
import { writeAllocator } from "../../generator/pipeline.ts";
import type { Program } from "../../generator/stages/program.ts";
import shared from "../../spec/presets/shared.ts";
import single from "../../spec/presets/single.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import { valueAt } from "../../spec/value-at.ts";
import { type Absent, deleteFeature } from "./delete-feature.ts";

/**
 * A feature that is off leaves no trace: the build is, byte for byte, that of a kernel from which
 * the feature was deleted by hand. Per case: how a user switches it off, and what the kernel asks
 * for it with.
 */
const CASES: readonly (readonly [feature: string, choice: Spec, absent: Absent])[] = [
  ["memory of several threads", {}, { "spec.memory.shared": false }],
  ["many threads", {}, { "spec.manyThreads": false, "spec.pool.stage1": true }],
  ["growth", {}, { "spec.memory.kind": "fixed" }],
  ["prefault", { memory: { prefault: false } }, { "spec.memory.prefault": false }],
  ["headers", { header: false }, { "spec.headerBytes": 0 }],
  [
    "TLS SLL",
    { tiers: { tlsSll: false } },
    {
      "spec.tlsSll.on": false,
      "spec.tlsSll.last": 0,
      "spec.tlsSll.counted": false,
      "spec.tlsSll.drainEvery": 0,
    },
  ],
  ["frees into the TLS SLL", { tiers: { tlsSll: { upTo: 0 } } }, { "spec.tlsSll.last": 0 }],
  ["caps of the TLS SLL", { tiers: { tlsSll: {} } }, { "spec.tlsSll.counted": false }],
  [
    "frees by page",
    { activeTracking: true },
    { "spec.freesByPage": false, "spec.routes": false, "spec.listRoutes": false },
  ],
  ["routes", { tiers: { tlsSll: false } }, { "spec.routes": false, "spec.listRoutes": false }],
  [
    "routes, with threads",
    { ...shared, tiers: { tlsSll: { cap: 64 } } },
    { "spec.freesByPage": false, "spec.routes": false, "spec.listRoutes": false },
  ],
  ["drains of the TLS SLL", { tiers: { tlsSll: { cap: 64 } } }, { "spec.tlsSll.drainEvery": 0 }],
  ["fast tier", {}, { "spec.fast.on": false }],
  [
    "unified cache and magazines",
    {},
    { "spec.unifiedCache.on": false, "spec.magazine.on": false, "spec.arrayWords": 0 },
  ],
  ["TLS list", {}, { "spec.tlsList.on": false }],
  ["hot heap", {}, { "spec.hotHeap": false }],
  ["TLS hint", {}, { "spec.tlsHint": false }],
  ["caches", { tiers: { tlsSll: false } }, { "spec.cacheLast": 0 }],
  ["active tracking", {}, { "spec.activeTracking": false }],
  ["sticky", {}, { "spec.refill.sticky": false }],
  ["hot slot", {}, { "spec.refill.hotSlot": false, "spec.refill.benchSlot": false }],
  ["bench slot", { refill: { hotSlot: true } }, { "spec.refill.benchSlot": false }],
  ["mailbox", {}, { "spec.refill.mailbox": false }],
  ["adoption", {}, { "spec.refill.adopt": false }],
  ["mmap gate", {}, { "spec.refill.mmapGate": 0 }],
  ["hand-over", { ...shared, pool: { stage05: false, handOver: false } }, { "spec.pool.handOver": false }],
  ["full slabs that wait", { slab: { rejoinShift: 15 } }, { "spec.slab.waits": false }],
  ["base at the call", {}, { "spec.memory.baseGiven": false }],
  ["views that may go", {}, { "spec.viewsMayGo": false }],
  ["EMPTY slabs that wait", { pool: { stage05: false } }, { "spec.pool.emptySlabs": 0 }],
  ["looking for pages by the word", { pool: { wordSearch: false } }, { "spec.pool.wordSearch": false }],
  ["LRU", { lru: { entries: 0 } }, { "spec.lru.entries": 0 }],
  ["zero knowledge", { zero: { knowledge: false } }, { "spec.zeroKnowledge": false }],
  ["clearing on reuse", { zero: { lazyZero: false } }, { "spec.lazyZero": false }],
  ["clearing when empty", { zero: { lazyZero: true } }, { "spec.lazyZero": true }],
  ["clearing when empty, with threads", shared, { "spec.lazyZero": true }],
  ["reclaim", { ...shared, lifetime: { ...shared.lifetime, reclaim: false } }, { "spec.reclaim": false }],
  ["memory checks", { api: { memoryChecks: false } }, { "spec.api.memoryChecks": false }],
  ["reset", { api: { reset: false } }, { "spec.api.reset": false }],
  ["owns", { api: { owns: false } }, { "spec.api.owns": false }],
  ["idle", { ...shared, api: { idle: false } }, { "spec.api.idle": false }],
  ["largestFree", { api: { largestFree: false } }, { "spec.api.largestFree": false }],
  ["images", { api: { image: false } }, { "spec.api.image": false }],
  ["heap walk", { observe: { heapWalk: false } }, { "spec.heapWalk": false }],
  ["OS statistics", { observe: { osStatistics: false } }, { "spec.osStatistics": false }],
  ["arguments of any number", {}, { "spec.anyNumbers": true }],
  ["guarded calls", {}, { "spec.guards.calls": false }],
  ["list validation (G1)", {}, { "spec.guards.lists": false }],
  ["push validation (G2)", {}, { "spec.guards.pushes": false }],
  ["ownership assertion (R4)", shared, { "spec.guards.ownership": false }],
  ["states of blocks (G3)", {}, { "spec.guards.states": false, "spec.guards.stacks": false }],
  ["poison (G3)", {}, { "spec.guards.poison": false }],
  ["quarantine (G3)", {}, { "spec.guards.quarantineBytes": 0 }],
  ["red zones (G3)", {}, { "spec.guards.redZone": 0 }],
  ["header checks (G3)", {}, { "spec.guards.headers": false }],
  ["errors for arguments", {}, { "spec.guards.arguments": false }],
  ["hits that are reported", {}, { "spec.guards.throws": true, "spec.observe.logLimit": 0 }],
  ["trace ring (G4)", shared, { "spec.observe.events": 0 }],
  ["counters (G5)", shared, { "spec.observe.counters": false, "spec.observe.countsClasses": false }],
  ["slabs of one length", {}, { "spec.slab.uniform": false }],
  [
    "slabs of several lengths",
    { geometry: { spans: false }, sizeClasses: { last: 8192 } },
    { "spec.slab.uniform": true },
  ],
];

/**
 * Every fourth in `npm test`, so that it stays short; all with ALL_VARIANTS (`npm run
 * evidence:heap`).
 */
const chosen = process.env.ALL_VARIANTS !== undefined ? CASES : CASES.filter((_, index) => index % 4 === 1);

describe("a feature that is off", () => {
  test.each(chosen)("%s", (_, choice, absent) => {
    const resolved = resolveSpec({ ...single, ...choice, name: "pure" });
    for (const [question, answer] of Object.entries(absent)) {
      expect(valueAt({ spec: resolved.kernel }, question)).toBe(answer);
    }
    const kernel = readKernel();
    const without = deleteFeature(kernel, absent, ["createHeap", "attachHeap", "openHeap"]);
    const text = textOf(without);
    for (const question of Object.keys(absent)) {
      expect(textOf(kernel)).toContain(question);
      expect(text).not.toContain(question);
    }
    expect(unfilled(writeAllocator(resolved, without))).toBe(unfilled(emitted(resolved)));
  });

  test("every flag of the kernel has its case", () => {
    const questions = new Set(CASES.flatMap(([, , absent]) => Object.keys(absent)));
    expect(flagsOf(resolveSpec(single).kernel, "spec").filter((flag) => !questions.has(flag))).toEqual([]);
  });
});

/** By spec: many cases ask for the same build. */
const builds = new Map<string, string>();

function emitted(resolved: ResolvedSpec): string {
  const build = builds.get(resolved.hash) ?? writeAllocator(resolved, readKernel());
  builds.set(resolved.hash, build);
  return build;
}

/**
 * Where a line of a comment ends does not matter, nor do a comment without words, and `a: a`: a
 * person would tidy all of them.
 */
function unfilled(text: string): string {
  const withoutEmpty = text.replace(/\/\*\*[\s*]*\*\//g, "");
  const filled = withoutEmpty.replace(/\s+(?:\*(?!\/)|\/\/)?\s*/g, " ").replace(/ ([.,;:)])/g, "$1");
  return filled.replace(/\b(\w+): \1,/g, "$1,");
}

function textOf({ modules }: Program): string {
  return modules.map(({ about, text }) => `${about}\n${text}`).join("\n");
}

function flagsOf(value: object, path: string): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === "boolean") return [`${path}.${key}`];
    return typeof inner === "object" && !Array.isArray(inner) ? flagsOf(inner, `${path}.${key}`) : [];
  });
}
