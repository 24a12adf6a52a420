/** Scenario: a small heap, a few threads with short scripts, and what they show. */

import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";

export interface Scenario {
  readonly name: string;
  /** What no interleaving breaks. */
  readonly shows: string;
  readonly heap: HeapChoices;
  /**
   * Done by one thread after the other before all begin: `0: a = malloc 64`. All are attached
   * already.
   */
  readonly before?: readonly string[];
  /** What each thread does. */
  readonly threads: readonly (readonly string[])[];
  /**
   * This thread dies, at any point of its script; those whose script begins with `reclaim` begin
   * when it is dead.
   */
  readonly dies?: number;
}

export interface HeapChoices {
  /** Pages for blocks. */
  readonly pages: number;
  readonly sizeClasses: readonly number[];
  readonly pagesPerSuperSlab?: number;
  /**
   * Steps that a call takes at a time through what others have announced; as many as in a build,
   * unless it says so.
   */
  readonly portion?: number;
  readonly spec?: Spec;
}

/** Bytes of a page in checked heaps: a slab of four blocks of 64 bytes. */
const PAGE_SHIFT = 8;

/**
 * The choices of a heap so small that it is soon full, and that whatever goes round goes round
 * soon. Pages and SuperSlabs are shorter than a spec can ask for.
 */
export function checkedSpec({ sizeClasses, pagesPerSuperSlab = 32, portion, spec }: HeapChoices): KernelSpec {
  const { kernel } = resolveSpec(
    {
      extends: "shared",
      threads: 4,
      alignment: 16,
      sizeClasses,
      geometry: { superSlabBytes: 1 << 20, slabBytes: 4096, pageBytes: 4096, spans: false },
      tiers: { tlsSll: false },
      pool: { stage05: false, stage1: false, handOver: false },
      lru: { entries: 1 },
      observe: { osStatistics: false },
      ...spec,
    },
    "checked",
  );
  return {
    ...kernel,
    pageShift: PAGE_SHIFT,
    superSlabShift: PAGE_SHIFT + Math.log2(pagesPerSuperSlab),
    pool: { ...kernel.pool, portion: portion ?? kernel.pool.portion },
    lru: { ...kernel.lru, pages: kernel.lru.entries * pagesPerSuperSlab },
  };
}
