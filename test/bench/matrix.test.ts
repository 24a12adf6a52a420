/**
 * Axes, combinations, plans, effects and the file of results; nothing is generated or measured
 * here.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plan as BenchPlan } from "../../bench/bench.ts";
import { parseAxis, refuseOverlap } from "../../bench/matrix/axis.ts";
import { combine } from "../../bench/matrix/combinations.ts";
import { toCsv, toMarkdown } from "../../bench/matrix/formats.ts";
import { mainEffects } from "../../bench/matrix/main-effects.ts";
import { loadMatrix, readMatrix } from "../../bench/matrix/matrix-file.ts";
import { type Group, makeColumns, makePlan, type Plan, shardOf } from "../../bench/matrix/plan.ts";
import { makeReport } from "../../bench/matrix/report.ts";
import { runMatrix, type Tools } from "../../bench/matrix/run.ts";
import { conclusions } from "../../bench/matrix/sections.ts";
import { Cells, mergeResults, Store } from "../../bench/matrix/store.ts";
import type { BenchReport } from "../../bench/report.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { valueAt } from "../../spec/value-at.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const single = await loadSpec("single");
const sampling = { rounds: 5, samples: 1, seconds: 0.001 };

describe("axes", () => {
  test.each<[string, Record<string, unknown>]>([
    ["lru.entries=0,16", { 0: 0, 16: 16 }],
    ["zero.knowledge=on, off", { on: true, off: false }],
    ["tiers.tlsSll=off,on", { off: false, on: {} }],
    ['pool.stage05={"slabs":1},off', { '{"slabs":1}': { slabs: 1 }, off: false }],
    ["sizeClasses=[16,32],[64]", { "[16,32]": [16, 32], "[64]": [64] }],
    ["form=class", { class: "class" }],
  ])("%s", (text, values) => {
    const parsed = parseAxis(text).values.map(({ label, value }) => [label, value]);
    expect(Object.fromEntries(parsed)).toEqual(values);
  });

  test.each([
    ["tiers.fast.cap", "write PATH=VALUE,VALUE"],
    ["=1", "write PATH=VALUE,VALUE"],
    ["lru.entries=", "axis lru.entries has no value"],
    ["lru.entries=1,1", "axis lru.entries has 1 twice"],
    ["lru.entires=1", "a spec has no such choice; did you mean entries?"],
    ["alignment.bits=1", "there is nothing below it"],
  ])("%s is refused", (text, message) => {
    expect(() => parseAxis(text)).toThrow(message);
  });

  test("two that write to the same place are refused", () => {
    const axes = ["tiers.tlsSll=off,on", "tiers.tlsSll.cap=1,2"].map(parseAxis);
    expect(() => refuseOverlap(axes)).toThrow("the axes tiers.tlsSll and tiers.tlsSll.cap overlap");
    expect(() => refuseOverlap(["lru.entries=1", "lru.bytes=1"].map(parseAxis))).not.toThrow();
  });

  test("a file has lists, or labels of its own", async () => {
    const file = join(folder, "own.json");
    writeFileSync(
      file,
      '{ "axes": { "lru": { "none": { "entries": 0 } }, "form": ["class"] }, "threads": [2] }',
    );
    expect(await loadMatrix(file)).toEqual({
      axes: [
        { path: "lru", values: [{ label: "none", value: { entries: 0 } }] },
        { path: "form", values: [{ label: "class", value: "class" }] },
      ],
      threads: [2],
    });
    await expect(loadMatrix("sead")).rejects.toThrow("there is no matrix sead; did you mean seed?");
    expect(() => readMatrix({ axes: { form: 3 }, treads: [] }, "x")).toThrow(
      /^matrix x cannot be used:\n {2}axes\.form: a list of values, or an object from label to value\n.*treads/,
    );
  });
});

describe("combinations", () => {
  test("every one, in the order of the axes, over what the base has", () => {
    const { accepted, rejected } = combine(single, ["lru.entries=0,1", "form=class,closure"].map(parseAxis));
    expect(accepted.map(({ name }) => name)).toEqual([
      "lru.entries=0, form=class",
      "lru.entries=0, form=closure",
      "lru.entries=1, form=class",
      "lru.entries=1, form=closure",
    ]);
    expect(rejected).toEqual([]);
    const spec = accepted[2]?.resolved.spec;
    expect([spec?.lru.entries, spec?.form, valueAt(spec, "tiers.tlsSll.from")]).toEqual([1, "class", 65]);
  });

  test("objects are laid over what is there, key by key", () => {
    const { accepted } = combine(single, [parseAxis('tiers={"tlsSll":{"cap":8},"ultra":false}')]);
    expect(accepted[0]?.resolved.spec.tiers).toMatchObject({ tlsSll: { cap: 8, from: 65 }, ultra: false });
  });

  test("`on` keeps what the base says about a system", () => {
    const { accepted } = combine(single, [parseAxis("tiers.tlsSll=off,on")]);
    expect(accepted.map(({ resolved }) => resolved.kernel.tlsSll.on)).toEqual([false, true]);
    expect(accepted[1]?.resolved.hash).toBe(single.hash);
  });

  test("what the schema rejects is listed with the reason", () => {
    const { accepted, rejected } = combine(
      single,
      ["zero.knowledge=on,off", "zero.lazyZero=on"].map(parseAxis),
    );
    expect(accepted).toHaveLength(1);
    expect(rejected.map(({ name, reasons }) => [name, reasons.length])).toEqual([
      ["zero.knowledge=off, zero.lazyZero=on", 1],
    ]);
    expect(rejected[0]?.reasons[0]).toMatch(/^zero\.lazyZero: .*zero\.knowledge is false/);
  });

  test("a spec that comes twice is measured once", () => {
    const { accepted, rejected } = combine(single, [parseAxis('pool.stage05=on,{"slabs":256}')]);
    expect(accepted).toHaveLength(1);
    expect(rejected[0]?.reasons).toEqual(["it is the same spec as pool.stage05=on"]);
  });

  test("nothing left is a mistake", () => {
    expect(() => combine(single, [parseAxis("alignment=12,13")])).toThrow(
      /^no combination of the matrix can be built:\n {2}alignment=12\n {4}alignment: 12 is not allowed/,
    );
  });
});

function planOf(axes: readonly string[], workloads = ["W5", "W2/16x60"]): Plan {
  const parsed = axes.map(parseAxis);
  return makePlan("single", parsed, combine(single, parsed), makeColumns(workloads, []), sampling);
}

test("groups cover all cells, the baseline is in each, shards cover all groups once", () => {
  const plan = planOf(["lru.entries=0,1,2,3,4,5,6,7,8"]);
  const [baseline, ...others] = plan.combinations;
  expect(plan.groups.map(({ column, members }) => [column.workload, members.length])).toEqual([
    ["W5/32x100", 5],
    ["W2/16x60", 5],
    ["W5/32x100", 3],
    ["W2/16x60", 3],
  ]);
  const covered = (groups: readonly Group[]) =>
    groups.flatMap(({ column, members }) => members.map(({ name }) => `${name} ${column.workload}`)).sort();
  const cells = others.flatMap(({ name }) =>
    ["W5/32x100", "W2/16x60"].map((workload) => `${name} ${workload}`),
  );
  expect(covered(plan.groups)).toEqual(cells.sort());
  expect(plan.groups.flatMap(({ members }) => members)).not.toContain(baseline);
  for (const count of [1, 2, 3, 5]) {
    const shards = Array.from({ length: count }, (_, index) =>
      shardOf(plan.groups, { index: index + 1, count }),
    );
    expect(shards.flat()).toEqual(plan.groups);
  }
});

/**
 * Tools that measure nothing: a variant is as fast as its number in the order of the first asking.
 */
function fakeTools(faults: { broken?: string; crashes?: string } = {}) {
  const speeds = new Map<string, number>();
  const measured: string[][] = [];
  const tools: Tools = {
    async prepare({ name }) {
      if (name === faults.broken) throw new Error("calloc forgot to clear\n    at somewhere");
      speeds.set(name, speeds.get(name) ?? speeds.size + 1);
      const bytes = { raw: 300, min: 200, gzip: 100 * (speeds.get(name) as number) };
      return { build: { name, alignment: 16, bytes, code: "" }, memory: 1.5 };
    },
    async measure({ builds, workloads, threaded, settings }: BenchPlan) {
      const names = builds.map(({ name }) => name);
      measured.push([...workloads, ...threaded.map(({ id, threads }) => `${id} ${threads}`), ...names]);
      if (faults.crashes !== undefined && names.includes(faults.crashes)) throw new Error("it crashed\n at");
      const results = names.map((name) => {
        const speed = speeds.get(name) as number;
        const relative = speed / (speeds.get(settings.baseline) as number);
        const of = (value: number) => ({ median: value, p25: value, min: value });
        return { name, operationsPerSecond: of(speed * 1e6), ratio: of(relative), stable: true };
      });
      return { workloads: [{ id: workloads[0], results, absent: [] }] } as unknown as BenchReport;
    },
    progress: { start() {}, step() {}, stop() {} },
  };
  return { tools, measured };
}

describe("results", () => {
  const plan = planOf(["lru.entries=0,1,2"]);
  const results = () => join(folder, "cells.jsonl");
  const reportOf = (of = plan) => makeReport(of.record, Store.open(results(), of.record).cells);

  test("all cells are written, and what is there is not measured again", async () => {
    const first = fakeTools();
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), first.tools);
    expect(first.measured).toEqual([
      ["W5/32x100", "lru.entries=0", "lru.entries=1", "lru.entries=2"],
      ["W2/16x60", "lru.entries=0", "lru.entries=1", "lru.entries=2"],
    ]);
    expect(reportOf()).toMatchObject({ missing: 0, baseline: "lru.entries=0", warnings: expect.any(Array) });
    const second = fakeTools();
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), second.tools);
    expect(second.measured).toEqual([]);
  });

  test("another value later is measured alone, with the baseline; another sampling is another matter", async () => {
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), fakeTools().tools);
    const larger = planOf(["lru.entries=0,1,2,3"]);
    const { tools, measured } = fakeTools();
    await runMatrix(larger, larger.groups, Store.open(results(), larger.record), tools);
    expect(measured).toEqual([
      ["W5/32x100", "lru.entries=0", "lru.entries=3"],
      ["W2/16x60", "lru.entries=0", "lru.entries=3"],
    ]);
    expect(reportOf(larger).missing).toBe(0);
    const record = { ...plan.record, sampling: { ...sampling, rounds: 9 } };
    expect(makeReport(record, Store.open(results(), record).cells).missing).toBe(6);
  });

  test("a run that was killed leaves half a line at most, which the next one cuts off", async () => {
    const { tools } = fakeTools();
    await runMatrix(plan, plan.groups.slice(0, 1), Store.open(results(), plan.record), tools);
    appendFileSync(results(), '{"cell":{"wor');
    expect(reportOf().missing).toBe(3);
    const { tools: again, measured } = fakeTools();
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), again);
    expect(measured).toHaveLength(1);
    expect(reportOf().missing).toBe(0);
    for (const line of readFileSync(results(), "utf8").trimEnd().split("\n")) JSON.parse(line);
  });

  test("shards make the same report as one run", async () => {
    const wide = planOf(["lru.entries=0,1,2,3,4,5,6,7,8"]);
    const files = await Promise.all(
      [1, 2, 3].map(async (index) => {
        const file = join(folder, `cells-${index}-of-3.jsonl`);
        const store = Store.open(file, wide.record);
        await runMatrix(wide, shardOf(wide.groups, { index, count: 3 }), store, fakeTools().tools);
        return file;
      }),
    );
    const { plan: merged, cells } = mergeResults(files);
    const report = makeReport(merged, cells);
    expect(report.missing).toBe(0);
    expect(report.cells).toHaveLength(18);
    expect(makeReport(merged, mergeResults(files.slice(1)).cells).missing).toBeGreaterThan(0);
    Store.open(results(), plan.record);
    expect(() => mergeResults([...files, results()])).toThrow(
      /is not of the same matrix as .*: axes, variants differ/,
    );
    writeFileSync(results(), "{}\n");
    expect(() => mergeResults([results()])).toThrow("line 1: this is not a line of a matrix's results");
  });

  test("figures of different machines are told apart", async () => {
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), fakeTools().tools);
    const [head, first, ...rest] = readFileSync(results(), "utf8").split("\n");
    const other = (first as string).replace(/"cpu":"[^"]*"/, '"cpu":"abacus"');
    writeFileSync(results(), [head, other, ...rest].join("\n"));
    const { machines, warnings } = reportOf();
    expect(machines).toHaveLength(2);
    expect(warnings.join("\n")).toMatch(/the figures come from 2 different machines \(abacus, /);
  });

  test("a build that fails its test fails alone, and is tried again", async () => {
    const { tools, measured } = fakeTools({ broken: "lru.entries=1" });
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), tools);
    expect(measured.map((names) => names.slice(1))).toEqual([
      ["lru.entries=0", "lru.entries=2"],
      ["lru.entries=0", "lru.entries=2"],
    ]);
    const failed = reportOf().cells.filter(({ outcome }) => "failed" in outcome);
    expect(failed.map(({ variant, outcome }) => [variant, outcome])).toEqual([
      ["lru.entries=1", { failed: "lru.entries=1: calloc forgot to clear" }],
      ["lru.entries=1", { failed: "lru.entries=1: calloc forgot to clear" }],
    ]);
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), fakeTools().tools);
    expect(reportOf().cells.filter(({ outcome }) => "failed" in outcome)).toEqual([]);
  });

  test("a variant that crashes is found, and the others are measured", async () => {
    const { tools } = fakeTools({ crashes: "lru.entries=2" });
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), tools);
    const outcomes = reportOf().cells.map(({ variant, outcome }) => [variant, Object.keys(outcome)[0]]);
    expect(Object.fromEntries(outcomes)).toEqual({
      "lru.entries=0": "operationsPerSecond",
      "lru.entries=1": "operationsPerSecond",
      "lru.entries=2": "failed",
    });
  });

  test("Markdown and CSV have every variant and figure", async () => {
    await runMatrix(plan, plan.groups, Store.open(results(), plan.record), fakeTools().tools);
    const markdown = toMarkdown(reportOf());
    expect(markdown).toContain("| variant | W5/32x100 | W2/16x60 |\n| --- | ---: | ---: |\n");
    expect(markdown).toContain("| lru.entries=2 | 3.0 (3.00×) | 3.0 (3.00×) |");
    expect(markdown).toContain("| lru.entries=2 | 0 | 3.00× |");
    const lines = toCsv(reportOf()).split("\r\n");
    expect(lines[0]).toMatch(/^spec,lru\.entries,workload,threads,operations\/s median,/);
    expect(lines.filter((line) => line.startsWith("single,2,"))).toEqual(
      ["W5/32x100", "W2/16x60"].map(
        (workload) => `single,2,${workload},,3000000,3000000,3000000,3,3,3,true,200,300,1.5,`,
      ),
    );
  });
});

test("CSV quotes what has commas", () => {
  const { record } = planOf(["sizeClasses=[16,32]"], ["W5"]);
  const labels = { sizeClasses: "[16,32]" };
  const report = makeReport(record, new Cells());
  const cell = { variant: "x", labels, workload: "W5", outcome: { failed: 'it said "no"' } };
  expect(toCsv({ ...report, cells: [cell] })).toContain(
    'single,"[16,32]",W5,,,,,,,,,,,,"it said ""no"""\r\n',
  );
});

test("threads beyond a spec's are no failure", async () => {
  const shared = await loadSpec("shared");
  const axes = [parseAxis("threads=4,2")];
  const plan = makePlan("shared", axes, combine(shared, axes), makeColumns(["W3/256"], [1, 3, 4]), sampling);
  const store = Store.open(join(folder, "cells.jsonl"), plan.record);
  const { tools, measured } = fakeTools();
  await runMatrix(plan, plan.groups, store, tools);
  expect(measured).toEqual([
    ["W3/256 1", "threads=4", "threads=2"],
    ["W3/256 3", "threads=4"],
  ]);
  const { cells } = makeReport(plan.record, store.cells);
  expect(cells.flatMap(({ outcome }) => ("absent" in outcome ? [outcome.absent] : []))).toEqual([
    "threads=4 has 4 thread slots, too few for 4 and the one that makes the heap",
    "threads=2 has 2 thread slots, too few for 3 and the one that makes the heap",
    "threads=4 has 4 thread slots, too few for 4 and the one that makes the heap",
  ]);
});

describe("main effects", () => {
  const axes = [
    { path: "a", labels: ["0", "1"] },
    { path: "b", labels: ["off", "on"] },
  ];
  /** a doubles, b halves in the second workload only. */
  const figures = ["0", "1"].flatMap((a) =>
    ["off", "on"].flatMap((b) =>
      ["X", "Y", "Z"].map((workload) => ({
        labels: { a, b },
        parts: [workload],
        value: 10 * (a === "1" ? 2 : 1) * (b === "on" && workload === "Y" ? 0.5 : 1),
      })),
    ),
  );

  test("each is what its choice does, all else being equal; the largest comes first", () => {
    const [a, b] = mainEffects(axes, figures);
    expect(a).toMatchObject({ axis: "a", value: "1", insteadOf: "0", pairs: 6, least: 2, most: 2 });
    expect(a?.ratio).toBeCloseTo(2);
    expect(a?.interval?.map((bound) => bound.toFixed(6))).toEqual(["2.000000", "2.000000"]);
    expect(b).toMatchObject({ axis: "b", value: "on", byPart: { X: 1, Y: 0.5, Z: 1 } });
    expect(b?.ratio).toBeCloseTo(0.5 ** (1 / 3));
    const [low, high] = b?.interval ?? [0, 0];
    expect(low).toBeLessThan(b?.ratio as number);
    expect(high).toBeGreaterThan(b?.ratio as number);
    expect(mainEffects(axes, figures)).toEqual([a, b]);
  });

  test("without its partner a figure says nothing", () => {
    const lonely = figures.filter(({ labels }) => !(labels.a === "0" && labels.b === "on"));
    expect(mainEffects(axes, lonely).map(({ axis, pairs }) => [axis, pairs])).toEqual([
      ["a", 3],
      ["b", 3],
    ]);
    expect(mainEffects(axes, lonely)[0]?.interval).toBeUndefined();
    expect(mainEffects(axes, figures.slice(0, 3))).toEqual([]);
  });

  test("they are told in words", () => {
    expect(conclusions(mainEffects(axes, figures))).toEqual([
      "a 1 instead of 0: +100 % (+100 % to +100 %)",
      expect.stringMatching(/^b on instead of off: no difference that shows \(−\d+ % to \+0\.0 %\)$/),
    ]);
  });
});
