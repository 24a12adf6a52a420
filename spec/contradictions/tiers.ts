/** Front tiers. */
import type { Choices } from "../schema.ts";
import { sizeClassList } from "../size-classes.ts";
import { valueAt } from "../value-at.ts";
import type { Finding } from "./rule.ts";

const capsOfClasses = [
  "tiers.fast.capFor",
  "tiers.tlsSll.capFor",
  "tiers.tlsList.capFor",
  "tiers.unifiedCache.capFor",
  "tiers.magazine.roundsFor",
];

export function* perClassCaps(spec: Choices): Iterable<Finding> {
  const classes = new Set(sizeClassList(spec));
  for (const path of capsOfClasses) {
    for (const bytes of Object.keys(valueAt(spec, path) ?? {})) {
      if (classes.has(Number(bytes))) continue;
      yield [`${path}.${bytes}`, `sizeClasses has no block of ${bytes} bytes`, "use the size of a class"];
    }
  }
}

export function* tlsSll(spec: Choices): Iterable<Finding> {
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
export function* behindTheTlsSll({ tiers }: Choices): Iterable<Finding> {
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

export function* ultra({ tiers, activeTracking, guards, observe }: Choices): Iterable<Finding> {
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
    if (value && guard !== "onHit")
      yield [`guards.${guard}`, "a guard checks what tiers.ultra leaves unchecked", "drop one of the two"];
  }
  if (observe.counters) {
    yield ["observe.counters", "counters count what tiers.ultra leaves uncounted", "drop one of the two"];
  }
}

export function* hotHeap({ tiers }: Choices): Iterable<Finding> {
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

export function* cachesBehindCounts({ activeTracking, tiers }: Choices): Iterable<Finding> {
  if (activeTracking && !tiers.ultra && !tiers.hotHeap && !listTiers.some((tier) => tiers[tier])) {
    yield [
      "activeTracking",
      `without ${listTiers.map((tier) => `tiers.${tier}`).join(", ")} no block is cached: active would always equal used`,
      "leave it out, or choose a tier",
    ];
  }
}
