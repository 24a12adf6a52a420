/** The front tiers of a thread, as the kernel asks for them. */
import type { KernelSpec } from "./kernel-spec.ts";
import type { Choices } from "./schema.ts";

type Tiers = Pick<
  KernelSpec,
  | "fast"
  | "tlsSll"
  | "unifiedCache"
  | "magazine"
  | "tlsList"
  | "hotHeap"
  | "tlsHint"
  | "cacheFirst"
  | "cacheLast"
  | "freesByPage"
  | "routes"
  | "listRoutes"
  | "arrayWords"
>;

/** `classes`: block size of each class. */
export function kernelTiers(choices: Choices, classes: readonly number[]): Tiers {
  const { tiers } = choices;
  const fast = capped(tiers.fast, classes);
  const tlsList = capped(tiers.tlsList, classes);
  const tlsSll = kernelTlsSll(tiers, classes);
  const { words: magazineWords, ...magazine } = magazines(tiers.magazine, classes);
  const { words: ringWords, ...unifiedCache } = rings(capped(tiers.unifiedCache, classes), magazineWords);
  const isListed = (c: number) => c >= tlsSll.first && c <= tlsSll.last && tlsSll.caps[c]! > 0;
  const isKeptElsewhere = (c: number) =>
    fast.caps[c]! > 0 ||
    unifiedCache.caps[c]! > 0 ||
    magazine.rounds[c]! > 0 ||
    tlsList.caps[c]! > 0 ||
    tiers.hotHeap;
  const all = classes.map((_, index) => index + 1);
  const kept = all.filter((c) => isListed(c) || isKeptElsewhere(c));
  const isPlain = !all.some(isKeptElsewhere) && refusesNone(tlsSll) && isUnwatched(choices);
  return {
    fast,
    tlsSll: bounded(tlsSll, isPlain),
    unifiedCache,
    magazine,
    tlsList,
    hotHeap: tiers.hotHeap,
    tlsHint: tiers.tlsHint,
    cacheFirst: kept[0] ?? 1,
    cacheLast: kept[kept.length - 1] ?? 0,
    freesByPage: isPlain,
    routes: isPlain && (choices.threads > 1 || tlsSll.last > 0),
    listRoutes: isPlain && tlsSll.last > 0,
    arrayWords: magazineWords + ringWords,
  };
}

/** Whether a list keeps every block of the classes routed to it. */
const refusesNone = ({ last, counted, drainEvery }: KernelSpec["tlsSll"]) =>
  last === 0 || (!counted && drainEvery === 0);

/** Whether nothing at a free needs the block's class. */
const isUnwatched = ({ header, activeTracking, tiers, observe }: Choices) =>
  !header && !activeTracking && !tiers.tlsHint && !(observe.counters && observe.counters.classes.length > 0);

type Capped = false | { readonly cap: number; readonly capFor: Readonly<Record<string, number>> };

/** Caps by class, [0] is 0. A tier that no class has is not there. */
function capped(tier: Capped, classes: readonly number[]): { on: boolean; caps: number[] } {
  const caps = [0, ...classes.map((bytes) => (tier ? (tier.capFor[bytes] ?? tier.cap) : 0))];
  return { on: caps.some((cap) => cap > 0), caps };
}

/** A magazine has a place more than rounds: a block is put in before a full one is emptied. */
function magazines(tier: Choices["tiers"]["magazine"], classes: readonly number[]) {
  const { on, caps: rounds } = capped(tier && { cap: tier.rounds, capFor: tier.roundsFor }, classes);
  let words = 0;
  const starts = rounds.map((most) => {
    const start = words;
    if (most > 0) words += most + 1;
    return start;
  });
  return { on, rounds, starts, words };
}

/** A ring has a power of two of places, so that a counter's low bits say which. */
function rings({ on, caps }: { on: boolean; caps: number[] }, from: number) {
  let words = 0;
  const starts: number[] = [];
  const masks: number[] = [];
  for (const cap of caps) {
    const places = cap === 0 ? 0 : 2 ** Math.ceil(Math.log2(cap));
    starts.push(from + words);
    masks.push(Math.max(places - 1, 0));
    words += places;
  }
  return { on, caps, starts, masks, words };
}

/** No cap is this: more blocks than a heap can hold. */
const UNLIMITED = 0xffffffff;

/** Blocks of a list with no cap of its own that is not trimmed by its routes. */
const CAP = 128;

/** Every list is bounded: it is trimmed where routes lead to it, and else has a cap. */
function bounded(tlsSll: KernelSpec["tlsSll"], isPlain: boolean): KernelSpec["tlsSll"] {
  if (tlsSll.last === 0 || isPlain) return tlsSll;
  return { ...tlsSll, caps: tlsSll.caps.map((cap) => (cap === UNLIMITED ? CAP : cap)), counted: true };
}

function kernelTlsSll(tiers: Choices["tiers"], classes: readonly number[]): KernelSpec["tlsSll"] {
  const none = [0, ...classes.map(() => 0)];
  const absent = { on: false, first: 1, last: 0, caps: none, counted: false, drainEvery: 0 };
  // The hot box is filled by refills, and by frees into its slab, whatever the class.
  if (tiers.hotHeap) return { ...absent, on: true };
  // Ultra (F7) is this list with nothing counted: all that would count is ruled out beside it.
  const tier = tiers.ultra
    ? { from: 0, upTo: undefined, drainEvery: 0, cap: undefined, capFor: {} }
    : tiers.tlsSll;
  if (!tier) return absent;

  const capFor: Readonly<Record<string, number>> = tier.capFor;
  const caps = classes.map((bytes) => capFor[bytes] ?? tier.cap ?? UNLIMITED);
  if (caps.every((cap) => cap === 0)) return absent;
  const upTo = tier.upTo ?? Number.POSITIVE_INFINITY;
  const first = classes.filter((bytes) => bytes < tier.from).length + 1;
  const last = classes.filter((bytes) => bytes <= upTo).length;
  return {
    on: true,
    ...(first > last ? { first: 1, last: 0 } : { first, last }),
    caps: [0, ...caps],
    counted: caps.some((cap) => cap !== UNLIMITED),
    drainEvery: tier.drainEvery,
  };
}
