import { defineSpec } from "../define-spec.ts";

/** One thread, fastest, smallest: no Atomics anywhere. */
export default defineSpec({
  memory: { kind: "ArrayBuffer", maxBytes: 64 << 20 },
  alignment: 16,
  sizeClasses: { last: 32 << 10, stepsPerDoubling: 8 },
  geometry: { superSlabBytes: 1 << 20, slabBytes: 8 << 10, pageBytes: 4 << 10 },
  // Lists are refilled from slabs, and frees go straight home: there is nothing to count and nothing to drain.
  tiers: { tlsSll: { upTo: 0 } },
  pool: { stage05: {} },
});
