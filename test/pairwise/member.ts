/** A process of the crew: tries the rows that it is sent. */
import { bases, variantOfRow } from "./bases.ts";
import type { Row } from "./covering.ts";
import { tryVariant } from "./try-variant.ts";

export interface RowOfPreset {
  readonly preset: string;
  readonly number: number;
  readonly row: Row;
}

export interface Outcome {
  readonly failure?: string;
}

const EFFORT = { operations: 200_000, workers: 2, kills: 5 };

process.on("message", async (given: RowOfPreset) => {
  process.send?.(await outcomeOf(given));
});
process.once("disconnect", () => process.exit());

async function outcomeOf({ preset, row }: RowOfPreset): Promise<Outcome> {
  const base = bases.find(({ name }) => name === preset) as (typeof bases)[number];
  try {
    await tryVariant(variantOfRow(base, row), EFFORT);
    return {};
  } catch (error) {
    return { failure: (error as Error).message };
  }
}
