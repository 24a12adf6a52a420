import { describe, expect, test } from "vitest";
import { choiceCosts } from "../../generator/explain/choice-costs.ts";
import { explain } from "../../generator/explain/explain.ts";
import { layOutMetadata } from "../../generator/explain/metadata.ts";
import { printExplanation } from "../../generator/explain/print.ts";
import { measureWaste } from "../../generator/explain/waste.ts";
import { wayOfBlocks } from "../../generator/explain/way.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { resolveSpec } from "../../spec/resolve.ts";

describe("waste, counted over every size", () => {
  const wasteOf = (spec: object) => measureWaste(resolveSpec(spec).kernel);

  test.each([16, 8] as const)(
    "the default rule with alignment %i: at most 12.5 % from 128 bytes on",
    (alignment) => {
      expect(wasteOf({ alignment }).from128.worst).toBeLessThanOrEqual(0.125);
    },
  );

  test("4 steps per doubling: at most 20 %", () => {
    const { from128 } = wasteOf({ extends: "coarse" });
    expect(from128.worst).toBeLessThanOrEqual(0.2);
    expect(from128.worst).toBeGreaterThan(0.19);
  });

  test("classes and page runs serve every size once, each size in the smallest block that holds it", () => {
    const { classes, pageRuns } = wasteOf({ sizeClasses: [16, 48, 4096] });
    expect(classes.map(({ fromSize, toSize }) => [fromSize, toSize])).toEqual([
      [1, 16],
      [17, 48],
      [49, 4096],
    ]);
    expect(pageRuns).toMatchObject({ fromSize: 4097, toSize: 1 << 20, worstSize: 4097 });
  });

  test("worst and mean of one class, by hand", () => {
    const [first, second] = wasteOf({ alignment: 8, sizeClasses: [8, 16] }).classes;
    expect(first).toMatchObject({
      worst: 7 / 8,
      worstSize: 1,
      mean: 3.5 / 8,
      blocksPerSlab: 2048,
      tailBytes: 0,
    });
    expect(second).toMatchObject({ worst: 7 / 16, worstSize: 9, mean: 3.5 / 16 });
  });

  test("a header counts as waste", () => {
    const [smallest] = wasteOf({ header: true }).classes;
    expect(smallest).toMatchObject({ blockBytes: 32, fromSize: 1, toSize: 16, worst: 31 / 32 });
  });
});

test("regions follow each other from the base to the end", () => {
  const memory = { maxBytes: 4 << 20, baseBytes: 1 << 20 };
  const { regions, firstPage, bytesPerHeap } = layOutMetadata(resolveSpec({ memory }));
  expect(regions[0].from).toBe(memory.baseBytes);
  expect(regions.at(-1)?.to).toBe(memory.maxBytes);
  for (const [index, { from }] of regions.slice(1, -1).entries()) expect(from).toBe(regions[index].to);
  expect(regions.at(-1)?.from).toBe(firstPage * 4096);
  expect(bytesPerHeap).toBeLessThanOrEqual(firstPage * 4096 - memory.baseBytes);
});

describe("the way of a block", () => {
  const ids = (spec: object) => {
    const { malloc, free } = wayOfBlocks(resolveSpec(spec));
    return { malloc: malloc.map(({ id }) => id), free: free.map(({ id }) => id) };
  };

  test.each([
    ["no list", {}, ["P6", "P8", "P9", "M6"], ["R2", "L3"]],
    ["a list that refills fill", { tlsSll: { upTo: 0 } }, ["F2", "M4", "P6", "P8", "P9", "M6"], ["R2", "L3"]],
    [
      "a list for all",
      { tlsSll: { drainEvery: 9 } },
      ["F2", "M4", "P6", "P8", "P9", "M6"],
      ["F2", "R2", "L3"],
    ],
    [
      "all lists",
      { fast: {}, tlsSll: { cap: 9 }, unifiedCache: {}, magazine: {}, tlsList: {}, tlsHint: true },
      ["F1", "F2", "F5", "F4", "F3", "M4", "P6", "P8", "P9", "M6"],
      ["F8", "F1", "F2", "F5", "F4", "F3", "L3"],
    ],
    ["the hot heap", { hotHeap: true }, ["F6", "M4", "P6", "P8", "P9", "M6"], ["F6", "R2", "L3"]],
    ["a capped list", { tlsSll: { cap: 9 } }, ["F2", "M4", "P6", "P8", "P9", "M6"], ["F2", "R2", "L3"]],
  ])("%s", (_, tiers, malloc, free) => {
    expect(ids({ tiers })).toEqual({ malloc, free });
  });
});

test("costs: a list costs code and metadata, a flagged build pays for nothing", async () => {
  const costs = await choiceCosts(resolveSpec({ extends: "tiny", tiers: { tlsSll: { upTo: 0 } } }));
  const list = costs.find(({ path }) => path === "tiers.tlsSll");
  expect(list?.insteadOf).toBe(false);
  expect(list?.min).toBeGreaterThan(0);
  expect(list?.metadata).toBeGreaterThan(0);
  // lazyZero cannot be chosen where nothing is known to be zero.
  expect(costs.map(({ path }) => path)).not.toContain("zero.lazyZero");
  expect(await choiceCosts(await loadSpec("flagged"))).toEqual([]);
}, 60_000);

test("as text: everything is there, on a line that fits", async () => {
  const text = printExplanation(await explain(await loadSpec("flagged")));
  for (const title of ["Size classes", "Memory map", "malloc tries, in order", "free takes a block"]) {
    expect(text).toContain(title);
  }
  expect(text).toContain("every size from 128 to 1048576: worst 11.1 % (a request of 32769)");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(140);
});
