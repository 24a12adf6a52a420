/**
 * W6, glibc-simple and glibc-thread (the malloc benchmarks of the GNU C library).
 *
 * Simple: 25, 100, 400, then 1600 blocks of one size are allocated and freed in the same order;
 * sizes 16, 32, 64 B. Thread: random slots of 1024 are replaced by blocks of 4 … 32,768 B, their
 * chance falling with the square of the size.
 */
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const BATCHES = [25, 100, 400, 1600];
const SIZES = [16, 32, 64];
/** Of each size and batch. */
const BLOCKS = 6400;

export const glibcSimple: Description = {
  id: "W6/glibc-simple",
  name: "glibc-simple, batches of 25 … 1600",
  doc: "each thread for itself: batches of one size, freed first in, first out",
  write(threads) {
    for (const thread of threads) {
      for (const size of SIZES) {
        for (const batch of BATCHES) {
          for (let round = 0; round < BLOCKS / batch; round++) {
            for (let slot = 0; slot < batch; slot++) thread.malloc(slot, size);
            for (let slot = 0; slot < batch; slot++) thread.free(slot);
          }
        }
      }
    }
  },
};

const SLOTS = 1024;
const REPLACEMENTS = 1 << 16;
const MIN = 4;
const MAX = 32_768;

export const glibcThread: Description = {
  id: "W6/glibc-thread",
  name: `glibc-thread, ${MIN} … ${MAX} B`,
  doc: "each thread for itself: random slots are replaced, small sizes far more often",
  write(threads) {
    threads.forEach((thread, index) => {
      const random = xorshift32(index + 88);
      const size = (): number => Math.floor(1 / (1 / MIN + (1 / MAX - 1 / MIN) * (random() / 2 ** 32)));
      for (let slot = 0; slot < SLOTS; slot++) thread.malloc(slot, size());
      for (let replacement = 0; replacement < REPLACEMENTS; replacement++) {
        const slot = random() % SLOTS;
        thread.free(slot);
        thread.malloc(slot, size());
      }
      for (let slot = 0; slot < SLOTS; slot++) thread.free(slot);
    });
  },
};
