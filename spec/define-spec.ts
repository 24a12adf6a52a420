import type { Spec } from "./schema.ts";

/** Gives a TypeScript spec its types: `export default defineSpec({ extends: "single", … })`. */
export function defineSpec(spec: Spec): Spec {
  return spec;
}
