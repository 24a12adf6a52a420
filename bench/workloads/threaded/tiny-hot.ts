/** W5: one small class, each thread for itself. */
import type { Description } from "../../threads/threaded-workload.ts";

const ROUNDS = 1000;

export function tinyHotThreaded(bytes: number, batch: number): Description {
  return {
    id: `W5/${bytes}x${batch}`,
    name: `tiny hot, ${batch} × ${bytes} B`,
    doc: `each thread for itself: ${batch} blocks of ${bytes} bytes are allocated, then freed last in, first out`,
    write(threads) {
      for (const thread of threads) {
        for (let round = 0; round < ROUNDS; round++) {
          for (let slot = 0; slot < batch; slot++) thread.malloc(slot, bytes);
          for (let slot = batch - 1; slot >= 0; slot--) thread.free(slot);
        }
      }
    },
  };
}
