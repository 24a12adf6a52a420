import { defineSpec } from "../define-spec.ts";

/** `single` with the least code: nothing that only saves time or tells a story. */
export default defineSpec({
  extends: "single",
  sizeClasses: { stepsPerDoubling: 4 },
  tiers: { tlsSll: false },
  lru: { entries: 0 },
  zero: { knowledge: false },
  observe: { osStatistics: false },
});
