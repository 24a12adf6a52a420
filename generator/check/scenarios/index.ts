/** Every scenario that `slabsmith check` knows. */
import type { Scenario } from "../scenario.ts";
import { clearing } from "./clearing.ts";
import { deaths } from "./deaths.ts";
import { footprints } from "./footprints.ts";
import { growth } from "./growth.ts";
import { handOvers } from "./hand-over.ts";
import { headers } from "./headers.ts";
import { largeBlocks } from "./large-blocks.ts";
import { lists } from "./lists.ts";
import { ownership } from "./ownership.ts";
import { recycling } from "./recycling.ts";
import { remoteFrees } from "./remote-frees.ts";
import { superSlabs } from "./superslabs.ts";
import { tiers } from "./tiers.ts";

export const scenarios: readonly Scenario[] = [
  ...remoteFrees,
  ...ownership,
  ...largeBlocks,
  ...handOvers,
  ...headers,
  ...superSlabs,
  ...recycling,
  ...clearing,
  ...footprints,
  ...growth,
  ...lists,
  ...tiers,
  ...deaths,
];
