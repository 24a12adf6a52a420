import { defineSpec } from "../define-spec.ts";

/**
 * The historical crash: fast cap 0 with the TLS list, so that every free of a thread's own block
 * lands in the list (B1).
 */
export default defineSpec({
  extends: "shared",
  tiers: { tlsSll: false, fast: { cap: 0 }, tlsList: { cap: 256 } },
});
