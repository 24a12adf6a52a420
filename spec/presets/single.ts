import { defineSpec } from "../define-spec.ts";

/** One thread, fastest, smallest: no Atomics anywhere. */
export default defineSpec({
  memory: { kind: "ArrayBuffer", maxBytes: 64 << 20 },
  alignment: 16,
  sizeClasses: { last: 32 << 10, stepsPerDoubling: 8 },
  geometry: { superSlabBytes: 1 << 20, slabBytes: 8 << 10, pageBytes: 4 << 10 },
  // Small blocks go home to their slab: there are many in one, and the slab shows when it is empty.
  // Of larger blocks a slab has few; a list that gives out the last one freed spares a refill for
  // every other malloc.
  tiers: { tlsSll: { from: 65 } },
  pool: { stage05: {} },
});
