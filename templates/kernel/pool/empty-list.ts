/**
 * P7: per class a list of slabs that served it and are EMPTY. Several threads pop, so the links
 * lie in the slabs' records and are atomic, and a list's head carries a tag that changes with
 * every step.
 *
 * An entry is a hint: the slab may have been claimed otherwise, or its SuperSlab may be gone. The
 * owner word says so, and the entry is skipped. `listed` keeps a slab from being entered twice.
 */
import { seeGrowth } from "../growth";
import { atomicCas, atomicLoad, atomicStore } from "../intrinsics";
import { HEAP, pageOfSlab, self, slabAt } from "../memory-map";
import { claim, EMPTY, ownerOf, stateOf } from "../ownership";
import { Heap, Slab } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Page } from "../types";
import { markUsed } from "./hints";
import { enlivenAt } from "./superslab-state";

/** A head: the first slab's page, and above it the tag. */
const PAGE_BITS = 32 - spec.pageShift;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
const TAG_ONE = 1 << PAGE_BITS;

/** @inline A head that shows `page`, after `head`. */
function headAfter(head: number, page: Page): number {
  return (((head & ~PAGE_MASK) + TAG_ONE) | page) >>> 0;
}

export function pushEmpty(slab: Slab, c: ClassIndex): void {
  if (atomicCas(slab + Slab.listed, 0, 1) !== 0) return;
  const list = HEAP + Heap.emptySlabs + c;
  let head = 0;
  let seen = atomicLoad(list);
  do {
    head = seen;
    atomicStore(slab + Slab.nextListed, head & PAGE_MASK);
    seen = atomicCas(list, head, headAfter(head, pageOfSlab(slab)));
  } while (seen !== head);
}

/** Claims a slab of the list for this thread; its page, or 0. */
export function popEmpty(c: ClassIndex): Page {
  const list = HEAP + Heap.emptySlabs + c;
  let head = atomicLoad(list);
  while ((head & PAGE_MASK) !== 0) {
    const page = head & PAGE_MASK;
    const slab = slabAt(page);
    const following = atomicLoad(slab + Slab.nextListed);
    const seen = atomicCas(list, head, headAfter(head, following));
    if (seen === head) {
      // From here on the slab may be entered again; who finds it still listed leaves it to this
      // thread.
      atomicStore(slab + Slab.listed, 0);
      const owner = ownerOf(slab);
      if (stateOf(owner) === EMPTY && claim(slab, owner, self)) {
        markUsed(page);
        enlivenAt(page);
        seeGrowth();
        return page;
      }
      head = atomicLoad(list);
    } else {
      head = seen;
    }
  }
  return 0;
}
