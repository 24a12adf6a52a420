/**
 * W6, xmalloc-test (C. Lever and D. Boreham, "malloc() Performance in a Multithreaded Linux
 * Environment", 2000): one side allocates, the other frees; no thread frees what it allocated.
 *
 * Threads form pairs. The allocating one fills batches of 64-byte blocks and may be a few batches
 * ahead of the freeing one. A thread without a partner is both.
 */
import type { Parcel, ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";

const BYTES = 64;
const BATCHES = 512;
const BATCH = Array.from({ length: 128 }, (_, slot) => slot);
const AHEAD = 8;

export const xmalloc: Description = {
  id: "W6/xmalloc",
  name: `xmalloc, batches of ${BATCH.length} × ${BYTES} B`,
  doc: "half of the threads allocate, each for one of the other half, which frees",
  write(threads) {
    for (let pair = 0; pair < threads.length; pair += 2) {
      const allocating = threads[pair] as ScriptWriter;
      const freeing = threads[pair + 1] ?? allocating;
      const freed: Parcel[] = [];
      for (let batch = 0; batch < BATCHES; batch++) {
        if (batch >= AHEAD) allocating.take(freed[batch - AHEAD] as Parcel, []);
        for (const slot of BATCH) allocating.malloc(slot, BYTES);
        freeing.take(allocating.give(BATCH), BATCH);
        for (const slot of BATCH) freeing.free(slot);
        freed.push(freeing.give([]));
      }
      // Flags must be down when the run ends.
      for (const signal of freed.slice(-AHEAD)) allocating.take(signal, []);
    }
  },
};
