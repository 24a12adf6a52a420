import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { BenchReport } from "../../bench/report.ts";
import { THREADED_IDS, threadedWorkload } from "../../bench/workloads/threaded/index.ts";
import { addBenchCommand } from "../../generator/commands/bench.ts";

/** Two emitted builds, made of the fake heap. */
let folder: string;
const builds = ["one", "two"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-test-"));
  const source = readFileSync(new URL("./fake-heap.ts", import.meta.url), "utf8");
  const code = transformSync(source.replace("createFakeHeap", "createHeap"), { loader: "ts" }).code;
  for (const name of builds) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "index.js"), code);
    const manifest = { name, spec: { alignment: 16 }, bytes: { raw: 3, min: 2, gzip: 1 } };
    writeFileSync(join(folder, name, "manifest.json"), JSON.stringify(manifest));
  }
  writeFileSync(join(folder, "own.trace"), "a 0 100\nr 0 200\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command; returns its standard output without colours (a CI may ask for them). */
async function bench(...args: string[]): Promise<string> {
  let output = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    const program = new Command("slabsmith").exitOverride();
    addBenchCommand(program);
    const contenders = ["--variants", join(folder, "one"), "--baseline", join(folder, "two")];
    await program.parseAsync(["bench", ...contenders, "--quick", "--rounds", "1", ...args], { from: "user" });
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
  return stripVTControlCharacters(output);
}

test("a trace of one's own is measured, and told as one JSON document", async () => {
  const out = join(folder, "report.json");
  const output = await bench("--trace", join(folder, "own.trace"), "--json", "--out", out);
  const report: BenchReport = JSON.parse(output);
  expect(report.settings).toMatchObject({ rounds: 1, baseline: "two" });
  expect(report.workloads.map(({ id, operations }) => [id, operations])).toEqual([["W7/own", 3]]);
  expect(report.workloads[0]?.results.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(report.workloads[0]?.results[1]?.ratio).toEqual({ median: 1, p25: 1, min: 1 });
  expect(report.warnings.join()).toContain("1 rounds say little about the spread");
  expect(readFileSync(out, "utf8")).toBe(output);
});

test("first touch is measured with and without the creation", async () => {
  const report: BenchReport = JSON.parse(await bench("--workloads", "first-touch", "--json"));
  expect(report.workloads.map(({ id, results }) => [id, results.length])).toEqual([
    ["first-touch/create-and-fill", 2],
    ["first-touch/fill", 2],
  ]);
});

/** A build that threads can share; `change` may break it. */
function sharedBuild(name: string, change = (code: string): string => code): string {
  const build = join(folder, name);
  const source = readFileSync(new URL("./fake-shared-heap.ts", import.meta.url), "utf8");
  mkdirSync(build);
  writeFileSync(join(build, "index.js"), transformSync(change(source), { loader: "ts" }).code);
  const manifest = { name, spec: { alignment: 16 }, bytes: { raw: 3, min: 2, gzip: 1 } };
  writeFileSync(join(build, "manifest.json"), JSON.stringify(manifest));
  return build;
}

test("every workload for several threads runs", async () => {
  const build = sharedBuild("all");
  const ids = THREADED_IDS.filter((id) => id !== "W1/guard");
  const report: BenchReport = JSON.parse(
    await bench("--variants", build, "--workloads", ids.join(","), "--threads", "2", "--json"),
  );
  expect(report.workloads.map(({ id, threads }) => [id, threads])).toEqual(ids.map((id) => [id, 2]));
  // A build for one thread takes part where every thread can have a heap of its own.
  const reason = "its heap is for one thread (no attachHeap), and blocks change hands";
  for (const { id, results, absent } of report.workloads) {
    const apart = threadedWorkload({ id, threads: 2 }).cells === 0;
    expect(
      results.map(({ name }) => name),
      id,
    ).toEqual(apart ? ["all", "two"] : ["all"]);
    expect(absent).toEqual(apart ? [] : [{ name: "two", reason }]);
  }
});

test("several numbers of threads are compared with one", async () => {
  const build = sharedBuild("shared");
  const work = ["--workloads", "W6/cache-scratch", "--threads", "1,3"];
  const report: BenchReport = JSON.parse(await bench("--variants", build, ...work, "--json"));
  expect(report.scaling.map(({ id, threads }) => [id, threads])).toEqual([["W6/cache-scratch", [1, 3]]]);
  expect(report.scaling[0]?.results.map(({ name, speedUp }) => [name, Object.keys(speedUp)])).toEqual([
    ["shared", ["1", "3"]],
    ["two", ["1"]],
  ]);
  expect(await bench("--variants", build, ...work)).toContain("speed by number of threads");
});

test("a trace of one's own runs on its threads", async () => {
  const file = join(folder, "threads.trace");
  writeFileSync(file, "a 0 100\nt 2\na 1 100\nf 0\nt 1\nf 1\n");
  const output = await bench("--variants", sharedBuild("for-trace"), "--trace", file, "--threads", "2");
  expect(output).toContain("W7/threads trace threads of 2 threads, 2 threads, 4 operations a run");
});

test.each<[string, string, string, string]>([
  ["leaks", "i32[LIVE] = word(LIVE) - 1;", "", "blocks are live after tiny hot"],
  ["breaks", "const c = word((ptr >> 2) - 1);", "const c = FREE;", "it is free already"],
])("a shared heap that %s fails, with what happened", async (name, sound, broken, message) => {
  const build = sharedBuild(name, (code) => code.replace(sound, broken));
  const run = bench("--variants", build, "--workloads", "W5", "--threads", "2");
  await expect(run).rejects.toThrow(message);
});

test("a shared heap that is too small does not run", async () => {
  const build = sharedBuild("small", (code) => code.replace("64 << 20", "1 << 10"));
  const output = await bench("--variants", build, "--workloads", "W5", "--threads", "2");
  expect(output).toContain("small did not run: its heap is too small for tiny hot");
  expect(output).toContain("2 threads, by the clock");
});

test("tables name the workload, the contenders and the doubts", async () => {
  const output = await bench("--workloads", "W5,heaps");
  for (const part of ["W5/32x100", "two", "third, own call sites", "all three, one call site", "warning: "]) {
    expect(output).toContain(part);
  }
});

test.each([
  [["--threads", "1,two"], "--threads two: give a whole number from 1 on"],
  [["--threads", "0"], "--threads 0: give a whole number from 1 on"],
  [["--threads", "1000"], "--threads 1000: at most 64"],
  [["--threads", ","], "--threads names no number"],
  [["--threads", "2", "--workloads", "heaps"], "heaps is for one thread: leave --threads out"],
  [["--threads", "2", "--workloads", "M7"], 'unknown workload "M7"; known: W1/guard, '],
  [["--workloads", "W1/tput"], "W1/tput is for several threads: say how many, such as --threads 1,2,4"],
  [["--rounds", "0"], "--rounds 0: give a whole number from 1 on"],
  [["--workloads", "W99"], 'unknown workload "W99"'],
  [["--workloads", ","], "--workloads names no workload"],
  [["--peers", "nobody"], 'unknown peer "nobody"'],
  [["--trace", "/nowhere.trace"], "/nowhere.trace: cannot read the trace (ENOENT)"],
  [["--variants", tmpdir()], "not an emitted build"],
])("%j is refused", async (args, message) => {
  await expect(bench(...args)).rejects.toThrow(message);
});

test("two variants of one name are refused", async () => {
  const twice = `${join(folder, "one")},${join(folder, "one")}/`;
  await expect(bench("--workloads", "W5", "--variants", twice)).rejects.toThrow(
    'two variants are named "one": rename one of the specs',
  );
});
