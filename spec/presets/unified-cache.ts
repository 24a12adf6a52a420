import { defineSpec } from "../define-spec.ts";

/**
 * The historical unified cache: a ring per class, of 2048 addresses for the two hot classes and 64
 * for the others.
 */
export default defineSpec({
  extends: "shared",
  tiers: { tlsSll: false, unifiedCache: { cap: 64, capFor: { 128: 2048, 256: 2048 } } },
});
