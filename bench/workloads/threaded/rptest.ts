/**
 * W6, rptest (M. Jansson, rpmalloc-benchmark), parameters `N 0 1 2 500 1000 100 8 16000`: threads;
 * random sizes; linear fall-off; every 2nd loop frees across threads; 500 loops; 1000 blocks; 100
 * calls at a time; sizes.
 *
 * A thread has 1000 blocks. In a loop it frees a hundred of them, scattered, and allocates a
 * hundred others. After every second loop a batch of fresh blocks goes to the next thread, which
 * frees it. The loops are as many as a run needs.
 */
import type { ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const CROSS_RATE = 2;
const LOOPS = 250;
const BLOCKS = 1000;
const CALLS = 100;
const MIN = 8;
const MAX = 16_000;
/** Coprime to the number of blocks, so every block has its turn. */
const SCATTER = 233;

export const rptest: Description = {
  id: "W6/rptest",
  name: `rptest, ${MIN} … ${MAX} B`,
  doc: "scattered blocks are replaced, a hundred at a time; every second loop some are freed by the next thread",
  write(threads) {
    const randoms = threads.map((_, index) => xorshift32(index + 1));
    // The smaller of two draws: the chance of a size falls linearly.
    const size = (random: () => number): number =>
      MIN + Math.min(random() % (MAX - MIN + 1), random() % (MAX - MIN + 1));
    const own = Array.from({ length: BLOCKS }, (_, slot) => slot);
    const crossing = Array.from({ length: CALLS }, (_, index) => BLOCKS + index);
    threads.forEach((thread, index) => {
      for (const slot of own) thread.malloc(slot, size(randoms[index] as () => number));
    });
    for (let loop = 0; loop < LOOPS; loop++) {
      const chosen = Array.from({ length: CALLS }, (_, call) => ((loop * CALLS + call) * SCATTER) % BLOCKS);
      threads.forEach((thread, index) => {
        for (const slot of chosen) thread.free(slot);
        for (const slot of chosen) thread.malloc(slot, size(randoms[index] as () => number));
      });
      if (loop % CROSS_RATE !== 0) continue;
      const parcels = threads.map((thread, index) => {
        for (const slot of crossing) thread.malloc(slot, size(randoms[index] as () => number));
        return thread.give(crossing);
      });
      parcels.forEach((parcel, index) => {
        const next = threads[(index + 1) % threads.length] as ScriptWriter;
        next.take(parcel, crossing);
        for (const slot of crossing) next.free(slot);
      });
    }
    for (const thread of threads) for (const slot of own) thread.free(slot);
  },
};
