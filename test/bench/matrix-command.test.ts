/** The command as a user gives it: builds are generated, tested and measured. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MatrixReport } from "../../bench/matrix/report.ts";
import { addMatrixCommand } from "../../generator/commands/matrix.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command; returns what it says, without colours (a CI may ask for them). */
async function matrix(...args: string[]): Promise<{ out: string; err: string }> {
  const said = { out: "", err: "" };
  const keep = (to: keyof typeof said) => (text: string | Uint8Array) => {
    said[to] += stripVTControlCharacters(String(text));
    return true;
  };
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation(keep("out"));
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation(keep("err"));
  try {
    const program = new Command("slabsmith").enablePositionalOptions().exitOverride();
    addMatrixCommand(program);
    await program.parseAsync(["matrix", ...args], { from: "user" });
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
  return said;
}

const quick = ["--quick", "--rounds", "1"];
const work = ["tiny", "--axis", "bulk.fillFrom=0,256", "--workloads", "W5,W2/16x60", ...quick];

test("shards measure a part each, merge joins them, and what is measured stays", async () => {
  const out = join(folder, "results");
  mkdirSync(out);
  writeFileSync(join(out, "cells-1-of-2.jsonl"), "something else\n");
  const shard = [...work, "--shard", "1/2", "--out", out];
  await expect(matrix(...shard)).rejects.toThrow("line 1: this is not a line of a matrix's results");
  const first = await matrix(...shard, "--fresh");
  expect(first.out).toContain("not measured yet: 2 figures");
  expect(first.err).toMatch(/^matrix 1\/3: generating and testing bulk\.fillFrom=0\n/);
  expect(first.err).toMatch(/matrix 3\/3.*: W5\/32x100: 2 variants\n$/);
  await matrix(...work, "--shard", "2/2", "--out", out);

  const shards = readdirSync(out).filter((file) => file.startsWith("cells-"));
  expect(shards).toEqual(["cells-1-of-2.jsonl", "cells-2-of-2.jsonl"]);
  const joined = await matrix(
    "merge",
    ...shards.map((file) => join(out, file)),
    "--json",
    "--out",
    join(out, "all"),
  );
  const report: MatrixReport = JSON.parse(joined.out);
  expect(report.cells).toHaveLength(4);
  expect(report).toMatchObject({ missing: 0, baseline: "bulk.fillFrom=0", rejected: [] });
  expect(report.effects.speed.map(({ axis, pairs }) => [axis, pairs])).toEqual([["bulk.fillFrom", 2]]);
  expect(report.variants.every(({ bytes, memory }) => bytes && memory && memory > 1)).toBe(true);
  expect(readdirSync(join(out, "all"))).toEqual(["matrix.csv", "matrix.json", "matrix.md"]);
  expect(readFileSync(join(out, "all", "matrix.json"), "utf8")).toBe(joined.out);

  const again = await matrix(...work, "--shard", "2/2", "--out", out);
  expect(again.err).toBe("");
});

test("threads are a column each, and a spec for one thread says that it has one", async () => {
  const axes = ["--axis", "tiers.tlsSll.cap=0", "--workloads", "W8/r50", ...quick];
  const { out } = await matrix("single", ...axes, "--threads", "1,2", "--out", folder, "--json");
  const { cells }: MatrixReport = JSON.parse(out);
  expect(cells.map(({ threads, outcome }) => [threads, "ratio" in outcome || outcome])).toEqual([
    [1, true],
    [2, { absent: "its heap is for one thread (no attachHeap), and blocks change hands" }],
  ]);
});

test("help has examples", async () => {
  await expect(matrix("--help")).rejects.toThrow("(outputHelp)");
});

test.each([
  [["tiny", "--axis", "lru.entires=1"], "did you mean entries?"],
  [["tiny", "--axis", "alignment=12"], "no combination of the matrix can be built"],
  [["tiny", "--axis", "form=class", "--axis", "form=closure"], "the axes form and form overlap"],
  [["tinny"], "did you mean tiny?"],
  [["tiny", "--matrix", "tires"], "did you mean tiers?"],
  [["tiny", "--matrix", "nowhere.json"], "nowhere.json: there is no such file"],
  [[...work, "--shard", "3/2"], "--shard 3/2: write i/n"],
  [[...work, "--shard", "0/2"], "--shard 0/2: write i/n"],
  [[...work, "--workloads", ","], "--workloads names no workload"],
  [[...work, "--workloads", "W1"], 'unknown workload "W1"'],
  [[...work, "--threads", "x"], "--threads x: give a whole number"],
  [[...work, "--rounds", "0"], "--rounds 0: give a whole number"],
  [["merge", "nowhere.jsonl"], "nowhere.jsonl: cannot be read (ENOENT)"],
])("%j is refused, and nothing is written", async (args, message) => {
  const out = join(folder, "results");
  await expect(matrix(...args, "--out", out)).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test("a folder that cannot be one", async () => {
  writeFileSync(join(folder, "taken"), "");
  await expect(matrix(...work, "--out", join(folder, "taken"))).rejects.toThrow(
    /taken: cannot be written to \(E\w+\)/,
  );
});
