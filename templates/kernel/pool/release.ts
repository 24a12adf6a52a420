/** Release (L3): an empty slab goes back at once, and with the last one of a SuperSlab that goes to the LRU. */
import { atomicCas, load32, store32 } from "../intrinsics";
import { pageOfSlab, setRouteOf, superSlabOf } from "../memory-map";
import { EMPTY, nextGeneration, ownerOf } from "../ownership";
import { Slab } from "../records";
import { spec } from "../spec";
import { clearIfKept } from "./clear";
import { pushEmpty } from "./empty-list";
import { markFree } from "./hints";
import { retireIfEmpty } from "./superslab-state";

/** Releases a slab of a class, none of whose blocks is out: so nobody can push on its remote list either. */
export function releaseToPool(slab: Slab): void {
  const c = load32(slab + Slab.class);
  store32(slab + Slab.start, 0);
  if (spec.routes) setRouteOf(pageOfSlab(slab), 0);
  makeEmpty(slab);
  if (spec.pool.stage1) pushEmpty(slab, c);
  retireIfEmpty(superSlabOf(pageOfSlab(slab)));
  if (!spec.lazyZero) clearIfKept(superSlabOf(pageOfSlab(slab)));
}

/** Releases a slab of no class, or a tail: this thread owns it, or the run that it continues. */
export function releaseSlot(slab: Slab): void {
  makeEmpty(slab);
  retireIfEmpty(superSlabOf(pageOfSlab(slab)));
  if (!spec.lazyZero) clearIfKept(superSlabOf(pageOfSlab(slab)));
}

function makeEmpty(slab: Slab): void {
  if (!spec.lazyZero) store32(slab + Slab.dirty, 1);
  const generation = nextGeneration(slab);
  store32(slab + Slab.generation, generation);
  const owner = ownerOf(slab);
  atomicCas(slab + Slab.owner, owner, EMPTY | generation);
  markFree(pageOfSlab(slab));
}
