import type { ResolvedSpec } from "../../spec/resolve.ts";
import { type ChoiceCost, choiceCosts } from "./choice-costs.ts";
import { layOutMetadata, type Metadata } from "./metadata.ts";
import { measureWaste, type WasteReport } from "./waste.ts";
import { type Way, wayOfBlocks } from "./way.ts";

/** What there is to know about a variant before it is built. */
export interface Explanation {
  readonly spec: ResolvedSpec;
  readonly waste: WasteReport;
  readonly way: Way;
  readonly metadata: Metadata;
  readonly costs: readonly ChoiceCost[];
}

export async function explain(spec: ResolvedSpec): Promise<Explanation> {
  return {
    spec,
    waste: measureWaste(spec.kernel),
    way: wayOfBlocks(spec),
    metadata: layOutMetadata(spec),
    costs: await choiceCosts(spec),
  };
}
