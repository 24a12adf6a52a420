import { defineSpec } from "../define-spec.ts";

/**
 * The historical hot heap, version 2: the current slab is served from and freed into directly, with
 * no list between.
 */
export default defineSpec({ extends: "shared", tiers: { tlsSll: false, hotHeap: true } });
