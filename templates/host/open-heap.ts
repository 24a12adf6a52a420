/** Opening (N2): a heap that somebody else left is looked through before it goes on. */
import { ATTACHED_SLOT, FREE_SLOT } from "../kernel/attach";
import { atomicLoad, atomicStore, store32 } from "../kernel/intrinsics";
import { NOBODY, THREAD_SLOTS } from "../kernel/memory-map";
import { reclaimSlot } from "../kernel/reclaim";
import { wordsOf } from "../kernel/record";
import { ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";
import { HeapImageError } from "./api";
import { check } from "./check";
import { checkLength } from "./image";

/** Takes over the heap in the memory. Throws, and has changed nothing, unless all that will be followed is whole. */
export function takeOver(): void {
  checkLength();
  if (spec.threads > 1) takeSlots();
  if (spec.heapWalk) check();
}

/** The threads of the process that saved the heap are gone: what they kept is recovered. */
function takeSlots(): void {
  for (let index = 0; index < spec.threads; index++) {
    const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
    const state = atomicLoad(slot + ThreadSlot.state);
    if (state === FREE_SLOT) continue;
    if (!spec.reclaim) {
      throw new HeapImageError(
        `thread ${index} was attached when the heap was saved, and this build recovers none: detach before`,
      );
    }
    // One that was being reclaimed is begun anew: who did that is gone too.
    if (state > ATTACHED_SLOT) atomicStore(slot + ThreadSlot.state, ATTACHED_SLOT);
    reclaimSlot(index);
  }
  if (spec.reclaim) {
    store32(NOBODY + ThreadSlot.pushing, 0);
    store32(NOBODY + ThreadSlot.reclaiming, 0);
  }
}
