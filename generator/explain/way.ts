/**
 * The way of a block through a variant: what `malloc` tries, in order, and where `free` takes it.
 */
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { tiersOf } from "./tiers.ts";
import { bytes } from "./units.ts";

export interface Step {
  /** Row of the system. */
  readonly id: string;
  readonly text: string;
}

export interface Way {
  readonly malloc: readonly Step[];
  readonly free: readonly Step[];
}

export function wayOfBlocks({ kernel, spec }: ResolvedSpec): Way {
  const { pool, refill, lru, classCount, maxClassBytes } = kernel;
  const slabKiB = spec.geometry.slabBytes / 1024;
  const superSlab = `${spec.geometry.superSlabBytes >> 20} MiB`;

  const tiers = tiersOf(kernel);
  const malloc: Step[] = tiers.map(({ id, take }) => ({ id, text: take }));
  if (kernel.tlsSll.on) malloc.push({ id: "M4", text: "the virgin part of the class's current slab" });
  malloc.push({ id: "P6", text: "stage 0: what was freed into the current slab, then the partial slabs" });
  if (refill.sticky)
    malloc.push({ id: "P1", text: "sticky: of those, the slab that was current before first" });
  if (refill.hotSlot) malloc.push({ id: "P2", text: "hot slot: then the one remembered" });
  if (refill.benchSlot) malloc.push({ id: "P3", text: "bench slot: then the other one remembered" });
  if (kernel.manyThreads) {
    malloc.push(
      refill.mailbox
        ? { id: "P4", text: "mailbox: own slabs that others announced to have freed into" }
        : { id: "R3", text: "own slabs that others freed into" },
    );
    if (refill.adopt) malloc.push({ id: "P5", text: "adopt: slabs whose owner has left" });
    if (pool.stage1) malloc.push({ id: "P7", text: "stage 1: an EMPTY slab that served the class" });
  }
  if (pool.emptySlabs > 0) {
    malloc.push({ id: "P6", text: `stage 0.5: an EMPTY slab of ${slabKiB} KiB, whatever its class was` });
  }
  malloc.push(
    { id: "P8", text: "stage 2: UNUSED pages of a SuperSlab in use" },
    ...(refill.mmapGate > 0
      ? [
          {
            id: "P10",
            text: `mmap gate: ${refill.mmapGate} slabs, or a look at everything, before another SuperSlab`,
          },
        ]
      : []),
    {
      id: "P9",
      text:
        lru.entries > 0
          ? `stage 3: a ${superSlab} SuperSlab of the LRU, else a new one`
          : `stage 3: a new ${superSlab} SuperSlab`,
    },
    { id: "M6", text: `above ${maxClassBytes} bytes: a run of pages, over several SuperSlabs if need be` },
  );

  const free: Step[] = [];
  if (kernel.manyThreads) {
    free.push({ id: "R3", text: "a block of another thread's slab: to that slab's remote list" });
  }
  if (kernel.tlsHint)
    free.push({ id: "F8", text: "TLS hint: a block of the same slab as the last needs no look-up" });
  free.push(...tiers.flatMap(({ id, keep }) => (keep === undefined ? [] : [{ id, text: keep }])));
  if (kernel.activeTracking) {
    free.push({
      id: "R5",
      text: "a slab of which users hold no block any more is noted, wherever its blocks are",
    });
  }
  const keepsAll =
    tiers.some(({ keepsAll }) => keepsAll) && kernel.cacheFirst === 1 && kernel.cacheLast === classCount;
  if (!keepsAll) {
    const which = kernel.cacheLast > 0 ? "other blocks" : "every block";
    free.push({ id: "R2", text: `${which}: to its own slab, which says when it is empty` });
  }
  if (pool.emptySlabs > 0) {
    free.push({
      id: "P6",
      text: `an EMPTY slab of ${slabKiB} KiB: kept, ${pool.emptySlabs} at most, for any class`,
    });
  }
  free.push({
    id: "L3",
    text:
      lru.entries > 0
        ? `an empty SuperSlab: to the LRU, which keeps ${lru.entries} and ${bytes(lru.pages * 2 ** kernel.pageShift)} at most`
        : "an empty SuperSlab: back to the memory",
  });
  return { malloc, free };
}
