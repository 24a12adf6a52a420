/**
 * Choices that are fine alone and cannot stand together. Each problem names both sides and the way out.
 */
import type { Choices } from "./schema.ts";
import { firstClass, sizeClassList } from "./size-classes.ts";
import { largestSlab } from "./slab-spans.ts";
import type { Problem } from "./spec-error.ts";
import { valueAt } from "./value-at.ts";

/** Everything that does not fit together in a spec, in the order of its sections. */
export function contradictions(spec: Choices): Problem[] {
  return rules.flatMap((rule) =>
    [...rule(spec)].map(([path, message, fix]) => ({ path, value: valueAt(spec, path), message, fix })),
  );
}

/** Path, message, way out. */
type Finding = readonly [path: string, message: string, fix: string];
type Rule = (spec: Choices) => Iterable<Finding>;

/** Class tables hold a class in a byte, 0 is no class. */
const MAX_CLASSES = 255;
/** Addresses have 32 bits. */
const MAX_ADDRESS = 2 ** 32;
/** Unit in which a WebAssembly.Memory is sized. */
const WASM_PAGE = 65536;

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
  emptySuperSlabs,
  zeroKnowledge,
  guards,
  observation,
];

function* addressSpace({ memory, geometry, threads }: Choices): Iterable<Finding> {
  const { maxBytes, baseBytes } = memory;
  const { pageBytes, slabBytes } = geometry;
  if (maxBytes > MAX_ADDRESS) {
    yield [
      "memory.maxBytes",
      `${maxBytes} bytes are more than 32-bit addresses reach`,
      `use at most ${MAX_ADDRESS}`,
    ];
  }
  for (const [key, bytes] of [
    ["maxBytes", maxBytes],
    ["baseBytes", baseBytes],
  ] as const) {
    if (bytes % pageBytes === 0) continue;
    yield [
      `memory.${key}`,
      `${bytes} is not a multiple of geometry.pageBytes ${pageBytes}`,
      `use ${Math.ceil(bytes / pageBytes) * pageBytes}`,
    ];
  }
  if (baseBytes >= maxBytes) {
    yield [
      "memory.baseBytes",
      `${baseBytes} leaves nothing of memory.maxBytes ${maxBytes}`,
      "lower baseBytes or raise maxBytes",
    ];
    return;
  }
  const metadata = leastMetadataBytes(Math.ceil((maxBytes - baseBytes) / pageBytes), threads);
  if (maxBytes - baseBytes < Math.ceil(metadata / pageBytes) * pageBytes + slabBytes) {
    yield [
      "memory.maxBytes",
      `${maxBytes - baseBytes} bytes behind baseBytes do not hold the metadata and one slab of ${slabBytes}`,
      "raise maxBytes or lower geometry.slabBytes",
    ];
  }
}

/** What the tables take at the very least: a few words per page and thread. The kernel's records decide the rest. */
function leastMetadataBytes(pages: number, threads: number): number {
  return 4 * (64 + 8 * threads + 8 * pages);
}

function* memoryKind({ memory, threads }: Choices): Iterable<Finding> {
  if (memory.kind === "ArrayBuffer" && threads > 1) {
    yield [
      "memory.kind",
      `an ArrayBuffer cannot be shared by threads ${threads}`,
      'use "SharedArrayBuffer" or "WebAssembly.Memory", or threads 1',
    ];
  }
  if (memory.kind !== "WebAssembly.Memory") return;
  if (memory.maxBytes % WASM_PAGE !== 0) {
    yield [
      "memory.maxBytes",
      `${memory.maxBytes} is not a multiple of ${WASM_PAGE}, the page of a WebAssembly.Memory`,
      `use ${Math.ceil(memory.maxBytes / WASM_PAGE) * WASM_PAGE}`,
    ];
  }
  if (memory.prefault) {
    yield [
      "memory.prefault",
      "a WebAssembly.Memory grows: the pages to touch are not there yet",
      "leave it out, or use another memory.kind",
    ];
  }
}

function* geometry({ geometry: { superSlabBytes, slabBytes, pageBytes } }: Choices): Iterable<Finding> {
  const largest = largestSlab({ superSlabBytes });
  if (slabBytes % pageBytes !== 0) {
    yield [
      "geometry.slabBytes",
      `${slabBytes} is not a multiple of geometry.pageBytes ${pageBytes}`,
      `use ${Math.ceil(slabBytes / pageBytes) * pageBytes}, or smaller pages`,
    ];
  }
  if (slabBytes > largest) {
    yield [
      "geometry.slabBytes",
      `${slabBytes} is above a quarter of geometry.superSlabBytes ${superSlabBytes}`,
      `use at most ${largest}`,
    ];
  } else if (superSlabBytes % slabBytes !== 0) {
    yield [
      "geometry.superSlabBytes",
      `${superSlabBytes} is not a multiple of geometry.slabBytes ${slabBytes}`,
      `use a power of two up to ${largest} as slabBytes`,
    ];
  }
}

function* classRule(spec: Choices): Iterable<Finding> {
  if (Array.isArray(spec.sizeClasses)) return;
  const { last } = spec.sizeClasses;
  const first = firstClass(spec);
  if (first > last) {
    yield ["sizeClasses.first", `${first} is above sizeClasses.last ${last}`, "lower first or raise last"];
  }
}

function* classSizes(spec: Choices): Iterable<Finding> {
  const { sizeClasses, alignment, geometry, header } = spec;
  const isList = Array.isArray(sizeClasses);
  const largest = geometry.spans ? largestSlab(geometry) : geometry.slabBytes;
  // Of a rule, first and last decide: what lies between them is made to fit.
  const sizes: readonly (readonly [path: string, bytes: number])[] = isList
    ? sizeClasses.map((bytes, index) => [`sizeClasses.${index}`, bytes] as const)
    : [
        ["sizeClasses.first", firstClass(spec)],
        ["sizeClasses.last", sizeClasses.last],
      ];

  for (const [path, bytes] of sizes) {
    if (bytes < alignment) {
      yield [
        path,
        `${bytes} is below alignment ${alignment}`,
        `use at least ${alignment}, or a smaller alignment`,
      ];
    } else if (bytes % alignment !== 0) {
      yield [
        path,
        `${bytes} is not a multiple of alignment ${alignment}`,
        `use ${Math.ceil(bytes / alignment) * alignment}`,
      ];
    }
    if (bytes > largest) {
      yield geometry.spans
        ? [
            path,
            `${bytes} is above a quarter of geometry.superSlabBytes ${geometry.superSlabBytes}`,
            `use at most ${largest}`,
          ]
        : [
            path,
            `${bytes} is above geometry.slabBytes ${geometry.slabBytes}`,
            `use at most ${largest}, a larger slabBytes, or geometry.spans true`,
          ];
    }
  }
  if (isList) {
    for (let index = 1; index < sizeClasses.length; index++) {
      if (sizeClasses[index] > sizeClasses[index - 1]) continue;
      yield [
        `sizeClasses.${index}`,
        `${sizeClasses[index]} does not increase on ${sizeClasses[index - 1]} before it`,
        "list every size once, in ascending order",
      ];
    }
  } else if (sizes.every(([, bytes]) => bytes <= largest) && sizeClassList(spec).length > MAX_CLASSES) {
    yield [
      "sizeClasses.stepsPerDoubling",
      `${sizeClasses.stepsPerDoubling} makes ${sizeClassList(spec).length} classes up to sizeClasses.last ${sizeClasses.last}, more than ${MAX_CLASSES}`,
      "use fewer steps or a smaller last",
    ];
  }
  const [smallestPath, smallest] = sizes[0];
  if (header && smallest <= alignment) {
    yield [
      smallestPath,
      `${smallest} leaves no room behind a header of ${alignment}`,
      `use at least ${2 * alignment}, or header false`,
    ];
  }
}

function* perClassCaps(spec: Choices): Iterable<Finding> {
  const classes = new Set(sizeClassList(spec));
  for (const tier of ["fast", "tlsSll", "tlsList", "unifiedCache"] as const) {
    const choice = spec.tiers[tier];
    for (const bytes of choice ? Object.keys(choice.capFor) : []) {
      if (classes.has(Number(bytes))) continue;
      yield [
        `tiers.${tier}.capFor.${bytes}`,
        `sizeClasses has no block of ${bytes} bytes`,
        "use the size of a class",
      ];
    }
  }
}

function* tlsSll(spec: Choices): Iterable<Finding> {
  const { tlsSll } = spec.tiers;
  if (!tlsSll) return;
  const { cap, from, upTo, drainEvery } = tlsSll;
  if (upTo !== undefined && upTo > 0 && from > upTo) {
    yield [
      "tiers.tlsSll.from",
      `${from} is above tiers.tlsSll.upTo ${upTo}: no free goes to a list`,
      "swap them, or use upTo 0 to send all frees to the slab",
    ];
  }
  const hasCapFor = Object.keys(tlsSll.capFor).length > 0;
  if (cap === 0 && drainEvery > 0) {
    yield [
      "tiers.tlsSll.drainEvery",
      `${drainEvery} drains lists that tiers.tlsSll.cap 0 makes absent`,
      "leave drainEvery out, or raise cap",
    ];
  }
  if (upTo === undefined) return;
  const first = sizeClassList(spec)[0];
  if (upTo > 0 && upTo < first) {
    yield [
      "tiers.tlsSll.upTo",
      `${upTo} is below the smallest class ${first}`,
      `use 0 for no class, or at least ${first}`,
    ];
  }
  if (upTo > 0) return;
  if (drainEvery > 0) {
    yield [
      "tiers.tlsSll.drainEvery",
      `${drainEvery} counts frees into the lists, and tiers.tlsSll.upTo 0 sends none there`,
      "leave drainEvery out, or raise upTo",
    ];
  }
  if (cap !== undefined || hasCapFor) {
    yield [
      cap !== undefined ? "tiers.tlsSll.cap" : "tiers.tlsSll.capFor",
      `${cap ?? JSON.stringify(tlsSll.capFor)} limits frees into the lists, and tiers.tlsSll.upTo 0 sends none there`,
      "leave the cap out, or raise upTo",
    ];
  }
}

/** In the order in which a freed block is offered to them. */
const listTiers = ["fast", "tlsSll", "unifiedCache", "magazine", "tlsList"] as const;

/** A list without a cap keeps every block: no other tier would ever get one of its classes. */
function* behindTheTlsSll({ tiers }: Choices): Iterable<Finding> {
  const { tlsSll } = tiers;
  if (!tlsSll || tlsSll.cap !== undefined || tlsSll.from > 0 || tlsSll.upTo !== undefined) return;
  for (const tier of ["unifiedCache", "magazine", "tlsList"] as const) {
    if (!tiers[tier]) continue;
    yield [
      `tiers.${tier}`,
      "tiers.tlsSll has no cap and keeps every freed block: none would come this far",
      "give tlsSll a cap, or drop one of the two",
    ];
  }
}

function* ultra({ tiers, activeTracking, guards, observe }: Choices): Iterable<Finding> {
  if (!tiers.ultra) return;
  if (activeTracking) {
    yield [
      "tiers.ultra",
      "ultra counts nothing, and activeTracking counts every block",
      "drop one of the two",
    ];
  }
  for (const tier of [...listTiers, "hotHeap"] as const) {
    if (tiers[tier])
      yield [
        "tiers.ultra",
        `ultra is the only tier where it stands, and tiers.${tier} is chosen`,
        "drop one of the two",
      ];
  }
  for (const [guard, value] of Object.entries(guards)) {
    if (value)
      yield [`guards.${guard}`, "a guard checks what tiers.ultra leaves unchecked", "drop one of the two"];
  }
  if (observe.counters) {
    yield ["observe.counters", "counters count what tiers.ultra leaves uncounted", "drop one of the two"];
  }
}

function* hotHeap({ tiers }: Choices): Iterable<Finding> {
  if (!tiers.hotHeap) return;
  for (const tier of listTiers) {
    if (!tiers[tier]) continue;
    yield [
      "tiers.hotHeap",
      `the hot heap serves slabs with no list between, and tiers.${tier} is a list`,
      "drop one of the two",
    ];
  }
}

function* cachesBehindCounts({ activeTracking, tiers }: Choices): Iterable<Finding> {
  if (activeTracking && !tiers.ultra && !tiers.hotHeap && !listTiers.some((tier) => tiers[tier])) {
    yield [
      "activeTracking",
      `without ${listTiers.map((tier) => `tiers.${tier}`).join(", ")} no block is cached: active would always equal used`,
      "leave it out, or choose a tier",
    ];
  }
}

function* refillStages({ refill }: Choices): Iterable<Finding> {
  if (refill.benchSlot && !refill.hotSlot) {
    yield [
      "refill.benchSlot",
      "it is the second remembered slab, and refill.hotSlot, the first, is off",
      "choose hotSlot too",
    ];
  }
}

function* slots({ threads, geometry: { slabBytes, pageBytes } }: Choices): Iterable<Finding> {
  if (threads === 1 || slabBytes === pageBytes) return;
  yield [
    "geometry.pageBytes",
    `${pageBytes} is not geometry.slabBytes ${slabBytes}: threads share memory by whole slabs`,
    `use ${slabBytes}`,
  ];
}

function* threadsOnly({ threads, refill, lifetime, guards }: Choices): Iterable<Finding> {
  if (threads > 1) return;
  const needsThreads = {
    "refill.mailbox": refill.mailbox,
    "refill.adopt": refill.adopt,
    "refill.mmapGate": refill.mmapGate !== false,
    "lifetime.pinning": lifetime.pinning !== "none",
    "lifetime.reclaim": lifetime.reclaim,
    "guards.ownership": guards.ownership,
  };
  for (const [path, chosen] of Object.entries(needsThreads)) {
    if (chosen) yield [path, "it is about other threads, and threads is 1", "leave it out, or raise threads"];
  }
}

function* emptySuperSlabs({ lru, geometry }: Choices): Iterable<Finding> {
  if (lru.bytes === undefined) return;
  if (lru.entries === 0) {
    yield [
      "lru.bytes",
      `${lru.bytes} limits SuperSlabs of which lru.entries 0 keeps none`,
      "leave bytes out, or raise entries",
    ];
  } else if (lru.bytes < geometry.superSlabBytes) {
    yield [
      "lru.bytes",
      `${lru.bytes} does not hold one SuperSlab of geometry.superSlabBytes ${geometry.superSlabBytes}`,
      `use at least ${geometry.superSlabBytes}, or lru.entries 0`,
    ];
  }
}

function* zeroKnowledge({ zero }: Choices): Iterable<Finding> {
  if (zero.lazyZero !== undefined && !zero.knowledge) {
    yield [
      "zero.lazyZero",
      "it says when a SuperSlab becomes known to be zero, and zero.knowledge is false",
      "leave it out, or use zero.knowledge true",
    ];
  }
}

function* guards({ guards, header, alignment }: Choices): Iterable<Finding> {
  if (guards.headerCheck && !header) {
    yield ["guards.headerCheck", "there is no header to check: header is false", "use header true"];
  }
  if (guards.quarantine > 0 && !guards.poison) {
    yield [
      "guards.quarantine",
      `nothing looks at the ${guards.quarantine} blocks kept from reuse: guards.poison is false`,
      "use guards.poison true",
    ];
  }
  if (guards.redZone % alignment !== 0) {
    yield [
      "guards.redZone",
      `${guards.redZone} is not a multiple of alignment ${alignment}`,
      `use ${Math.ceil(guards.redZone / alignment) * alignment}`,
    ];
  }
}

function* observation(spec: Choices): Iterable<Finding> {
  const { counters, traceRing, logLimit } = spec.observe;
  const classes = new Set(sizeClassList(spec));
  for (const [index, bytes] of (counters ? counters.classes : []).entries()) {
    if (!classes.has(bytes)) {
      yield [
        `observe.counters.classes.${index}`,
        `sizeClasses has no block of ${bytes} bytes`,
        "use the size of a class",
      ];
    }
  }
  const prints = counters || traceRing || Object.values(spec.guards).some(Boolean);
  if (logLimit > 0 && !prints) {
    yield [
      "observe.logLimit",
      `it limits messages to ${logLimit}, and no guard, counter or trace prints one`,
      "leave it out",
    ];
  }
}
