/**
 * Sleep sets (Godefroid, "Partial-order methods for the verification of concurrent systems", 1996):
 * all threads are tried at every decision, but after an independent step nothing that was tried
 * before it is tried again. One execution is completed per class of equivalent ones; many more are
 * begun.
 */
import type { Policy } from "./depth-first.ts";

export const sleepSets: Policy = {
  name: "sleep sets",
  sleepSets: true,
  todo: ({ enabled }) => enabled,
};
