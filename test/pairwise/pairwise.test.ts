/**
 * Every pair of choices stands together in some variant, and variants work. All of them are tried
 * by `npm run evidence:pairwise`; here a few, which the seed draws.
 */
import { describe, expect, test } from "vitest";
import { specJsonSchema } from "../../spec/json-schema.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { randomNumbers } from "../support/script.ts";
import { bases, SEED, variantOfRow } from "./bases.ts";
import { coveringOf, describeRow, type Row, specOf } from "./covering.ts";
import { factors } from "./factors.ts";
import { tryVariant } from "./try-variant.ts";

const SAMPLE = 2;
const EFFORT = { operations: 20_000, workers: 2, kills: 1 };

describe.each(bases.map((base) => ({ name: base.name, base, covering: coveringOf(base, SEED) })))(
  "$name",
  ({ base, covering: { rows, pairs, impossible } }) => {
    test("every row is a spec", () => {
      for (const row of rows) expect(() => resolveSpec(specOf(base, row)), describeRow(row)).not.toThrow();
    });

    test("two levels stand together in a row, or the rules say why they cannot", () => {
      const known = new Set(impossible.map(({ levels }) => levels));
      const levels = factors.map((_, factor) => [...new Set(rows.map((row) => row[factor]))]);
      const together = new Set<string>();
      for (const row of rows) for (const pair of pairsOf(row)) together.add(pair);
      expect(together.size).toBe(pairs);
      const missing = factors.flatMap((_, a) =>
        factors.slice(a + 1).flatMap((_, offset) => {
          const b = a + 1 + offset;
          return levels[a].flatMap((one) => levels[b].map((other) => pairName(a, one, b, other)));
        }),
      );
      expect(missing.filter((pair) => !together.has(pair) && !known.has(pair))).toEqual([]);
    });

    test("every level stands in a row, is the preset's own, or is impossible", () => {
      const known = new Set(impossible.map(({ levels }) => levels));
      const unchanged = JSON.stringify(resolveSpec(specOf(base, [])).spec);
      for (const [index, { name, levels }] of factors.entries()) {
        for (const [label, spec] of Object.entries(levels)) {
          if (known.has(`${name} ${label}`) || rows.some((row) => row[index] === label)) continue;
          const alone = factors.map((_, factor) => (factor === index ? label : "as is"));
          expect(JSON.stringify(resolveSpec(specOf(base, alone)).spec), JSON.stringify(spec)).toBe(unchanged);
        }
      }
    });

    test.each(sampleOf(rows).map((row) => [describeRow(row), row] as const))("%s", async (_, row) => {
      await tryVariant(variantOfRow(base, row), EFFORT);
    });
  },
);

/** What is varied elsewhere, or names and sizes things only. */
const ELSEWHERE = ["name", "specialise", "threads", "memory.maxBytes", "c.prefix"];

test("every choice of the schema is varied", () => {
  const varied = factors.flatMap(({ levels }) => Object.values(levels).flatMap((spec) => pathsOf(spec)));
  const forgotten = choicesOf(specJsonSchema(), "").filter(
    (choice) =>
      !["$schema", "extends", ...ELSEWHERE].includes(choice) &&
      // Budgets are no part of a build.
      !choice.startsWith("ship.") &&
      !varied.some((path) => `${path}.`.startsWith(`${choice}.`)),
  );
  expect(forgotten).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

function choicesOf(schema: Schema, path: string): string[] {
  const { properties } = [schema, ...(schema.anyOf ?? [])].find((each) => each.properties) ?? {};
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([key, below]) =>
    choicesOf(below, path === "" ? key : `${path}.${key}`),
  );
}

function pathsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [""];
  return Object.entries(value).flatMap(([key, below]) =>
    pathsOf(below).map((rest) => (rest === "" ? key : `${key}.${rest}`)),
  );
}

function pairsOf(row: Row): string[] {
  return row.flatMap((one, a) =>
    row.slice(a + 1).map((other, offset) => pairName(a, one, a + 1 + offset, other)),
  );
}

function pairName(a: number, one: string, b: number, other: string): string {
  return `${factors[a].name} ${one} & ${factors[b].name} ${other}`;
}

function sampleOf(rows: readonly Row[]): Row[] {
  const random = randomNumbers(SEED);
  const left = [...rows];
  return Array.from({ length: SAMPLE }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
}
