/** Attach and detach (L5): a thread takes a slot, and leaves it with everything given back. */

import { beginAside } from "./aside";
import { emptyQuarantine } from "./guards/quarantine";
import { atomicCas, atomicStore, store32 } from "./intrinsics";
import { ABANDONED_BOX, become, NO_SLAB, NOBODY, self, THREAD_SLOTS, thread } from "./memory-map";
import { ACTIVE } from "./ownership";
import { wordsOf } from "./record";
import { ThreadSlot } from "./records";
import { spec } from "./spec";
import { takeAnnounced } from "./stages/pending";
import { surrender } from "./surrender";
import { beginLists } from "./tiers/tls-sll";

/**
 * What a slot's state holds: nobody's, kept for a thread to come, a thread's{@when spec.reclaim};
 * above: being reclaimed {@end}.
 */
export const FREE_SLOT = 0;
export const RESERVED_SLOT = 1;
export const ATTACHED_SLOT = 2;

/** The number of the slot that this thread took. */
export let threadSlot = 0;
/**
 * What this thread's slot becomes when it leaves: a reserved one stays so, until it is reclaimed.
 */
let stateBehind = FREE_SLOT;

/** Takes the thread slot that was reserved, or with -1 any free one. False: there is none. */
export function attach(reserved: number): boolean {
  const from = !spec.reclaim || reserved < 0 ? 0 : reserved;
  const to = !spec.reclaim || reserved < 0 ? spec.threads : reserved + 1;
  for (let index = from; index < to; index++) {
    const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
    const state = !spec.reclaim || reserved < 0 ? FREE_SLOT : RESERVED_SLOT;
    if (atomicCas(slot + ThreadSlot.state, state, ATTACHED_SLOT) === state) {
      become(slot, ACTIVE | index);
      threadSlot = index;
      if (spec.reclaim) stateBehind = state;
      setUpSlot(slot);
      return true;
    }
  }
  return false;
}

/** Makes a slot, all of whose lists are empty, ready for its thread. */
export function setUpSlot(slot: ThreadSlot): void {
  for (let c = 1; c <= spec.classCount; c++) {
    store32(slot + ThreadSlot.current + c, NO_SLAB);
  }
  if (spec.listRoutes) beginLists(slot);
  if (spec.threads > 1 && spec.pool.handOver && spec.routes) beginAside(slot);
  if (spec.tlsSll.drainEvery > 0) store32(slot + ThreadSlot.untilDrain, spec.tlsSll.drainEvery);
}

/** Keeps a free slot for a thread that will attach. Returns its number, or -1: there is none. */
export function reserveSlot(): number {
  for (let index = 0; index < spec.threads; index++) {
    const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
    if (atomicCas(slot + ThreadSlot.state, FREE_SLOT, RESERVED_SLOT) === FREE_SLOT) return index;
  }
  return -1;
}

/**
 * Gives back all that this thread keeps, and its slot. From now on it can free blocks, and gets
 * none. What others have left is looked through on the way, so the last to leave leaves nothing
 * behind that is free; who freed blocks after he had left may do it once more.
 */
export function detach(): void {
  if (thread === NOBODY && !attach(-1)) return;
  if (spec.guards.quarantineBytes > 0) emptyQuarantine();
  while (takeAnnounced(ABANDONED_BOX)) {}
  surrender(thread, self);
  atomicStore(thread + ThreadSlot.state, spec.reclaim ? stateBehind : FREE_SLOT);
  become(NOBODY, ACTIVE | spec.threads);
}

/**
 * For a thread that is about to wait: gives back all that it keeps, and stays attached. Whoever
 * needs memory may have it meanwhile, slabs with live blocks too.
 */
export function idle(): void {
  if (spec.guards.quarantineBytes > 0) emptyQuarantine();
  if (thread !== NOBODY) surrender(thread, self);
}

/** The number of the slot that this thread has now. */
export function ownSlot(): number {
  return (thread - THREAD_SLOTS) / wordsOf(ThreadSlot);
}
