import { defineSpec } from "../define-spec.ts";

/** Not specialised: the same source, reading its flags at run time. The baseline and the oracle. */
export default defineSpec({
  extends: "single",
  specialise: false,
  form: "class",
});
