/** Every scenario that `slabsmith check` knows. */
import { nearest } from "../../../spec/nearest.ts";
import { UserError } from "../../../spec/user-error.ts";
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

/** Scenarios by their names; without a name all of them. */
export function chooseScenarios(names: readonly string[]): readonly Scenario[] {
  return names.length > 0 ? names.map(find) : scenarios;
}

function find(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario !== undefined) return scenario;
  const close = nearest(
    name,
    scenarios.map((each) => each.name),
  );
  throw new UserError(
    `there is no scenario "${name}"${close ? `; is it "${close}"?` : "; --list names them"}`,
  );
}
