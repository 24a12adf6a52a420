import { createHash } from "node:crypto";
import { contradictions } from "./contradictions/index.ts";
import { kernelGuards } from "./kernel-guards.ts";
import type { KernelSpec } from "./kernel-spec.ts";
import { kernelTiers } from "./kernel-tiers.ts";
import { type NamedChoices, parseSpec } from "./parse-spec.ts";
import type { Choices } from "./schema.ts";
import { sizeClassList } from "./size-classes.ts";
import { slabPages } from "./slab-spans.ts";
import { SpecError } from "./spec-error.ts";

export type Lowering = "local" | "shared" | "flagged";
export type Target = NonNullable<NamedChoices["target"]>;
export type Form = NamedChoices["form"];
export type MemoryKind = NamedChoices["memory"]["kind"];

/** A spec with every question answered: all that the generator needs to know. */
export interface ResolvedSpec {
  /** The variant's name and folder. */
  readonly name: string;
  readonly target: Target;
  readonly form: Form;
  readonly lowering: Lowering;
  readonly memoryKind: MemoryKind;
  /** Every choice, defaults and preset filled in. */
  readonly spec: NamedChoices;
  readonly kernel: KernelSpec;
  /** Name, version and budgets of the package that is made of it. */
  readonly ship?: Choices["ship"];
  /** First 16 hex digits of the SHA-256 of `spec` as JSON. */
  readonly hash: string;
}

/**
 * Steps: list nodes walked and slabs looked at. ARCHITECTURE.md says what the longest call comes to
 * with that.
 */
const ANNOUNCED_AT_ONCE = 1024;

/** Makes a spec complete, or throws a `SpecError` that says everything that is wrong with it. */
export function resolveSpec(input: unknown, fallbackName = "custom"): ResolvedSpec {
  const { spec: chosen, ship, problems: wrong, unknown } = parseSpec(input, fallbackName);
  const spec = chosen && forTarget(chosen);
  const problems = [...wrong, ...(spec ? contradictions(spec, unknown) : [])];
  if (problems.length > 0 || !spec) throw new SpecError(spec?.name ?? fallbackName, problems);
  const hash = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
  return {
    name: spec.name,
    target: spec.target ?? "typescript",
    form: spec.form,
    lowering: !spec.specialise ? "flagged" : spec.threads > 1 ? "shared" : "local",
    memoryKind: spec.memory.kind,
    spec,
    kernel: kernelSpec(spec, hash),
    ...(ship && { ship }),
    hash,
  };
}

/**
 * Where memory comes from is the target's affair: a Wasm module has a memory that grows, and
 * whoever calls `heap_init` says where the heap begins.
 */
function forTarget(spec: NamedChoices): NamedChoices {
  const { target = "typescript", memory } = spec;
  if (target === "typescript") return spec;
  const isOwn = target === "wasm" && memory.kind === "ArrayBuffer";
  return { ...spec, memory: { ...memory, baseAt: "call", ...(isOwn && { kind: "WebAssembly.Memory" }) } };
}

/** Arrays of a build that is not specialised have room for any spec: 255 classes. */
const FLAGGED_BOUNDS = bounds(255, true);

function bounds(classCount: number, routes: boolean): KernelSpec["bounds"] {
  const classes = classCount + 1;
  return { classes, lists: routes ? 2 * classes : classes };
}

function kernelSpec(spec: NamedChoices, hash: string): KernelSpec {
  const { memory, geometry, alignment, lru } = spec;
  const { pageBytes, superSlabBytes } = geometry;
  const classes = sizeClassList(spec);
  const headerBytes = spec.header ? alignment : 0;
  const tiers = kernelTiers(spec, classes);
  return {
    threads: spec.threads,
    manyThreads: spec.threads > 1,
    memory: {
      shared:
        memory.kind === "SharedArrayBuffer" || (memory.kind === "WebAssembly.Memory" && spec.threads > 1),
      kind: memory.kind === "WebAssembly.Memory" ? "growable" : "fixed",
      basePage: memory.baseBytes / pageBytes,
      baseGiven: memory.baseAt === "call",
      maxPages: memory.maxBytes / pageBytes,
      growPages: Math.ceil(memory.growAtMost / pageBytes),
      prefault: memory.prefault,
    },
    viewsMayGo: memory.kind === "WebAssembly.Memory" && spec.threads === 1,
    anyNumbers: true,
    alignShift: Math.log2(alignment),
    pageShift: Math.log2(pageBytes),
    superSlabShift: Math.log2(superSlabBytes),
    classCount: classes.length,
    maxClassBytes: classes[classes.length - 1] - headerBytes,
    classBytes: [0, ...classes],
    classPages: [0, ...classes.map((bytes) => slabPages(bytes, geometry))],
    headerBytes,
    ...tiers,
    ...kernelGuards(spec, classes, tiers.arrayWords),
    activeTracking: spec.activeTracking,
    refill: { ...spec.refill, mmapGate: spec.refill.mmapGate ? spec.refill.mmapGate.every : 0 },
    slab: {
      pages: geometry.slabBytes / pageBytes,
      uniform: classes.every((bytes) => slabPages(bytes, geometry) === geometry.slabBytes / pageBytes),
      rejoinShift: spec.slab.rejoinShift,
      waits: classes.some(
        (bytes) => (slabPages(bytes, geometry) * pageBytes) / bytes >= 2 << spec.slab.rejoinShift,
      ),
    },
    pool: {
      emptySlabs: spec.pool.stage05 === false ? 0 : spec.pool.stage05.slabs,
      handOver: spec.threads > 1 && spec.pool.handOver,
      stage1: spec.pool.stage1,
      portion: ANNOUNCED_AT_ONCE,
      wordSearch: spec.pool.wordSearch,
    },
    lru: {
      entries: lru.entries,
      pages: (lru.bytes === undefined ? lru.entries * superSlabBytes : lru.bytes) / pageBytes,
    },
    reclaim: spec.threads > 1 && spec.lifetime.reclaim,
    api: { ...spec.api, idle: spec.threads > 1 && spec.api.idle },
    specHash: { high: Number.parseInt(hash.slice(0, 8), 16), low: Number.parseInt(hash.slice(8), 16) },
    zeroKnowledge: spec.zero.knowledge,
    lazyZero: spec.zero.lazyZero ?? true,
    heapWalk: spec.observe.heapWalk,
    osStatistics: spec.observe.osStatistics,
    fillThreshold: spec.bulk.fillFrom,
    copyThreshold: spec.bulk.copyFrom,
    bounds: spec.specialise ? bounds(classes.length, tiers.routes) : FLAGGED_BOUNDS,
  };
}
