/**
 * What a user may choose. One entry per system; the identifiers in the descriptions (M1, F2, …)
 * name the systems throughout the project. Everything has a default; the defaults make a heap for
 * one thread.
 *
 * Each choice says what it allows in its own words: that text is what an error shows.
 */
import { z } from "zod";
import type { ByteText } from "./bytes.ts";
import { type PresetName, presetNames } from "./preset-names.ts";
import { SPEC_FILE_EXTENSIONS, type SpecFile } from "./spec-file.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

const flag = () => z.boolean({ error: "true or false" });

const integer = (min: number, max: number) => {
  const error = `an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/**
 * Numbers of bytes, which may be written as `"64 MiB"`: those are numbers before they come here.
 */
const bytes = <T extends number>(schema: z.ZodType<T>) =>
  schema.meta({ bytes: true }) as z.ZodType<T, T | ByteText>;

const byteCount = (min: number) => {
  const error = `an integer of at least ${min}`;
  return bytes(z.int({ error }).min(min, { error }));
};

const ratio = () => z.number({ error: "a number above 0" }).positive({ error: "a number above 0" });

const oneOf = <const T extends readonly (string | number)[]>(...values: T) =>
  z.literal(values, { error: values.map((value) => JSON.stringify(value)).join(" or ") });

/**
 * An object that must not hold any other key; a misspelt choice is an error, not a silent default.
 */
const section = <T extends z.core.$ZodLooseShape>(shape: T) => {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? keys : `an object of ${keys}`),
  });
};

/** `false`, or an object that says how. */
const optional = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z
    .union([z.literal(false), section(shape)], {
      error: `false, or an object of ${Object.keys(shape).join(", ")}`,
    })
    .default(false);

const cap = () => integer(0, 65535).describe("Blocks a list may hold per class; 0: the tier is absent");
const capFor = (cap = "cap") =>
  z
    .record(z.string().regex(/^\d+$/, { error: "a class's block size in bytes" }), integer(0, 65535), {
      error: "an object from block size to cap",
    })
    .default({})
    .describe(`Exceptions for single classes, by block size in bytes; all other classes have \`${cap}\``);

const classRule = section({
  first: byteCount(1)
    .optional()
    .describe("Smallest block in bytes; default: the alignment, twice that with headers"),
  last: byteCount(1)
    .default(32 * KiB)
    .describe("Largest block in bytes; larger requests get page runs"),
  stepsPerDoubling: oneOf(1, 2, 4, 8, 16, 32)
    .default(8)
    .describe("Classes between a power of two and the next: 8 wastes at most 1/9 of a block, 4 at most 1/5"),
});

const classList = z
  .array(byteCount(1), { error: "a list of block sizes" })
  .min(1, { error: "a list of 1 to 255 block sizes" })
  .max(255, { error: "a list of 1 to 255 block sizes" });

const choices = {
  name: z
    .string({ error: "a name of a-z, 0-9 and - that begins with a letter" })
    .regex(/^[a-z][a-z0-9-]*$/, { error: "a name of a-z, 0-9 and - that begins with a letter" })
    .optional()
    .describe("Names the variant and its folder; default: the file's or the preset's name"),

  target: oneOf("typescript", "wasm", "c")
    .optional()
    .describe(
      "What is made: JavaScript with types, a WebAssembly module with the same createHeap in front, or C11; default: typescript",
    ),
  c: section({
    prefix: z
      .string({ error: "the beginning of a name in C, or nothing" })
      .regex(/^([A-Za-z_][A-Za-z0-9_]*)?$/, { error: "the beginning of a name in C, or nothing" })
      .optional()
      .describe("Begins the names of the functions; default: the spec's name and _"),
  })
    .optional()
    .describe("Target c"),
  form: oneOf("closure", "class")
    .default("closure")
    .describe("How a heap keeps its registers: in the closure of its factory, or in fields of an object"),
  specialise: flag()
    .default(true)
    .describe("false: one build with all choices, which it reads at run time; the baseline and the oracle"),
  threads: integer(1, 1024)
    .default(1)
    .describe("Threads that may be attached at once; 1: no Atomics anywhere"),

  memory: section({
    kind: oneOf("ArrayBuffer", "SharedArrayBuffer", "WebAssembly.Memory")
      .default("ArrayBuffer")
      .describe("M8: what holds the heap. Buffers are reserved at once; a WebAssembly.Memory grows"),
    maxBytes: byteCount(1)
      .default(64 * MiB)
      .describe(
        "M3: address space of the default heap, from address 0; the registry has an entry per SuperSlab of it",
      ),
    baseBytes: byteCount(0)
      .default(0)
      .describe("First address the heap may use; the memory below it belongs to others"),
    baseAt: oneOf("build", "call")
      .default("build")
      .describe(
        "N1: who decides on the first address: the build, by baseBytes, or the call createHeap({ baseBytes })",
      ),
    growAtMost: byteCount(1)
      .default(16 * MiB)
      .describe(
        "M8: a memory grows by half of its length at a time, at least by a SuperSlab, at most by so many bytes",
      ),
    prefault: flag().default(false).describe("M7: touch every page when the heap is created"),
  })
    .prefault({})
    .describe("Memory"),

  alignment: oneOf(8, 16, 32, 64).default(16).describe("Every block starts at a multiple of so many bytes"),
  sizeClasses: z
    .union([classRule, classList], {
      error: "a list of block sizes, or an object of first, last, stepsPerDoubling",
    })
    .prefault({})
    .describe("M1: block sizes, as a rule or as a list in bytes"),
  header: flag().default(false).describe("M5: the class in front of each block; false: headerless"),

  geometry: section({
    superSlabBytes: bytes(oneOf(1 * MiB, 2 * MiB))
      .default(1 * MiB)
      .describe("M2: an aligned SuperSlab, cut into slabs"),
    slabBytes: byteCount(1)
      .default(16 * KiB)
      .describe("M2: a slab of small blocks; each slab serves one class"),
    pageBytes: bytes(oneOf(4 * KiB, 8 * KiB, 16 * KiB, 32 * KiB, 64 * KiB))
      .default(4 * KiB)
      .describe("Unit of slabs and of blocks above the classes"),
    spans: flag()
      .default(true)
      .describe(
        "M6: slabs of medium blocks have as many pages as waste least; false: every slab is slabBytes",
      ),
  })
    .prefault({})
    .describe("SuperSlabs, slabs and pages"),

  slab: section({
    rejoinShift: integer(0, 15)
      .default(3)
      .describe("A full slab is offered for refills again when capacity >> rejoinShift blocks came back"),
  })
    .prefault({})
    .describe("Life of a slab"),

  tiers: section({
    fast: optional({ cap: cap().default(64), capFor: capFor() }).describe("F1: per-class cache with a cap"),
    tlsSll: optional({
      cap: cap()
        .optional()
        .describe("Blocks a list may hold per class; 0: the tier is absent; default: no limit"),
      capFor: capFor(),
      from: byteCount(0)
        .default(0)
        .describe("R1: smallest block whose free goes to the list; smaller ones go to their slab"),
      upTo: byteCount(0)
        .optional()
        .describe("R1: largest block whose free goes to the list; 0: all frees go to the slab; default: all"),
      drainEvery: integer(0, 0xffffffff)
        .default(0)
        .describe("Frees until the lists are drained to the slabs; 0: never"),
    }).describe("F2: singly linked list per class"),
    unifiedCache: optional({ cap: cap().default(64), capFor: capFor() }).describe("F5: array ring per class"),
    magazine: optional({
      rounds: integer(0, 65535)
        .default(64)
        .describe("Addresses a class's magazine may hold; 0: the tier is absent"),
      roundsFor: capFor("rounds"),
    }).describe("F4: array of addresses per class, filled and emptied in batches"),
    tlsList: optional({ cap: cap().default(256), capFor: capFor() }).describe(
      "F3: list per class; overflow spills half back to each block's own slab",
    ),
    hotHeap: flag().default(false).describe("F6: the current slab is served and freed into directly"),
    ultra: flag().default(false).describe("F7: singly linked list only, nothing counted"),
    tlsHint: flag().default(false).describe("F8: the slab seen by the last free, to skip the look-up"),
  })
    .prefault({})
    .describe(
      "Front tiers of each thread. malloc asks them in this order; a block that one list does not keep goes to the next",
    ),

  activeTracking: flag().default(false).describe("R5: count per slab the blocks that users hold"),

  refill: section({
    sticky: flag()
      .default(false)
      .describe("P1: the slab that this thread used before for the class is asked first"),
    hotSlot: flag()
      .default(false)
      .describe("P2: a slab per class and thread is remembered once it has free blocks again"),
    benchSlot: flag().default(false).describe("P3: a second slab is remembered in the same way"),
    mailbox: flag().default(false).describe("P4: slabs with pending remote frees, announced to their owner"),
    adopt: flag().default(false).describe("P5: takes over slabs whose owner is gone or has given them up"),
    mmapGate: optional({
      every: integer(1, 1_000_000)
        .default(16)
        .describe("Misses until a thread may ask for another SuperSlab"),
    }).describe("P10: how often threads may ask for new SuperSlabs"),
  })
    .prefault({})
    .describe("Refill stages before the shared pool, in this order"),

  pool: section({
    stage05: optional({
      slabs: integer(1, 65535)
        .default(256)
        .describe("EMPTY slabs that wait at most; the others go back at once"),
    }).describe("P6: EMPTY slabs of small blocks wait for the next class that needs one"),
    wordSearch: flag()
      .default(true)
      .describe("Looks for short page runs a word of the bitmap at a time; false: less code"),
    handOver: flag()
      .default(true)
      .describe(
        "L3: when a thread sleeps, whoever frees the last block of its slab gives the slab to the pool; for several threads",
      ),
    stage1: flag().default(true).describe("P7: a list of EMPTY slabs per class, for all threads"),
  })
    .prefault({})
    .describe("Stages of the shared pool; stages 0 (P6), 2 (P8) and 3 (P9) are always there"),

  lru: section({
    entries: integer(0, 65535).default(16).describe("L3: empty SuperSlabs kept at most; 0: none"),
    bytes: byteCount(0)
      .optional()
      .describe("L3: bytes they may hold together at most; default: entries whole SuperSlabs"),
  })
    .prefault({})
    .describe("Empty SuperSlabs that stay"),

  zero: section({
    knowledge: flag().default(true).describe("M7: calloc skips clearing memory that was never used"),
    lazyZero: flag()
      .optional()
      .describe("M7: clear a used SuperSlab on reuse (true, the default) or when it becomes empty (false)"),
  })
    .prefault({})
    .describe("Memory known to be zero"),

  bulk: section({
    fillFrom: bytes(integer(0, 1 * MiB))
      .default(512)
      .describe("Bytes from which clearing is one bulk operation, not a loop"),
    copyFrom: bytes(integer(0, 1 * MiB))
      .default(144)
      .describe("Bytes from which copying is one bulk operation, not a loop"),
  })
    .prefault({})
    .describe("Loops or bulk operations: a bulk operation costs a call into the engine first"),

  lifetime: section({
    pinning: oneOf("none", "generation")
      .default("none")
      .describe("L4: what keeps a SuperSlab alive while something can still name it"),
    reclaim: flag()
      .default(false)
      .describe("L5: recover what a terminated worker held; false: every thread detaches before it ends"),
  })
    .prefault({})
    .describe("Lifetime across threads"),

  api: section({
    memoryChecks: flag()
      .default(true)
      .describe(
        "createHeap and attachHeap say what is wrong with the memory that they are given, and the way out",
      ),
    reset: flag().default(true).describe("N4: reset(), which frees every block at once"),
    owns: flag().default(true).describe("N4: owns(ptr), whether a block of this heap starts at an address"),
    largestFree: flag().default(true).describe("N4: largestFree(), how many bytes a request may have now"),
    idle: flag()
      .default(true)
      .describe("N4: idle(), for a thread that is about to wait; for several threads"),
    image: flag()
      .default(true)
      .describe("N2: openHeap(image): a header tells a saved heap, which is opened and goes on"),
  })
    .prefault({})
    .describe("Functions of a heap that not every program needs; without them the build is smaller"),

  guards: section({
    listValidation: flag().default(false).describe("G1: a popped link must lie in the same class's slabs"),
    pushValidation: flag()
      .default(false)
      .describe("G2: a freed address must be a block's start in a live SuperSlab"),
    ownership: flag().default(false).describe("R4: assert the owner wherever a slab is changed"),
    doubleFree: flag().default(false).describe("G3: report a block freed twice"),
    poison: flag()
      .default(false)
      .describe("G3: fill freed blocks, and look whether the filling still stands"),
    quarantine: byteCount(0)
      .default(0)
      .describe("G3: bytes of freed blocks that each thread keeps from reuse, those freed last"),
    redZone: byteCount(0)
      .default(0)
      .describe("G3: guarded bytes behind each block at least; with headers also those in front of it"),
    headerCheck: flag().default(false).describe("G3: report a damaged header"),
    arguments: flag()
      .default(false)
      .describe("N3: a RangeError for a size or an alignment that is none, in place of 0"),
    stacks: flag()
      .default(false)
      .describe("G3: errors and leaks show the call stacks of this thread's allocations and frees"),
    onHit: oneOf("throw", "report")
      .default("throw")
      .describe("What a guard does that finds something: throw, or drop the block, count it and report it"),
  })
    .prefault({})
    .describe("Guards"),

  observe: section({
    heapWalk: flag()
      .default(true)
      .describe("check() and blocks(): the heap can be walked, and its invariants be checked"),
    osStatistics: flag().default(true).describe("G6: SuperSlabs created, reused, returned"),
    counters: optional({
      classes: z
        .array(byteCount(1), { error: "a list of block sizes" })
        .default([])
        .describe("Classes to count in detail, by block size in bytes"),
    }).describe("G5: refill stage hits, free pipeline, early returns, locks"),
    traceRing: optional({
      events: integer(16, 1 << 20)
        .default(1024)
        .describe("Events kept per thread"),
    }).describe("G4: the last events of each thread"),
    logLimit: integer(0, 1_000_000)
      .default(0)
      .describe("G7: times each message may be printed; 0: nothing is printed"),
  })
    .prefault({})
    .describe("Observation"),

  ship: section({
    package: z
      .string({ error: "an npm package's name" })
      .regex(/^(@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9-][a-z0-9._-]*$/, { error: "an npm package's name" })
      .optional()
      .describe("Name of the package; default: the spec's name"),
    version: z
      .string({ error: "a version such as 1.0.0" })
      .regex(/^\d+\.\d+\.\d+$/, { error: "a version such as 1.0.0" })
      .optional()
      .describe("Its version; default: the one after the earlier package's, or 1.0.0"),
    maxGzipBytes: byteCount(1).optional().describe("What index.min.js may weigh, gzipped"),
    maxMinBytes: byteCount(1).optional().describe("What index.min.js may weigh"),
    maxCommittedRatio: ratio()
      .optional()
      .describe("Peak committed over peak requested bytes, at most, on any recorded trace above 1 MB"),
    minSpeedRatio: ratio()
      .optional()
      .describe("Speed against an earlier package at least, where the noise lets it be told; default: 0.95"),
  })
    .optional()
    .describe("What `slabsmith ship` makes of it, and the budgets that fail it; no part of the build"),
};

/** All choices, after a preset has been filled in. */
export const choicesSchema = section(choices);

const base = z.union([
  z.enum(presetNames),
  z.string().regex(new RegExp(`(${SPEC_FILE_EXTENSIONS.join("|").replaceAll(".", "\\.")})$`)),
]) as z.ZodType<PresetName | SpecFile>;

/** A spec as it is written. */
export const specSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where an editor finds this schema"),
    extends: base.optional().describe("What this spec differs from: a preset, or another spec's file"),
    ...choices,
  })
  .meta({ title: "slabsmith spec" });

/** A spec as it is written: every choice may be left out. */
export type Spec = z.input<typeof specSchema>;

/** A spec with all its defaults. */
export type Choices = z.output<typeof choicesSchema>;
