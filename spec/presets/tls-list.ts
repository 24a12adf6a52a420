import { defineSpec } from "../define-spec.ts";

/**
 * The historical TLS-list mode: one list per class and thread, with a cap; what it spills goes to
 * each block's own slab.
 */
export default defineSpec({ extends: "shared", tiers: { tlsSll: false, tlsList: { cap: 256 } } });
