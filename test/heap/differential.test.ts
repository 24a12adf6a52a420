/** Differential: every variant against the flagged build and against a book beside the heap. */
import { describe, expect, test } from "vitest";
import { answers, scripts } from "../support/differential.ts";
import { variants } from "../support/variants.ts";

describe.each(variants)("$name", (variant) => {
  test.each(scripts)("%s", async (_, script) => {
    const { found, expected } = await answers(variant, script);
    expect(found).toEqual(expected);
  });
});
