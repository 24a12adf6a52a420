/** The way of a block through a variant: what `malloc` tries, in order, and where `free` takes it. */
import type { ResolvedSpec } from "../../spec/resolve.ts";
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
  const { tlsSll, pool, lru, classBytes, classCount, maxClassBytes } = kernel;
  const slabKiB = spec.geometry.slabBytes / 1024;
  const superSlab = `${spec.geometry.superSlabBytes >> 20} MiB`;

  const malloc: Step[] = [];
  if (tlsSll.on) {
    malloc.push(
      { id: "F2", text: "TLS SLL: the first block of the class's list" },
      { id: "M4", text: "the virgin part of the class's current slab" },
    );
  }
  malloc.push({ id: "P6", text: "stage 0: what was freed into the current slab, then the partial slabs" });
  if (pool.emptySlabs > 0) {
    malloc.push({ id: "P6", text: `stage 0.5: an EMPTY slab of ${slabKiB} KiB, whatever its class was` });
  }
  malloc.push(
    { id: "P8", text: "stage 2: UNUSED pages of a SuperSlab in use" },
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
  if (tlsSll.last > 0) {
    const limit = tlsSll.counted ? "; past its cap, to the block's slab" : "";
    free.push({
      id: "F2",
      text: `blocks of ${classBytes[tlsSll.first]} to ${classBytes[tlsSll.last]} bytes: to the class's list${limit}`,
    });
    if (tlsSll.drainEvery > 0) {
      free.push({ id: "F2", text: `every ${tlsSll.drainEvery} frees: the lists are drained to the slabs` });
    }
  }
  if (tlsSll.first > 1 || tlsSll.last < classCount || tlsSll.counted) {
    free.push({
      id: "R2",
      text: `${tlsSll.last > 0 ? "other blocks" : "every block"}: to its own slab, which says when it is empty`,
    });
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
