/**
 * W4, sh6bench and sh8bench (MicroQuill's SmartHeap benchmarks): bursts of many sizes, small ones
 * more often.
 *
 * For each size a batch is allocated, the smaller the size the more blocks; batches are freed in
 * order or last in, first out, in turns, and some stay until later ones have come. In sh6bench each
 * thread frees its own. In sh8bench every second batch migrates: the next thread frees it.
 */
import type { ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";

const SIZES = Array.from({ length: 125 }, (_, index) => 8 * (index + 1));
const ROUNDS = 16;
/** Of the smallest size. */
const LARGEST_BATCH = 400;
const SMALLEST_BATCH = 8;
/** A batch is freed when so many later ones have been allocated. */
const KEPT = 4;

export const sh6bench: Description = {
  id: "W4/sh6bench",
  name: "sh6bench",
  doc: "batches of 8 … 1000 B, freed in order or in reverse by their own thread",
  write: (threads) => writeBatches(threads, () => false),
};

export const sh8bench: Description = {
  id: "W4/sh8bench",
  name: "sh8bench",
  doc: "as sh6bench, but every second batch is freed by the next thread",
  write: (threads) => writeBatches(threads, (batch) => batch % 2 === 1),
};

function writeBatches(threads: readonly ScriptWriter[], migrates: (batch: number) => boolean): void {
  const batches = Array.from({ length: ROUNDS }, () => SIZES).flat();
  const slotsOf = batches.map((size, batch) => {
    const blocks = Math.max(SMALLEST_BATCH, Math.floor((LARGEST_BATCH * 8) / size));
    const first = (batch % (KEPT + 1)) * LARGEST_BATCH;
    return Array.from({ length: blocks }, (_, index) => first + index);
  });
  for (let batch = 0; batch < batches.length + KEPT; batch++) {
    const allocated = slotsOf[batch] ?? [];
    for (const thread of threads) for (const slot of allocated) thread.malloc(slot, batches[batch] as number);
    const due = batch - KEPT;
    const freed = slotsOf[due];
    if (freed === undefined) continue;
    if (migrates(due)) passOn(threads, freed);
    for (const thread of threads) {
      for (const slot of due % 4 < 2 ? freed : [...freed].reverse()) thread.free(slot);
    }
  }
}

/** Every thread's blocks in these slots go to the next thread, into the same slots. */
function passOn(threads: readonly ScriptWriter[], slots: readonly number[]): void {
  const parcels = threads.map((thread) => thread.give(slots));
  parcels.forEach((parcel, index) => {
    threads[(index + 1) % threads.length]?.take(parcel, slots);
  });
}
