/** Lays out an empty heap. */

import { endPage } from "../host/memory";
import { clearBytes } from "./bytes";
import { growTo } from "./growth";
import { store8, store32 } from "./intrinsics";
import {
  endSuperSlab,
  firstPage,
  firstSuperSlab,
  HEAP,
  NO_SLAB,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  thread,
} from "./memory-map";
import { addressOf } from "./page";
import { togglePages } from "./page-bitmap";
import { Heap, SuperSlab, ThreadSlot } from "./records";
import { spec } from "./spec";
import { committedBytes, count } from "./statistics";

/**
 * Makes the memory, which is zero if `zeroed`, an empty heap. False: there is no room for the metadata and a
 * page besides.
 */
export function initialise(zeroed: boolean): boolean {
  if (firstPage >= endPage) return false;
  if (spec.memory.kind === "growable" && !growTo(firstPage)) return false;
  if (!zeroed) clearBytes(HEAP * 4, addressOf(firstPage) - HEAP * 4);
  reserveMetadata();
  if (spec.zeroKnowledge && !zeroed) {
    for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
      store32(superSlab + SuperSlab.dirty, SUPER_SLAB_PAGES);
    }
  }
  if (NO_SLAB !== 0) {
    for (let c = 1; c <= spec.classCount; c++) store32(thread + ThreadSlot.current + c, NO_SLAB);
  }
  if (spec.tlsSll.drainEvery > 0) store32(thread + ThreadSlot.untilDrain, spec.tlsSll.drainEvery);
  if (spec.memory.prefault) {
    for (let page = firstPage; page < endPage; page++) store8(addressOf(page), 0);
  }
  return true;
}

/** The pages before the first that can serve blocks are in use for ever. */
function reserveMetadata(): void {
  togglePages(pageOf(firstSuperSlab), firstPage);
  let superSlab = firstSuperSlab;
  while (pageOf(superSlab) < firstPage) {
    const left = firstPage - pageOf(superSlab);
    const pages = left < SUPER_SLAB_PAGES ? left : SUPER_SLAB_PAGES;
    store32(superSlab + SuperSlab.used, pages);
    store32(superSlab + SuperSlab.touched, pages);
    if (spec.zeroKnowledge) store32(superSlab + SuperSlab.dirty, pages);
    count(Heap.committedSuperSlabs);
    superSlab = nextSuperSlab(superSlab);
  }
  store32(HEAP + Heap.roomFrom, firstSuperSlab);
  store32(HEAP + Heap.usedTo, superSlab);
  store32(HEAP + Heap.peakCommittedBytes, committedBytes());
}
