/** Naive search: every interleaving. The measure of the others. */
import type { Policy } from "./depth-first.ts";

export const naive: Policy = {
  name: "naive",
  sleepSets: false,
  todo: ({ enabled }) => enabled,
};
