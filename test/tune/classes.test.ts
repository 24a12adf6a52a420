/** The optimal size classes against every list there is, in small cases. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTrace } from "../../bench/trace.ts";
import { type LiveSizes, liveSizes } from "../../generator/tune/classes/live-sizes.ts";
import { type ClassLimits, classesFor } from "../../generator/tune/classes/optimal.ts";
import { ClassPrices } from "../../generator/tune/classes/price.ts";
import { resolveSpec } from "../../spec/resolve.ts";

/** Slabs of 4 KiB: their tails differ much from size to size. So no list is obviously best. */
const base = resolveSpec({
  extends: "single",
  geometry: { slabBytes: 4096, pageBytes: 4096 },
});
const prices = new ClassPrices(base);
const UNIT = 16;
const LARGEST = 12 * UNIT;

/** What a list costs, size by size. */
function costOf(list: readonly number[], traces: readonly LiveSizes[]): number {
  let cost = 0;
  for (const { blocks, peakLiveBytes } of traces) {
    const perClass = new Map<number, number>();
    let bytes = prices.table(list[list.length - 1] as number);
    for (const [size, count] of blocks) {
      const c = list.find((each) => each >= size);
      if (c === undefined) bytes += count * prices.run(size);
      else perClass.set(c, (perClass.get(c) ?? 0) + count);
    }
    for (const c of list) bytes += prices.class(c, perClass.get(c) ?? 0) + prices.perClass;
    cost += bytes / peakLiveBytes;
  }
  return cost;
}

function* everyList(largest: number): Generator<number[]> {
  const units = largest / UNIT;
  for (let bits = 1; bits < 1 << units; bits++) {
    yield Array.from({ length: units }, (_, i) => (bits & (1 << i) ? (i + 1) * UNIT : 0)).filter(Boolean);
  }
}

const traces = fc.array(
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 14 * UNIT }), fc.integer({ min: 1, max: 2000 })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((pairs): LiveSizes => {
      const blocks = new Map(pairs);
      const peakLiveBytes = [...blocks].reduce((sum, [size, count]) => sum + size * count, 0);
      return { blocks, peakLiveBytes };
    }),
  { minLength: 1, maxLength: 3 },
);

function expectOptimal(given: readonly LiveSizes[], limits: ClassLimits): void {
  const found = classesFor(given, prices, limits);
  expect(costOf(found.classes, given)).toBeCloseTo(found.cost, 9);
  for (const list of everyList(limits.largest)) {
    if (list.length > limits.classes || (list.at(-1) as number) < (limits.lastFrom ?? 0)) continue;
    if (costOf(list, given) < found.cost - 1e-9) {
      expect.fail(`${list} costs ${costOf(list, given)}, less than ${found.classes} with ${found.cost}`);
    }
  }
}

describe("optimal size classes", () => {
  test("no list of all there are costs less", () => {
    fc.assert(
      fc.property(traces, (given) => expectOptimal(given, { largest: LARGEST, classes: 255 })),
      { numRuns: 40 },
    );
  });

  test("nor with few classes, and a last one that is not too small", () => {
    fc.assert(
      fc.property(
        traces,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 12 }),
        (given, classes, last) => expectOptimal(given, { largest: LARGEST, classes, lastFrom: last * UNIT }),
      ),
      { numRuns: 40 },
    );
  });
});

describe("live sizes", () => {
  test("are counted near the peak only, and averaged there", () => {
    // Long before the peak 20 small blocks; near it 9, 10, 9, 10 and 9 of 100 bytes.
    const early = Array.from({ length: 20 }, (_, i) => `a ${i} 10\nf ${i}`);
    const peak = Array.from({ length: 10 }, (_, i) => `a ${20 + i} 100`);
    const { blocks, peakLiveBytes } = liveSizes(
      parseTrace("t", [...early, ...peak, "f 29", "a 30 100"].join("\n")),
    );
    expect(peakLiveBytes).toBe(1000);
    expect([...blocks]).toEqual([[100, expect.closeTo(9.4, 5)]]);
  });
});
