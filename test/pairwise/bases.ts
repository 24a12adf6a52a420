/** The presets that pairwise coverage starts from: one for one thread, one for many. */
import { presets } from "../../spec/presets/index.ts";
import { type ResolvedSpec, resolveSpec } from "../../spec/resolve.ts";
import { Variant } from "../support/variants.ts";
import { type Row, specOf } from "./covering.ts";

export const bases: readonly ResolvedSpec[] = (["single", "shared"] as const).map((name) =>
  resolveSpec(presets[name], name),
);

/** Rows are generated from this, unless another is asked for. */
export const SEED = Number(process.env.PAIRWISE_SEED ?? 1);

export function variantOfRow(base: ResolvedSpec, row: Row): Variant {
  const resolved = resolveSpec(specOf(base, row), base.name);
  return new Variant(base.name, resolved, resolved);
}
