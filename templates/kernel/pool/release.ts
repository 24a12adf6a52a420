/**
 * Release (L3): an empty slab goes back at once. With the last one of a SuperSlab the SuperSlab
 * {@when spec.lru.entries > 0} goes to the LRU {@else} is given back {@end}.
 */
import { atomicCas, load32, store32 } from "../intrinsics";
import { nextSuperSlab, pageOf, pageOfSlab, setRouteOf, slabAt, superSlabOf } from "../memory-map";
import { EMPTY, nextGeneration, ownerOf } from "../ownership";
import { Slab, type SuperSlab } from "../records";
import { spec } from "../spec";
import type { Page } from "../types";
import { clearIfKept } from "./clear";
import { pushEmpty } from "./empty-list";
import { markFree } from "./hints";
import { retireIfEmpty } from "./superslab-state";

/**
 * Releases a slab of a class, none of whose blocks is out: so nobody can push on its remote list
 * either.
 */
export function releaseToPool(slab: Slab): void {
  const c = load32(slab + Slab.class);
  store32(slab + Slab.start, 0);
  if (spec.routes) setRouteOf(pageOfSlab(slab), 0);
  makeEmpty(slab);
  if (spec.pool.stage1) pushEmpty(slab, c);
  leave(superSlabOf(pageOfSlab(slab)));
}

/** Releases a slab of no class: this thread owns it. */
export function releaseSlot(slab: Slab): void {
  makeEmpty(slab);
  leave(superSlabOf(pageOfSlab(slab)));
}

/**
 * Releases the tails among pages `from … to - 1` whose owner word is `owner`: this thread owns
 * the run that they continue.
 */
export function releaseSlots(from: Page, to: Page, owner: number): void {
  for (let page = from; page < to; page++) {
    const slab = slabAt(page);
    if (ownerOf(slab) === owner) makeEmpty(slab);
  }
  let page = from;
  while (page < to) {
    const superSlab = superSlabOf(page);
    leave(superSlab);
    page = pageOf(nextSuperSlab(superSlab));
  }
}

/** @inline Slabs of a SuperSlab were released. */
export function leave(superSlab: SuperSlab): void {
  retireIfEmpty(superSlab);
  if (!spec.lazyZero) clearIfKept(superSlab);
}

function makeEmpty(slab: Slab): void {
  if (!spec.lazyZero) store32(slab + Slab.dirty, 1);
  const generation = nextGeneration(slab);
  store32(slab + Slab.generation, generation);
  const owner = ownerOf(slab);
  atomicCas(slab + Slab.owner, owner, EMPTY | generation);
  markFree(pageOfSlab(slab));
}
