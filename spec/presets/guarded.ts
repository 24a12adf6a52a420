import { defineSpec } from "../define-spec.ts";

/** `shared` with every guard, counter and trace on: for finding bugs. */
export default defineSpec({
  extends: "shared",
  header: true,
  activeTracking: true,
  guards: {
    listValidation: true,
    pushValidation: true,
    ownership: true,
    doubleFree: true,
    poison: true,
    quarantine: "1 MiB",
    redZone: 16,
    headerCheck: true,
    arguments: true,
  },
  observe: { osStatistics: true, counters: {}, traceRing: {}, logLimit: 100 },
});
