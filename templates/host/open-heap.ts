/**
 * Opening (N2): a heap that somebody else left is looked through before it goes on. Whatever the
 * kernel will follow is looked at by a walk that ends, in a damaged heap too.
 */
import { ATTACHED_SLOT, FREE_SLOT } from "../kernel/attach";
import { atomicLoad, atomicStore, store32 } from "../kernel/intrinsics";
import { BASE_PAGE, HEAP, slabAt, THREAD_SLOTS, usedPages } from "../kernel/memory-map";
import { forgetHints } from "../kernel/pool/hints";
import { mendSuperSlabs, reclaimSlot } from "../kernel/reclaim";
import { wordsOf } from "../kernel/record";
import { Heap, Slab, ThreadSlot } from "../kernel/records";
import { spec } from "../kernel/spec";
import { renewRooms } from "../kernel/superslab";
import { HeapImageError } from "./api";
import { check } from "./check";
import { checkLength } from "./image";
import { checkOwned } from "./leftovers";
import { checkHints } from "./own-lists";

/**
 * Takes over the heap in the memory. Throws unless all that will be followed is whole.
 * {@when spec.manyThreads}
 * The lists are looked at first. Then what the threads kept is recovered. After that {@when
 * spec.heapWalk} `check()` {@else} every invariant {@end} holds, or the heap is damaged. {@end}
 */
export function takeOver(): void {
  checkLength();
  if (spec.threads > 1) {
    if (spec.reclaim && spec.heapWalk) checkOwned();
    takeSlots();
    if (spec.heapWalk) check();
  } else {
    if (spec.heapWalk) {
      check();
      checkHints();
    }
    if (spec.pool.wordSearch) renewRooms();
  }
}

/** The threads of the process that saved the heap are gone: what they kept is recovered. */
function takeSlots(): void {
  if (!spec.reclaim) {
    for (let index = 0; index < spec.threads; index++) {
      if (atomicLoad(THREAD_SLOTS + index * wordsOf(ThreadSlot) + ThreadSlot.state) === FREE_SLOT) continue;
      throw new HeapImageError(
        `thread ${index} was attached when the image was taken, and this build recovers none: detach before`,
      );
    }
  }
  if (spec.pool.stage1) forgetEmptySlabs();
  forgetHints();
  mendSuperSlabs();
  if (spec.reclaim) {
    for (let index = 0; index <= spec.threads; index++) {
      const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
      // Of every thread: who pushed a block is gone as well as who would be told of it, and so is
      // who reclaimed.
      store32(slot + ThreadSlot.pushing, 0);
      store32(slot + ThreadSlot.reclaiming, 0);
      if (atomicLoad(slot + ThreadSlot.state) > ATTACHED_SLOT) {
        atomicStore(slot + ThreadSlot.state, ATTACHED_SLOT);
      }
    }
    for (let index = 0; index < spec.threads; index++) reclaimSlot(index);
  }
}

/** P7: lists of EMPTY slabs are hints; without them the page bitmap leads there. */
function forgetEmptySlabs(): void {
  for (let c = 1; c <= spec.classCount; c++) store32(HEAP + Heap.emptySlabs + c, 0);
  const end = usedPages();
  for (let page = BASE_PAGE; page < end; page++) store32(slabAt(page) + Slab.listed, 0);
}
