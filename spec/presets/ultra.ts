import { defineSpec } from "../define-spec.ts";

/** The historical ultra mode: a singly linked list per class and nothing counted. */
export default defineSpec({ extends: "shared", tiers: { tlsSll: false, ultra: true } });
