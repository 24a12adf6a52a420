/**
 * Scripts: operations on numbered slots, so that any sequence of them makes sense and can be
 * shortened.
 */
import { KIND_BITS, KIND_MASK, Kind, type Trace } from "../../bench/trace.ts";
import type { Ledger, LiveBlock } from "./ledger.ts";
import { beginScript, reach } from "./now-playing.ts";

export type Operation =
  | { readonly call: "malloc"; readonly slot: number; readonly size: number }
  | { readonly call: "calloc"; readonly slot: number; readonly count: number; readonly size: number }
  | { readonly call: "memalign"; readonly slot: number; readonly alignment: number; readonly size: number }
  | { readonly call: "realloc"; readonly slot: number; readonly size: number }
  | { readonly call: "free"; readonly slot: number }
  | { readonly call: "detach" };

/**
 * Performs a script, with an audit every so many operations. What comes back is what another build
 * of the same spec must answer too: per operation the usable size of the slot's block, 0 if it has
 * none.
 */
export function play(
  ledger: Ledger,
  script: readonly Operation[],
  auditEvery = Number.POSITIVE_INFINITY,
): number[] {
  const slots = new Map<number, LiveBlock>();
  beginScript(script);
  return script.map((operation, index) => {
    reach(index);
    if (operation.call === "detach") ledger.heap.detach();
    else {
      const block = perform(ledger, operation, slots.get(operation.slot));
      if (block === undefined) slots.delete(operation.slot);
      else slots.set(operation.slot, block);
    }
    if ((index + 1) % auditEvery === 0) ledger.audit();
    return operation.call === "detach" ? 0 : (slots.get(operation.slot)?.usable ?? 0);
  });
}

/** A slot that is about to get another block gives its old one up first. */
function perform(
  ledger: Ledger,
  operation: Exclude<Operation, { call: "detach" }>,
  old: LiveBlock | undefined,
): LiveBlock | undefined {
  if (operation.call === "realloc" && old !== undefined && operation.size > 0) {
    return ledger.realloc(old, operation.size) ?? old;
  }
  if (old !== undefined) ledger.free(old);
  switch (operation.call) {
    case "malloc":
    case "realloc":
      return ledger.malloc(operation.size);
    case "calloc":
      return ledger.calloc(operation.count, operation.size);
    case "memalign":
      return ledger.memalign(operation.alignment, operation.size);
    case "free":
      return undefined;
  }
}

/** The first operations of a recorded trace, as a script. */
export function scriptOf({ words, alignments }: Trace, operations: number): Operation[] {
  return Array.from({ length: Math.min(operations, words.length / 2) }, (_, index): Operation => {
    const slot = words[2 * index] >>> KIND_BITS;
    const size = words[2 * index + 1];
    switch (words[2 * index] & KIND_MASK) {
      case Kind.malloc:
        return { call: "malloc", slot, size };
      case Kind.calloc:
        return { call: "calloc", slot, count: 1, size };
      case Kind.memalign:
        return { call: "memalign", slot, alignment: alignments[slot], size };
      case Kind.realloc:
        return { call: "realloc", slot, size };
      default:
        return { call: "free", slot };
    }
  });
}

/**
 * A random script over `slots` slots: sizes of all magnitudes up to `largest`, small ones most of
 * all.
 */
export function randomScript(seed: number, operations: number, slots: number, largest: number): Operation[] {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const magnitudes = Math.log2(largest);
  const size = () => below(2 ** (random() * magnitudes));
  return Array.from({ length: operations }, (): Operation => {
    const slot = below(slots);
    const choice = below(100);
    if (choice < 40) return { call: "malloc", slot, size: size() };
    if (choice < 50) return { call: "calloc", slot, count: 1 + below(3), size: Math.floor(size() / 3) };
    if (choice < 55)
      return { call: "memalign", slot, alignment: 2 ** below(15), size: Math.floor(size() / 4) };
    if (choice < 75) return { call: "realloc", slot, size: size() };
    if (choice < 99 || below(20) > 0) return { call: "free", slot };
    return { call: "detach" };
  });
}

/** mulberry32: numbers of 0 … 1 that a seed decides. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
