import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { BenchReport } from "../../bench/report.ts";
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

/** Runs the command; returns its standard output. */
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
  return output;
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

test("tables name the workload, the contenders and the doubts", async () => {
  const output = await bench("--workloads", "W5,heaps");
  for (const part of ["W5/32x100", "two", "third, own call sites", "all three, one call site", "warning: "]) {
    expect(output).toContain(part);
  }
});

test.each([
  [
    ["--threads", "1,2"],
    "--threads 1,2: heaps shared by threads are not built yet; measure with --threads 1",
  ],
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
