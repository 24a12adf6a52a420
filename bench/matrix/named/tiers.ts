import { schemaAt } from "../axis.ts";
import type { MatrixFile } from "../matrix-file.ts";

const { properties = {} } = schemaAt("tiers");
const all = Object.entries(properties);
/** They stand alone: one serves slabs with no list between, the other has nothing but its list. */
const loners = ["hotHeap", "ultra"];

const off = Object.fromEntries(all.map(([tier]) => [tier, false]));
const on = Object.fromEntries(all.map(([tier, { type }]) => [tier, type === "boolean" ? true : {}]));
const allOn = Object.fromEntries(all.map(([tier]) => [tier, loners.includes(tier) ? false : on[tier]]));

/** No tier, each one alone, and all that can stand together. */
export const tiers: MatrixFile = {
  axes: {
    tiers: {
      "all off": off,
      ...Object.fromEntries(all.map(([tier]) => [`${tier} alone`, { ...off, [tier]: on[tier] }])),
      "all on": allOn,
    },
  },
  threads: [1, 2],
};
