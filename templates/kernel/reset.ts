/**
 * reset (N4): every block is free at once, and the heap as new, but for what is known to be zero.
 * The metadata is laid out anew, as in a memory that somebody else has used; blocks are not
 * looked at.
 *
 * Of many threads the one that resets must be the only one that has a slot: others would go on
 * with lists, slabs and notes of blocks that are gone. Threads that have detached keep nothing,
 * so they need not know.
 */
import { ATTACHED_SLOT, FREE_SLOT, setUpSlot } from "./attach";
import { haveViewsGone } from "./growth";
import { initialise } from "./initialise";
import { atomicLoad, atomicStore } from "./intrinsics";
import { firstPage, HEAP, setRouteOf, THREAD_SLOTS, thread, usedPages } from "./memory-map";
import { wordsOf } from "./record";
import { Heap, ThreadSlot } from "./records";
import { spec } from "./spec";
import { forgetHint } from "./tiers/tls-hint";

/** Whether this thread is attached, and no other slot is taken. */
export function isAlone(): boolean {
  let others = 0;
  for (let index = 0; index < spec.threads; index++) {
    const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
    if (slot !== thread && atomicLoad(slot + ThreadSlot.state) !== FREE_SLOT) others++;
  }
  return others === 0 && atomicLoad(thread + ThreadSlot.state) === ATTACHED_SLOT;
}

export function resetHeap(): void {
  haveViewsGone();
  if (spec.tlsHint) forgetHint();
  if (spec.threads > 1) resetShared();
  else initialise(false);
}

function resetShared(): void {
  if (spec.routes) {
    const end = usedPages();
    for (let page = firstPage; page < end; page++) setRouteOf(page, 0);
  }
  // Growth is not undone, so what is noted of it stays.
  const grown = spec.memory.kind === "growable" ? atomicLoad(HEAP + Heap.grownPages) : 0;
  initialise(false);
  if (spec.memory.kind === "growable") atomicStore(HEAP + Heap.grownPages, grown);
  setUpSlot(thread);
  atomicStore(thread + ThreadSlot.state, ATTACHED_SLOT);
}
