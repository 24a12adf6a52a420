import { randomSlots } from "./random-slots.ts";
import type { Workload } from "./workload.ts";

/** W2: random slots, one size. */
export function fixedSize(bytes: number, slots: number): Workload {
  return randomSlots({
    id: `W2/${bytes}x${slots}`,
    name: `fixed ${bytes} B, set ${slots}`,
    doc: `a random slot is freed if full, else filled with ${bytes} bytes`,
    slots,
    size: () => bytes,
  });
}
