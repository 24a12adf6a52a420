/**
 * The variants that every heap test runs on: the presets, and specs that cover every choice between
 * them. Each also runs as its twin: the flagged build, given the same spec at run time.
 */

import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import type { Heap, HeapOptions } from "../../templates/host/api.ts";
import { emit, type Files, type HeapModule, importText } from "./emitted.ts";
import { substitute } from "./substitute.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

const specs = {
  single: { extends: "single" },
  coarse: { extends: "coarse" },
  tiny: { extends: "tiny" },
  "tiny-walked": { extends: "tiny", observe: { osStatistics: false, heapWalk: true } },
  flagged: { extends: "flagged" },
  watched: { extends: "single", observe: { counters: { classes: [64] }, traceRing: { events: 16 } } },
  "class-form": { extends: "single", form: "class" },
  "flagged-closure": { extends: "flagged", form: "closure", header: true, tiers: { tlsSll: {} } },
  header: { header: true, tiers: { tlsSll: { upTo: 1024 } } },
  "header-no-lists": { header: true, alignment: 8, tiers: { tlsSll: false }, pool: { stage05: false } },
  "align-8-drained": { alignment: 8, tiers: { tlsSll: { drainEvery: 2048 } }, pool: { stage05: {} } },
  "align-32-caps": {
    alignment: 32,
    tiers: { tlsSll: { cap: 8, capFor: { 32: 0, 64: 100 }, drainEvery: 100 } },
  },
  "align-64-capped": { alignment: 64, tiers: { tlsSll: { cap: 16 } }, slab: { rejoinShift: 15 } },
  "listed-classes": {
    sizeClasses: [16, 32, 64, 128, 256, 512, 1024, 2048],
    geometry: { superSlabBytes: 2 * MiB, slabBytes: 64 * KiB, pageBytes: 64 * KiB, spans: false },
    tiers: { tlsSll: {} },
  },
  "lru-none": { lru: { entries: 0 }, slab: { rejoinShift: 0 }, pool: { stage05: { slabs: 1 } } },
  "rejoin-when-empty": { slab: { rejoinShift: 0 }, tiers: { tlsSll: { upTo: 0 } }, pool: { stage05: {} } },
  "one-block-per-slab": {
    sizeClasses: { last: 16 * KiB },
    geometry: { slabBytes: 16 * KiB, spans: false },
    pool: { stage05: {} },
  },
  "lru-one": { lru: { entries: 1 }, zero: { lazyZero: false }, geometry: { superSlabBytes: 2 * MiB } },
  "lru-bytes": { lru: { bytes: (3 * MiB) / 2 }, tiers: { tlsSll: { upTo: 0 } }, pool: { stage05: false } },
  prefaulted: { memory: { prefault: true, maxBytes: 16 * MiB }, zero: { knowledge: false } },
  "shared-buffer": { memory: { kind: "SharedArrayBuffer" }, observe: { osStatistics: false } },
  wasm: { extends: "single", memory: { kind: "WebAssembly.Memory" } },
  "wasm-class-form": {
    memory: { kind: "WebAssembly.Memory" },
    form: "class",
    header: true,
    tiers: { tlsSll: {} },
    geometry: { pageBytes: 8 * KiB },
  },
  "target-wasm": { extends: "single", target: "wasm" },
  based: { extends: "single", memory: { baseBytes: 256 * KiB } },
  "based-at-call": { extends: "single", memory: { baseAt: "call" } },
  "based-far": {
    memory: { baseBytes: 3 * MiB, kind: "WebAssembly.Memory" },
    tiers: { tlsSll: { drainEvery: 64 } },
  },
  shared: { extends: "shared" },
  "flagged-shared": { extends: "shared", specialise: false },
  "shared-lists": {
    extends: "shared",
    threads: 3,
    tiers: { tlsSll: { drainEvery: 100, cap: 20 } },
    pool: { stage05: {}, stage1: false },
    lru: { entries: 1 },
    geometry: { superSlabBytes: 2 * MiB, slabBytes: 64 * KiB, pageBytes: 64 * KiB },
  },
  "shared-no-lists": { extends: "shared", threads: 2, tiers: { tlsSll: false }, lru: { entries: 0 } },
  fast: { tiers: { fast: { cap: 20, capFor: { 48: 0 } } }, activeTracking: true },
  unified: { tiers: { unifiedCache: { cap: 5, capFor: { 32: 300, 64: 0 } } }, header: true },
  magazine: {
    tiers: { magazine: { rounds: 7, roundsFor: { 64: 0, 96: 200 } }, tlsHint: true },
    refill: { sticky: true },
  },
  sticky: { tiers: { tlsSll: false }, refill: { sticky: true } },
  "tls-list": { tiers: { tlsList: { cap: 9, capFor: { 64: 1 } } }, refill: { hotSlot: true } },
  "hot-heap": { extends: "single", tiers: { tlsSll: false, hotHeap: true, tlsHint: true } },
  ultra: { tiers: { ultra: true }, refill: { hotSlot: true, benchSlot: true } },
  "all-tiers": {
    extends: "hakmem",
    threads: 1,
    memory: { kind: "ArrayBuffer", maxBytes: 64 * MiB },
    refill: { mailbox: false, adopt: false, mmapGate: false },
    lifetime: { pinning: "none", reclaim: false },
  },
  hakmem: { extends: "hakmem", memory: { kind: "SharedArrayBuffer", maxBytes: 64 * MiB } },
  "shared-unannounced": {
    extends: "shared",
    threads: 2,
    tiers: { fast: { cap: 10 }, tlsSll: false, magazine: { rounds: 4 } },
    refill: { mailbox: false, adopt: false, sticky: true, mmapGate: { every: 3 } },
    activeTracking: true,
  },
  "shared-hot-heap": {
    extends: "shared",
    threads: 2,
    tiers: { hotHeap: true, tlsSll: false },
    activeTracking: true,
  },
  "shared-header": {
    extends: "shared",
    threads: 3,
    header: true,
    geometry: { slabBytes: 8 * KiB, pageBytes: 8 * KiB },
    sizeClasses: { last: 4 * KiB },
  },
  "shared-cleared": { extends: "shared", threads: 3, zero: { lazyZero: false }, lru: { entries: 2 } },
  "shared-immortal": { extends: "shared", threads: 4, lifetime: { reclaim: false } },
  "shared-wasm": { extends: "shared", memory: { kind: "WebAssembly.Memory" } },
  "shared-wasm-class-form": {
    extends: "shared",
    threads: 3,
    memory: { kind: "WebAssembly.Memory" },
    form: "class",
    tiers: { fast: { cap: 20 } },
  },
  "always-bulk": { bulk: { fillFrom: 0, copyFrom: 0 }, zero: { knowledge: false } },
  "never-bulk": { bulk: { fillFrom: MiB, copyFrom: MiB }, zero: { knowledge: false } },
} satisfies Record<string, Spec>;

/** A spec with a build to run it: its own, or the flagged one. */
export class Variant {
  constructor(
    readonly name: string,
    /** The spec that the heap follows, … */
    readonly resolved: ResolvedSpec,
    /** … and the one whose build runs. */
    private readonly build: ResolvedSpec,
  ) {}

  get alignment(): number {
    return 1 << this.resolved.kernel.alignShift;
  }

  get pageBytes(): number {
    return 1 << this.resolved.kernel.pageShift;
  }

  get superSlabBytes(): number {
    return 1 << this.resolved.kernel.superSlabShift;
  }

  /** Where the heap begins; `maxBytes` counts from address 0. */
  get baseBytes(): number {
    return this.resolved.kernel.memory.basePage * this.pageBytes;
  }

  /** Block sizes that users see, per class. */
  get classSizes(): number[] {
    const { classBytes, headerBytes } = this.resolved.kernel;
    return classBytes.slice(1).map((bytes) => bytes - headerBytes);
  }

  /** What a build is told at run time, if it is one that asks. */
  get told(): KernelSpec {
    const { kernel } = this.resolved;
    return substitute()?.spec(kernel) ?? kernel;
  }

  /** What its build was made for. */
  get madeFor(): KernelSpec {
    return this.build.kernel;
  }

  async files(): Promise<Files> {
    return substitute()?.files(this.madeFor) ?? emit(this.build);
  }

  /** What the build exports; a flagged one follows the variant's spec. */
  async module(): Promise<HeapModule> {
    const module = await importText(String((await this.files()).get("index.js")));
    if (this.build === this.resolved) return module;
    const { told } = this;
    return {
      ...module,
      createHeap: (options) => module.createHeap(options, told),
      attachHeap: (handle) => module.attachHeap(handle, told),
      openHeap: (image, options) => module.openHeap(image, options ?? {}, told),
    };
  }

  async createHeap(options?: HeapOptions): Promise<Heap> {
    return (await this.module()).createHeap(options);
  }

  /** A heap of `bytes` besides what lies before its base. */
  createHeapOf(bytes: number): Promise<Heap> {
    return this.createHeap({ maxBytes: this.baseBytes + bytes });
  }
}

const flagged = resolveSpec(specs.flagged, "flagged");

/** The flagged build for as many threads as a variant has. */
function flaggedFor(threads: number): ResolvedSpec {
  return threads === 1 ? flagged : resolveSpec({ ...specs["flagged-shared"], threads, form: "class" });
}

/** A flagged build is told everything but what is guarded and watched. */
export function mayHaveTwin({ resolved: { lowering, kernel } }: Variant): boolean {
  return lowering !== "flagged" && !kernel.guards.calls && !kernel.observe.counters;
}

/** The flagged build running a variant's spec: the oracle. */
export function twinOf({ name, resolved }: Variant): Variant {
  return toldOf(`flagged as ${name}`, resolved);
}

/** A flagged build that is told a spec. */
function toldOf(name: string, { spec, kernel }: ResolvedSpec): Variant {
  const flagged = { ...spec, target: undefined, specialise: false };
  return new Variant(name, resolveSpec(flagged), flaggedFor(kernel.threads));
}

/** Every variant as its own build; or as the one that stands for all. */
export const variants: readonly Variant[] = Object.entries(specs).map(([name, spec]) => {
  const resolved = resolveSpec(spec, name);
  return substitute() === undefined ? new Variant(name, resolved, resolved) : toldOf(name, resolved);
});

/** Between them they have every system. */
const OFTEN = [
  "single",
  "tiny-walked",
  "header",
  "all-tiers",
  "sticky",
  "wasm",
  "shared",
  "shared-header",
  "hakmem",
];

/**
 * What the lengthy suites run on: few variants in `npm test`, all of them where ALL_VARIANTS is set
 * (`npm run evidence:heap`) or where mutants are judged.
 */
export const chosenVariants: readonly Variant[] =
  process.env.ALL_VARIANTS !== undefined || substitute() !== undefined
    ? variants
    : variants.filter(({ name }) => OFTEN.includes(name));

/** Every variant, and the flagged build in the place of those chosen. */
export const variantsAndTwins: readonly Variant[] = [
  ...variants,
  ...chosenVariants.filter(mayHaveTwin).map(twinOf),
];

/** The chosen variants, and the flagged build in the place of each. */
export const chosenAndTwins: readonly Variant[] = variantsAndTwins.filter(
  ({ name }) => name.startsWith("flagged as ") || chosenVariants.some((chosen) => chosen.name === name),
);

const guardedSpecs = {
  guarded: { extends: "guarded" },
  "guarded-single": {
    extends: "single",
    form: "class",
    guards: {
      listValidation: true,
      pushValidation: true,
      doubleFree: true,
      poison: true,
      quarantine: 16 * KiB,
      redZone: 32,
      arguments: true,
      stacks: true,
    },
  },
} satisfies Readonly<Record<string, Spec>>;

/**
 * Builds with guards. Suites that ask for lengths and places of blocks leave them out: guards add
 * to a block, keep freed ones, and move what grows.
 */
export const guardedVariants: readonly Variant[] = Object.entries(guardedSpecs).map(([name, spec]) => {
  const resolved = resolveSpec(spec, name);
  return new Variant(name, resolved, resolved);
});

export const isUnguarded = (variant: Variant): boolean => !guardedVariants.includes(variant);

export function variantOf(name: keyof typeof specs | keyof typeof guardedSpecs): Variant {
  return [...variants, ...guardedVariants].find((variant) => variant.name === name) as Variant;
}
