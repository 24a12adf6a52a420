/**
 * What pairwise coverage varies: a factor per choice of the spec, with the values that stand for
 * all of it. Each has one more level, which is what the preset says. A new system needs a row here,
 * nothing else: what a preset cannot have, or what is not built yet, drops out by itself (see
 * `covering.ts`).
 *
 * Choices that need one another are one factor. Classes named in caps exist in all class tables
 * below.
 */
import type { Spec } from "../../spec/schema.ts";

export interface Factor {
  readonly name: string;
  /** What a level lays over the spec. */
  readonly levels: Readonly<Record<string, Spec>>;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const factors: readonly Factor[] = [
  factor("target", { wasm: { target: "wasm" } }),
  factor("form", { class: { form: "class" } }),
  factor("memory", {
    SharedArrayBuffer: { memory: { kind: "SharedArrayBuffer" } },
    "WebAssembly.Memory": { memory: { kind: "WebAssembly.Memory" } },
  }),
  factor("baseBytes", { far: { memory: { baseBytes: 256 * KiB } } }),
  factor("baseAt", { call: { memory: { baseAt: "call" } } }),
  factor("growAtMost", { "1 MiB": { memory: { growAtMost: MiB } } }),
  factor("prefault", { on: { memory: { prefault: true } } }),
  factor("alignment", { 8: { alignment: 8 }, 32: { alignment: 32 }, 64: { alignment: 64 } }),
  factor("sizeClasses", {
    list: { sizeClasses: [128, 256, 384, 512, 1024, 2048, 8192] },
    "4 steps": { sizeClasses: { stepsPerDoubling: 4 } },
    "short rule": { sizeClasses: { first: 64, last: 2 * KiB, stepsPerDoubling: 2 } },
  }),
  factor("header", { on: { header: true }, checked: { header: true, guards: { headerCheck: true } } }),
  factor("superSlab", { "2 MiB": { geometry: { superSlabBytes: 2 * MiB } } }),
  factor("slabs", {
    "32 KiB": { geometry: { slabBytes: 32 * KiB, spans: false } },
    "8 KiB": { geometry: { slabBytes: 8 * KiB, pageBytes: 8 * KiB, spans: false } },
    "pages of 8 KiB": { geometry: { pageBytes: 8 * KiB } },
    "pages of 64 KiB": { geometry: { slabBytes: 64 * KiB, pageBytes: 64 * KiB, spans: false } },
  }),
  factor("rejoinShift", { 0: { slab: { rejoinShift: 0 } }, 15: { slab: { rejoinShift: 15 } } }),

  factor("fast", {
    "cap 0": { tiers: { fast: { cap: 0 } } },
    "cap 64": { tiers: { fast: { cap: 64 } } },
    "own caps": { tiers: { fast: { cap: 2, capFor: { 128: 0, 256: 100 } } } },
  }),
  factor("tlsSll", {
    off: { tiers: { tlsSll: false } },
    "for all": { tiers: { tlsSll: { from: 0 } } },
    "refills only": { tiers: { tlsSll: { from: 0, upTo: 0 } } },
    "capped, drained": { tiers: { tlsSll: { from: 0, cap: 20, capFor: { 128: 0 }, drainEvery: 100 } } },
  }),
  factor("unifiedCache", {
    "cap 64": { tiers: { unifiedCache: { cap: 64 } } },
    "own caps": { tiers: { unifiedCache: { cap: 5, capFor: { 128: 2048, 512: 0 } } } },
  }),
  factor("magazine", {
    "64 rounds": { tiers: { magazine: { rounds: 64 } } },
    "own rounds": { tiers: { magazine: { rounds: 1, roundsFor: { 128: 0, 512: 30 } } } },
  }),
  factor("tlsList", {
    "cap 256": { tiers: { tlsList: { cap: 256 } } },
    "own caps": { tiers: { tlsList: { cap: 3, capFor: { 128: 1, 256: 0 } } } },
  }),
  factor("hotHeap", { on: { tiers: { hotHeap: true } } }),
  factor("ultra", { on: { tiers: { ultra: true } } }),
  factor("tlsHint", { on: { tiers: { tlsHint: true } } }),
  factor("activeTracking", { on: { activeTracking: true } }),

  factor("sticky", { on: { refill: { sticky: true } } }),
  factor("remembered slabs", {
    hot: { refill: { hotSlot: true } },
    "hot and bench": { refill: { hotSlot: true, benchSlot: true } },
  }),
  factor("mailbox", { off: { refill: { mailbox: false } } }),
  factor("adopt", { off: { refill: { adopt: false } } }),
  factor("mmapGate", {
    1: { refill: { mmapGate: { every: 1 } } },
    16: { refill: { mmapGate: { every: 16 } } },
  }),

  factor("stage05", {
    off: { pool: { stage05: false } },
    one: { pool: { stage05: { slabs: 1 } } },
    many: { pool: { stage05: { slabs: 256 } } },
  }),
  factor("handOver", { off: { pool: { handOver: false } } }),
  factor("stage1", { off: { pool: { stage1: false } } }),
  factor("wordSearch", { off: { pool: { wordSearch: false } } }),
  factor("lru", {
    none: { lru: { entries: 0 } },
    one: { lru: { entries: 1 } },
    bytes: { lru: { bytes: 3 * MiB } },
  }),
  factor("zero", {
    none: { zero: { knowledge: false } },
    eager: { zero: { lazyZero: false } },
    lazy: { zero: { lazyZero: true } },
  }),
  factor("fillFrom", { 0: { bulk: { fillFrom: 0 } }, never: { bulk: { fillFrom: MiB } } }),
  factor("copyFrom", { 0: { bulk: { copyFrom: 0 } }, never: { bulk: { copyFrom: MiB } } }),
  factor("pinning", {
    none: { lifetime: { pinning: "none" } },
    generation: { lifetime: { pinning: "generation" } },
  }),
  factor("reclaim", { off: { lifetime: { reclaim: false } } }),

  factor("listValidation", { on: { guards: { listValidation: true } } }),
  factor("pushValidation", { on: { guards: { pushValidation: true } } }),
  factor("ownership", { on: { guards: { ownership: true } } }),
  factor("doubleFree", { on: { guards: { doubleFree: true } } }),
  factor("poison", {
    on: { guards: { poison: true } },
    quarantined: { guards: { poison: true, quarantine: "64 KiB" } },
  }),
  factor("redZone", { "64 bytes": { guards: { redZone: 64 } } }),
  factor("arguments", { on: { guards: { arguments: true } } }),
  factor("stacks", { on: { guards: { doubleFree: true, stacks: true } } }),
  factor("onHit", { report: { guards: { onHit: "report" } } }),

  factor("memoryChecks", { off: { api: { memoryChecks: false } } }),
  factor("reset", { off: { api: { reset: false } } }),
  factor("owns", { off: { api: { owns: false } } }),
  factor("largestFree", { off: { api: { largestFree: false } } }),
  factor("idle", { off: { api: { idle: false } } }),
  factor("image", { off: { api: { image: false } } }),
  factor("heapWalk", { off: { observe: { heapWalk: false } } }),
  factor("osStatistics", { off: { observe: { osStatistics: false } } }),
  factor("counters", { on: { observe: { counters: { classes: [128] }, logLimit: 3 } } }),
  factor("traceRing", { on: { observe: { traceRing: { events: 16 } } } }),
];

function factor(name: string, levels: Record<string, Spec>): Factor {
  return { name, levels };
}
