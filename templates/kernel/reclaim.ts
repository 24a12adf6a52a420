/**
 * Reclaim (L5): recovers what a thread held that died in the middle of whatever it did. The steps
 * of every operation are ordered so that what was under way can be told from what lies there, and
 * finished.
 */

import { handOver } from "./aside";
import { ATTACHED_SLOT, FREE_SLOT, RESERVED_SLOT } from "./attach";
import { next } from "./block";
import { seeGrowth } from "./growth";
import { recoverQuarantine } from "./guards/quarantine";
import { atomicCas, atomicLoad, atomicStore, load32, loadRacy32, store32 } from "./intrinsics";
import {
  ABANDONED_BOX,
  firstPage,
  firstSuperSlab,
  NO_SLAB,
  nextSuperSlab,
  slabAt,
  THREAD_SLOTS,
  thread,
  usedPages,
  usedSuperSlabs,
} from "./memory-map";
import { ABANDONED, ACTIVE, isFree, ownerOf, stateOf } from "./ownership";
import { markFree, noteState } from "./pool/hints";
import { leave } from "./pool/release";
import { enlivenAt } from "./pool/superslab-state";
import { wordsOf } from "./record";
import { Slab, ThreadSlot } from "./records";
import { spec } from "./spec";
import { announce, post } from "./stages/pending";
import { finishDrain, surrender } from "./surrender";
import { listOf } from "./tiers/tls-sll";

/** Above it: a slot that the thread of the number behind it reclaims. */
const RECLAIMED_SLOT = 16;

/** Recovers the slot of a thread that died. False: nobody holds that slot. */
export function reclaimSlot(index: number): boolean {
  const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
  const state = atomicLoad(slot + ThreadSlot.state);
  if (state === RESERVED_SLOT) {
    return atomicCas(slot + ThreadSlot.state, RESERVED_SLOT, FREE_SLOT) === RESERVED_SLOT;
  }
  if (state !== ATTACHED_SLOT) return false;
  // Should this thread die too, whoever reclaims its slot goes on with that one.
  store32(thread + ThreadSlot.reclaiming, slot);
  const mine = RECLAIMED_SLOT + (thread - THREAD_SLOTS) / wordsOf(ThreadSlot);
  if (atomicCas(slot + ThreadSlot.state, ATTACHED_SLOT, mine) === ATTACHED_SLOT) recover(slot);
  store32(thread + ThreadSlot.reclaiming, 0);
  return true;
}

function recover(slot: ThreadSlot): void {
  seeGrowth();
  const index = (slot - THREAD_SLOTS) / wordsOf(ThreadSlot);
  const unfinished = load32(slot + ThreadSlot.reclaiming);
  if (unfinished !== 0 && atomicLoad(unfinished + ThreadSlot.state) === RECLAIMED_SLOT + index) {
    recover(unfinished);
  }
  store32(slot + ThreadSlot.reclaiming, 0);
  const pushing = load32(slot + ThreadSlot.pushing);
  if (pushing !== 0 && atomicLoad(pushing + Slab.remote) !== 0) {
    if (!(spec.threads > 1 && spec.pool.handOver && handOver(pushing))) announce(pushing, true);
  }
  if (spec.tlsSll.on) {
    for (let c = 1; c <= spec.classCount; c++) undoTake(slot, c);
  }
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const slab = slabAt(page);
    if (loadRacy32(slab + Slab.owner) === (ACTIVE | index)) finishDrain(slab);
  }
  if (spec.guards.quarantineBytes > 0) recoverQuarantine(slot);
  surrender(slot, ACTIVE | index);
  mendSuperSlabs();
  atomicStore(slot + ThreadSlot.state, FREE_SLOT);
}

/**
 * A slab's free blocks move to a list head first: then both show them, and the list, which was
 * empty, forgets them.
 */
function undoTake(slot: ThreadSlot, c: number): void {
  const slab = load32(slot + ThreadSlot.current + c);
  if (slab === NO_SLAB) return;
  const free = load32(slab + Slab.free);
  const list = listOf(slot, c);
  if (free !== 0 && load32(list) === next(free)) store32(list, 0);
}

/**
 * Between a claim or a release and what the hints and the SuperSlab say of it a thread may die.
 */
export function mendSuperSlabs(): void {
  const end = usedPages();
  for (let page = firstPage; page < end; page++) {
    const owner = ownerOf(slabAt(page));
    if (isFree(owner)) markFree(page);
    else enlivenAt(page);
    if (stateOf(owner) === ABANDONED) post(ABANDONED_BOX, page, true);
  }
  const behind = usedSuperSlabs();
  for (let superSlab = firstSuperSlab; superSlab < behind; superSlab = nextSuperSlab(superSlab)) {
    noteState(superSlab);
    leave(superSlab);
  }
}
