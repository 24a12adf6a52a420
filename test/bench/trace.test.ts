import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("a file that is not what was written", () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), "slabsmith-trace-"));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const HEAD = "# malloc trace v1, recorded by slabsmith\n";
  const calls = (count: number) => Array.from({ length: count }, (_, id) => `a ${id} ${100 + id}\n`).join("");
  const read = (bytes: string | Buffer) => {
    const file = join(scratch, "some.trace.gz");
    writeFileSync(file, bytes);
    return readTrace(file);
  };

  test("a recording that broke off is used as far as it goes, and says so", () => {
    const trace = read(`${HEAD}${calls(5)}a 5 10`);
    expect(trace.ids).toBe(5);
    expect(trace.cutShort).toBe(
      "trace some: the recording broke off after line 6; its 5 operations are used",
    );
    expect(read(`${HEAD}${calls(5)}# end: ids 5 ops 5 threads 1\n`).cutShort).toBeUndefined();
    expect(read(calls(5)).cutShort).toBeUndefined();
  });

  test("gzip data that is cut short are used as far as they go, member by member", () => {
    const bytes = Buffer.concat([gzipSync(HEAD), gzipSync(calls(2000))]);
    const trace = read(bytes.subarray(0, bytes.length - 500));
    expect(trace.ids).toBeGreaterThan(1000);
    expect(trace.ids).toBeLessThan(2000);
    expect(trace.cutShort).toBe(
      `trace some: the gzip data is cut short after line ${trace.ids + 1}; its ${trace.ids} operations are used`,
    );
  });

  test("gzip data that is damaged is used up to the damage", () => {
    const members = [HEAD + calls(3), calls(9).slice(calls(3).length)].map((text) => gzipSync(text));
    (members[1] as Buffer).fill(255, 10, 16);
    const trace = read(Buffer.concat(members));
    expect(trace.ids).toBe(3);
    expect(trace.cutShort).toMatch(
      /^trace some: the gzip data is damaged at byte \d+ after line 4; its 3 op/,
    );
    (members[0] as Buffer).fill(255, 10, 16);
    expect(() => read(members[0] as Buffer)).toThrow(/^trace some: the gzip data is damaged at byte 1\d$/);
  });

  test("lines that are missing are noticed by the last line", () => {
    expect(() => read(`${HEAD}${calls(4)}# end: ids 5 ops 7 threads 1\n`)).toThrow(
      "trace some: its last line counts 5 IDs and 7 operations, but there are 4 and 4: lines are missing",
    );
  });

  test("a line that is wrong says how much before it is usable", () => {
    expect(() => read("a 0 8\na 1 8\nf 7\nf 0\n")).toThrow(
      'trace some, line 3: block 7 was never allocated: "f 7" (usable: the 2 operations before this line)',
    );
  });

  test("a histogram is no trace", () => {
    expect(() => read("# malloc histogram v1\nc 1 1 8\n# end\n")).toThrow(
      "some is a histogram: it has sizes and lifetimes, and no calls to replay; init --trace takes it",
    );
  });
});
