/** Lays out an empty heap. */

import { endPage, growMemory } from "../host/memory";
import { clearBytes } from "./bytes";
import { atomicStore, store8, store32 } from "./intrinsics";
import {
  BASE_PAGE,
  endSuperSlab,
  firstPage,
  firstSuperSlab,
  HEAP,
  NO_SLAB,
  NOBODY,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  slabAt,
  thread,
} from "./memory-map";
import { RESERVED } from "./ownership";
import { addressOf } from "./page";
import { togglePages } from "./page-bitmap";
import { markUsed } from "./pool/hints";
import { enlivenAt, reach } from "./pool/superslab-state";
import { Heap, Slab, SuperSlab, ThreadSlot } from "./records";
import { spec } from "./spec";
import { committedBytes, count } from "./statistics";
import { noteRoom } from "./superslab";
import { beginLists } from "./tiers/tls-sll";

/**
 * Makes the memory, which is zero if `zeroed`, an empty heap. False: there is no room for the
 * metadata and a page besides.
 */
export function initialise(zeroed: boolean): boolean {
  if (firstPage >= endPage) return false;
  if (spec.memory.kind === "growable" && !growMemory(addressOf(firstPage))) return false;
  if (!zeroed) clearBytes(HEAP * 4, addressOf(firstPage) - HEAP * 4);
  if (spec.threads > 1) {
    layOutShared(zeroed);
  } else {
    layOutOwn(zeroed);
  }
  if (spec.memory.prefault) {
    for (let page = firstPage; page < endPage; page++) store8(addressOf(page), 0);
  }
  return true;
}

/** A heap for many threads: none is attached yet. */
function layOutShared(zeroed: boolean): void {
  if (!zeroed) {
    for (let page = firstPage; page < endPage; page++)
      store32(slabAt(page) + (spec.lazyZero ? Slab.generation : Slab.dirty), 1);
  }
  for (let c = 1; c <= spec.classCount; c++) store32(NOBODY + ThreadSlot.current + c, NO_SLAB);
  atomicStore(HEAP + Heap.usedTo, firstSuperSlab);
  for (let page = pageOf(firstSuperSlab); page < firstPage; page++) {
    if (page >= BASE_PAGE) atomicStore(slabAt(page) + Slab.owner, RESERVED);
    markUsed(page);
    reach(page);
    enlivenAt(page);
  }
}

/** @inline-body A heap of one thread. */
function layOutOwn(zeroed: boolean): void {
  reserveMetadata();
  if (spec.pool.wordSearch || (spec.zeroKnowledge && !zeroed)) {
    for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
      if (spec.zeroKnowledge && !zeroed) store32(superSlab + SuperSlab.dirty, SUPER_SLAB_PAGES);
      noteRoom(superSlab);
    }
  }
  if (NO_SLAB !== 0) {
    for (let c = 1; c <= spec.classCount; c++) store32(thread + ThreadSlot.current + c, NO_SLAB);
  }
  if (spec.tlsSll.drainEvery > 0) store32(thread + ThreadSlot.untilDrain, spec.tlsSll.drainEvery);
  if (spec.listRoutes) beginLists(thread);
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
  store32(HEAP + Heap.usedTo, superSlab);
  store32(HEAP + Heap.peakCommittedBytes, committedBytes());
}
