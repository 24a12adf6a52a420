import { defineSpec } from "../define-spec.ts";

/**
 * `single` with the least code: nothing that only saves time or tells a story, and slabs of one
 * length.
 */
export default defineSpec({
  extends: "single",
  sizeClasses: { last: 8 << 10, stepsPerDoubling: 4 },
  geometry: { slabBytes: 16 << 10, spans: false },
  tiers: { tlsSll: false },
  slab: { rejoinShift: 15 },
  pool: { stage05: false, wordSearch: false },
  lru: { entries: 0 },
  bulk: { fillFrom: 0, copyFrom: 0 },
  zero: { knowledge: false },
  api: { memoryChecks: false, owns: false, largestFree: false, image: false, reset: false },
  observe: { osStatistics: false, heapWalk: false },
});
