/** The front tiers of a variant in words. */
import type { KernelSpec as Kernel } from "../../spec/kernel-spec.ts";

export interface TierText {
  /** Row of the system. */
  readonly id: string;
  readonly name: string;
  /** What malloc takes, … */
  readonly take: string;
  /** … and what free puts there, if anything. */
  readonly keep?: string;
  /** It never sends a block of its classes on. */
  readonly keepsAll: boolean;
}

/** The chosen front tiers, in order. */
export function tiersOf(kernel: Kernel): TierText[] {
  const { fast, tlsSll, unifiedCache, magazine, tlsList, hotHeap } = kernel;
  const tiers: TierText[] = [];
  const add = (id: string, name: string, take: string, keep?: string, keepsAll = false) =>
    tiers.push({ id, name, take: `${name}: ${take}`, keep: keep && `${name}: ${keep}`, keepsAll });
  if (fast.on) add("F1", "fast tier", "the block freed last", `up to ${capText(fast.caps)} blocks a class`);
  if (hotHeap) add("F6", "hot heap", "a block of the current slab", "blocks of the class's current slab");
  else if (tlsSll.on) {
    const keep =
      tlsSll.last > 0
        ? `blocks ${rangeText(kernel)}${tlsSll.counted ? "; past its cap, on" : ""}`
        : undefined;
    const covers = tlsSll.first === 1 && tlsSll.last === kernel.classCount && !tlsSll.counted;
    add("F2", "TLS SLL", "the first block of the class's list", keep, covers);
  }
  if (tlsSll.drainEvery > 0 && tlsSll.last > 0) {
    const drain = `every ${tlsSll.drainEvery} frees its blocks go back to their slabs`;
    tiers[tiers.length - 1] = {
      ...tiers[tiers.length - 1]!,
      keep: `${tiers[tiers.length - 1]!.keep}; ${drain}`,
    };
  }
  if (unifiedCache.on) {
    add(
      "F5",
      "unified cache",
      "the block freed longest ago",
      `up to ${capText(unifiedCache.caps)} blocks a class`,
    );
  }
  if (magazine.on) {
    const on = tlsList.on ? "to the TLS list" : "back to their slabs";
    add(
      "F4",
      "magazine",
      "the last round",
      `up to ${capText(magazine.rounds)} rounds a class; of a full one half go ${on}`,
      magazine.rounds.every((rounds, c) => c === 0 || rounds > 0),
    );
  }
  if (tlsList.on) {
    const spill = "of a full list half go back to their slabs";
    const all = tlsList.caps.every((cap, c) => c === 0 || cap > 0);
    add(
      "F3",
      "TLS list",
      "the first block of the class's list",
      `up to ${capText(tlsList.caps)} blocks a class; ${spill}`,
      all,
    );
  }
  return tiers;
}

/** The tiers in a line. */
export function tierLine(kernel: Kernel): string {
  const names = tiersOf(kernel).map(({ name }) => name);
  if (names.length === 0) return "no tiers: blocks come from their slab and go back to it";
  const range =
    kernel.cacheLast === 0
      ? "; frees go to the block's slab"
      : `; of freed blocks, those ${rangeText(kernel)}`;
  return `${names.join(", ")}${range}`;
}

function rangeText({ cacheFirst, cacheLast, classBytes }: Kernel): string {
  return `of ${classBytes[cacheFirst]} to ${classBytes[cacheLast]} bytes`;
}

function capText(caps: readonly number[]): string {
  const least = Math.min(...caps.slice(1));
  const most = Math.max(...caps);
  return least === most ? `${most}` : `${least} to ${most}`;
}
