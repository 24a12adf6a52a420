/** W2, W3: each thread for itself; a random slot is freed if it holds a block, else it gets one. */
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const VISITS = 1 << 17;
const SEED = 0x9e3779b9;

export function fixedSizeThreaded(bytes: number, slots: number): Description {
  return slotsThreaded(`W2/${bytes}x${slots}`, `fixed ${bytes} B, set ${slots}`, slots, () => bytes);
}

export function randomMixedThreaded(slots: number): Description {
  const size = (random: number): number => 16 + ((random >>> 8) & 1023);
  return slotsThreaded(`W3/${slots}`, `random mixed, set ${slots}`, slots, size);
}

function slotsThreaded(
  id: string,
  name: string,
  slots: number,
  size: (random: number) => number,
): Description {
  return {
    id,
    name,
    doc: "each thread for itself: a random slot is freed if full, else filled",
    write(threads) {
      threads.forEach((thread, index) => {
        const random = xorshift32(SEED + index);
        const full = new Set<number>();
        for (let visit = 0; visit < VISITS; visit++) {
          const slot = random() % slots;
          if (full.delete(slot)) thread.free(slot);
          else {
            thread.malloc(slot, size(random()));
            full.add(slot);
          }
        }
        for (const slot of full) thread.free(slot);
      });
    },
  };
}
