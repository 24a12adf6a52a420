/**
 * Footprint: what a heap may have committed. Bounds follow from what was asked for and from the
 * spec, with room for another way to keep idle memory, and none for one that keeps it all.
 */
import { layOutMetadata } from "../../generator/explain/metadata.ts";
import type { Heap } from "../../templates/host/api.ts";
import { ContractError } from "./ledger.ts";
import type { Variant } from "./variants.ts";

/** Slabs of a class, in bytes; of the longest ones that the spec has. */
export function longestSlab({ resolved, pageBytes }: Variant): number {
  return Math.max(...resolved.kernel.classPages) * pageBytes;
}

/**
 * What SuperSlabs add to the metadata that counts. Bounds of a build that is told its spec are
 * wider.
 */
function metadataOf(superSlabs: number, { resolved }: Variant): number {
  return 2 * superSlabs * layOutMetadata(resolved).bytesPerSuperSlab;
}

/**
 * An empty heap: what it has when it is new, the SuperSlab that metadata ends in, and what the LRU
 * keeps.
 */
export function mostWhenEmpty(variant: Variant, fresh: number): number {
  const { superSlabBytes, pageBytes, resolved } = variant;
  const { entries, pages } = resolved.kernel.lru;
  const kept = Math.min(entries * superSlabBytes, pages * pageBytes);
  return fresh + superSlabBytes + kept + metadataOf(entries + 1, variant);
}

/**
 * A heap in which at most `live` bytes were alive at once, in blocks of so many classes. What a
 * class has begun it may keep a slab of; `slack` stands for the holes that blocks of many lengths
 * leave.
 */
export function mostAtPeak(
  variant: Variant,
  fresh: number,
  { live, classes, slack }: { live: number; classes: number; slack: number },
): number {
  const blocks = live * slack + (classes + variant.resolved.kernel.pool.emptySlabs) * longestSlab(variant);
  return fresh + blocks + metadataOf(1 + Math.ceil(blocks / variant.superSlabBytes), variant);
}

export function requireAtMost(what: string, heap: Heap, most: number): void {
  const { peakCommittedBytes } = heap.stats();
  if (peakCommittedBytes > most) {
    throw new ContractError(`${what}: the peak is ${peakCommittedBytes} bytes, and ${most} would do`);
  }
}
