/**
 * W6, mstress (D. Leijen, test-stress of mimalloc): sizes spread over the powers of two with a few
 * large ones, blocks that stay, blocks that move to other threads. Parameters `N 50 25`: threads,
 * scale, iterations.
 *
 * Each thread makes 100 × scale allocations (some threads do more), and half as many that stay to
 * the end; after two of three, one of the earlier blocks is freed, after one of four, one is moved.
 * The original swaps with a table that all threads see, so who frees what depends on timing; here
 * moved blocks go to the next thread in batches, and it frees them when it has done its own work.
 * An iteration of the original is a run here.
 */
import type { Parcel, ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const SCALE = 50;
const WORD_BYTES = 8;
const SHIFTS = 5;
const RETAINED_SHIFTS = 7;
/** Moved blocks travel together. */
const BATCH = 64;

export const mstress: Description = {
  id: "W6/mstress",
  name: `mstress, scale ${SCALE}`,
  doc: "powers of two with a few large ones; blocks stay, are freed soon, or move to the next thread",
  write(threads) {
    const moved = threads.map((thread, index) => stress(thread, index));
    moved.forEach((parcels, index) => {
      const next = threads[(index + 1) % threads.length] as ScriptWriter;
      for (const parcel of parcels) {
        const slots = Array.from({ length: parcel.blocks }, (_, block) => block);
        next.take(parcel, slots);
        for (const slot of slots) next.free(slot);
      }
    });
  },
};

/** A thread's own work; all that is left at its end is in the parcels. */
function stress(thread: ScriptWriter, index: number): Parcel[] {
  const random = xorshift32(index * 43 + 1);
  const chance = (percent: number): boolean => random() % 100 < percent;
  const parcels: Parcel[] = [];
  const retained: number[] = [];
  const data: number[] = [];
  let moving: number[] = [];
  let allocations = 100 * SCALE * ((index % 8) + 1);
  let toRetain = allocations / 2;
  let slots = 0;

  const allocate = (shifts: number): number => {
    let words = 1 << (random() % shifts);
    if (chance(1)) words *= chance(1) ? 10_000 : chance(10) ? 1000 : 100;
    thread.calloc(slots, words * WORD_BYTES);
    return slots++;
  };
  const pick = (): number => {
    const at = random() % data.length;
    const slot = data[at] as number;
    data[at] = data[data.length - 1] as number;
    data.pop();
    return slot;
  };

  while (allocations > 0 || toRetain > 0) {
    if (toRetain === 0 || (chance(50) && allocations > 0)) {
      allocations--;
      data.push(allocate(SHIFTS));
    } else {
      toRetain--;
      retained.push(allocate(RETAINED_SHIFTS));
    }
    if (chance(66) && data.length > 0) thread.free(pick());
    if (chance(25) && data.length > 0) moving.push(pick());
    if (moving.length === BATCH) {
      parcels.push(thread.give(moving));
      moving = [];
    }
  }
  for (const slot of [...retained, ...data]) thread.free(slot);
  parcels.push(thread.give(moving));
  return parcels;
}
