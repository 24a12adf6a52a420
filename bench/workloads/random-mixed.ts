import { randomSlots } from "./random-slots.ts";
import type { Workload } from "./workload.ts";

/** W3: random slots, sizes 16 … 1039 bytes. */
export function randomMixed(slots: number): Workload {
  return randomSlots({
    id: `W3/${slots}`,
    name: `random mixed, set ${slots}`,
    doc: "a random slot is freed if full, else filled with 16 … 1039 bytes",
    slots,
    size: (random) => 16 + ((random >>> 8) & 1023),
  });
}
