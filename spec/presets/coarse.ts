import { defineSpec } from "../define-spec.ts";

/**
 * `single` with half as many size classes: shorter tables, fuller slabs, up to 20 % of a block
 * unused.
 */
export default defineSpec({
  extends: "single",
  sizeClasses: { stepsPerDoubling: 4 },
});
