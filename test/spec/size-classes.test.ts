import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeClassList } from "../../spec/size-classes.ts";

const rule = (alignment: 8 | 16 | 32 | 64, sizeClasses: object, header = false) =>
  sizeClassList({ alignment, header, sizeClasses: { last: 32768, stepsPerDoubling: 8, ...sizeClasses } });

test("the default rule: steps of 16 at the bottom, then 8 per doubling", () => {
  const classes = rule(16, {});
  expect(classes.slice(0, 18)).toEqual([
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320,
  ]);
  expect(classes.slice(-8)).toEqual([18432, 20480, 22528, 24576, 26624, 28672, 30720, 32768]);
});

test("the smallest block is the alignment, and twice that behind a header", () => {
  expect(rule(8, {})[0]).toBe(8);
  expect(rule(64, {})[0]).toBe(64);
  expect(rule(16, {}, true)[0]).toBe(32);
  expect(rule(16, { first: 96 }, true)[0]).toBe(96);
});

test("the last class is the one asked for, also between the steps", () => {
  expect(rule(16, { last: 528 }).slice(-3)).toEqual([480, 512, 528]);
  expect(rule(16, { last: 16 })).toEqual([16]);
});

test("a list is taken as it is", () => {
  expect(sizeClassList({ alignment: 16, header: false, sizeClasses: [16, 64, 80] })).toEqual([16, 64, 80]);
});

test("any rule makes aligned, increasing classes with every power of two", () => {
  const rules = fc.record({
    alignment: fc.constantFrom(8 as const, 16 as const, 32 as const, 64 as const),
    firstUnits: fc.integer({ min: 1, max: 8 }),
    moreUnits: fc.integer({ min: 0, max: 1024 }),
    stepsPerDoubling: fc.constantFrom(1, 2, 4, 8, 16, 32),
  });
  fc.assert(
    fc.property(rules, ({ alignment, firstUnits, moreUnits, stepsPerDoubling }) => {
      const first = firstUnits * alignment;
      const last = first + moreUnits * alignment;
      const classes = rule(alignment, { first, last, stepsPerDoubling });
      expect(classes[0]).toBe(first);
      expect(classes.at(-1)).toBe(last);
      classes.forEach((bytes, index) => {
        expect(bytes % alignment).toBe(0);
        if (index > 0) expect(bytes).toBeGreaterThan(classes[index - 1]);
      });
      for (let power = 1; power <= last; power *= 2) if (power >= first) expect(classes).toContain(power);
    }),
  );
});
