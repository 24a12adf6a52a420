/**
 * W6, alloc-test (OLogN Technologies, 2018): Pareto slots. A random slot is freed if full, else
 * filled; a few slots are visited very often and most hardly ever, as in programs where some
 * objects live long. Sizes: the power of two is drawn evenly up to 1 KiB, then the size below it.
 * The first byte of a block is written.
 */
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const VISITS = 1 << 17;
/** For all threads together. */
const SLOTS = 1 << 15;
const LARGEST_SHIFT = 10;
/** ln 4 / ln 5: four fifths of the visits go to one fifth of the slots, and so on within it. */
const ALPHA = Math.log(4) / Math.log(5);

export const allocTest: Description = {
  id: "W6/alloc-test",
  name: "alloc-test, Pareto slots",
  doc: "each thread for itself: slots are freed if full, else filled; few slots have most of the visits",
  write(threads) {
    const slots = Math.floor(SLOTS / threads.length);
    threads.forEach((thread, index) => {
      const random = xorshift32(index + 41);
      const full = new Set<number>();
      for (let visit = 0; visit < VISITS; visit++) {
        const uniform = random() / 2 ** 32;
        const slot = Math.min(slots - 1, Math.floor(slots * uniform ** (1 / (1 - ALPHA))));
        if (full.delete(slot)) {
          thread.free(slot);
          continue;
        }
        const limit = 1 << (1 + (random() % LARGEST_SHIFT));
        thread.malloc(slot, 1 + (random() % limit));
        thread.touch(slot, 1);
        full.add(slot);
      }
      for (const slot of full) thread.free(slot);
    });
  },
};
