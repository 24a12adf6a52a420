import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { describeOperation, parseTrace, readTrace } from "../../bench/trace.ts";

const folder = new URL("../../bench/traces/", import.meta.url).pathname;

describe("the recorded traces", () => {
  test.each(readdirSync(folder))("%s agrees with its own head line", (file) => {
    const [, ids, operations, , peak] =
      /# ids (\d+) ops (\d+) threads (\d+) peak (\d+)/.exec(
        gunzipSync(readFileSync(folder + file)).toString(),
      ) ?? [];
    expect(readTrace(folder + file)).toMatchObject({
      ids: Number(ids),
      operations: Number(operations),
      peakLiveBytes: Number(peak),
    });
  });
});

test("every letter of the format is read", () => {
  const trace = parseTrace("all", "# head\na 0 10\nz 1 20\nt 2\nm 2 30 64\nr 0 15\n\nf 1\nf 0\nf 2\n");
  expect(trace).toMatchObject({ operations: 7, ids: 3, peakLiveBytes: 65, peakLiveBlocks: 3 });
  expect([...trace.lines]).toEqual([2, 3, 5, 6, 8, 9, 10]);
  expect(Array.from({ length: 4 }, (_, index) => describeOperation(trace, index))).toEqual([
    'line 2, "a 0 10"',
    'line 3, "z 1 20"',
    'line 5, "m 2 30 64"',
    'line 6, "r 0 15"',
  ]);
});

test("blocks that the program kept are freed at the end", () => {
  const trace = parseTrace("leaky", "a 0 8\na 1 8\nf 0");
  expect(trace.operations).toBe(4);
  expect(describeOperation(trace, 3)).toBe('closing free, "f 1"');
});

test("realloc to nothing frees", () => {
  const trace = parseTrace("zero", "a 0 8\nr 0 0");
  expect(trace.operations).toBe(2);
  expect(describeOperation(trace, 1)).toBe('line 2, "f 0"');
});

test.each([
  ["x 0 1", 'unknown operation "x" (known: a, z, m, r, f, t): "x 0 1"'],
  ["a 0", 'expected a ID SIZE: "a 0"'],
  ["m 0 8", 'expected m ID SIZE ALIGN: "m 0 8"'],
  ["a 0 -1", 'SIZE must be a whole number: "a 0 -1"'],
  ["a 0 1.5", 'SIZE must be a whole number: "a 0 1.5"'],
  ["a 0 4294967296", 'SIZE is above 2147483647: "a 0 4294967296"'],
  ["a 999999999 1", 'ID is above 268435455: "a 999999999 1"'],
  ["m 0 8 3", 'ALIGN must be a power of two: "m 0 8 3"'],
  ["m 0 8 0", 'ALIGN must be a power of two: "m 0 8 0"'],
  ["f 0", 'block 0 was never allocated: "f 0"'],
  ["r 0 8", 'block 0 was never allocated: "r 0 8"'],
])("%s is refused", (line, problem) => {
  expect(() => parseTrace("bad", `# head\n${line}\n`)).toThrow(`trace bad, line 2: ${problem}`);
});

test.each([
  ["a 0 8\na 0 8", 'line 2: block 0 was allocated before; IDs are never reused: "a 0 8"'],
  ["a 0 8\nf 0\nf 0", 'line 3: block 0 was freed before: "f 0"'],
  ["a 0 8\nf 0\nr 0 8", 'line 3: block 0 was freed before: "r 0 8"'],
])("a history that cannot be is refused", (text, problem) => {
  expect(() => parseTrace("bad", text)).toThrow(`trace bad, ${problem}`);
});

test("IDs with holes and empty traces are refused", () => {
  expect(() => parseTrace("holes", "a 5 8")).toThrow(
    "trace holes: IDs count from 0, but 5 appears among 1 operations",
  );
  expect(() => parseTrace("empty", "# nothing\n")).toThrow("trace empty: it holds no operation");
});

test("a file that is not there is named", () => {
  expect(() => readTrace("/nowhere/a.trace.gz")).toThrow(
    "/nowhere/a.trace.gz: cannot read the trace (ENOENT)",
  );
});
