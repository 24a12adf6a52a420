/**
 * W6, cache-scratch and cache-thrash (E. Berger, Hoard): do threads get blocks in one cache line?
 *
 * In cache-thrash each thread allocates a small block, writes to it many times, and frees it: an
 * allocator that cuts a line among threads makes them wait for each other (active false sharing).
 * In cache-scratch each thread first frees a block that the first thread allocated: an allocator
 * that gives it out again to whoever freed it shares the lines of these blocks (passive).
 * Parameters `N 1000 1 2000000 N`: threads, iterations, size, and writes that the threads share;
 * here every thread makes a thousandth of them to each block, so the work grows with the threads.
 */
import type { ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";

const ITERATIONS = 1000;
const BYTES = 1;
const WRITES = 2000;

export const cacheThrash: Description = {
  id: "W6/cache-thrash",
  name: "cache-thrash",
  doc: "each thread writes to a tiny block of its own, then frees it, again and again",
  write: scratch,
};

export const cacheScratch: Description = {
  id: "W6/cache-scratch",
  name: "cache-scratch",
  doc: "as cache-thrash, but first each thread frees a tiny block of the first thread's",
  write(threads) {
    const [first] = threads as readonly [ScriptWriter];
    threads.forEach((_, slot) => {
      first.malloc(slot, BYTES);
    });
    const parcels = threads.map((_, slot) => first.give([slot]));
    threads.forEach((thread, index) => {
      const parcel = parcels[index];
      if (parcel) thread.take(parcel, [0]);
      thread.free(0);
    });
    scratch(threads);
  },
};

function scratch(threads: readonly ScriptWriter[]): void {
  for (const thread of threads) {
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      thread.malloc(0, BYTES);
      thread.touch(0, WRITES);
      thread.free(0);
    }
  }
}
