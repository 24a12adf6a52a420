/** The command line of tune: what it refuses, before anything takes time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { tuneCommand } from "../../generator/commands/actions/tune.ts";
import type { TuneFlags } from "../../generator/commands/tune.ts";

const folder = mkdtempSync(join(tmpdir(), "slabsmith-tune-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trace = join(folder, "app.trace");
writeFileSync(trace, Array.from({ length: 1000 }, (_, i) => `a ${i} 16\nf ${i}`).join("\n"));
const short = join(folder, "short.trace");
writeFileSync(short, "a 0 16\nf 0\n");
const mine = join(folder, "mine.heap.ts");
writeFileSync(mine, 'export default { extends: "single" };\n');

const flags: TuneFlags = {
  base: "single",
  out: join(folder, "tuned.heap.ts"),
  for: "balanced",
  budget: "1s",
  seed: "1",
};

describe("tune refuses", () => {
  test.each<[name: string, changes: Partial<TuneFlags>, problem: string]>([
    ["a goal that is none", { for: "sped" }, "--for sped: use speed, memory, size, balanced, or weights"],
    ["weights that are all 0", { for: "speed=0" }, "one of the weights must be above 0"],
    ["a time without a unit", { budget: "5" }, "--budget 5: give a time such as 90s, 5m or 1h"],
    ["no time at all", { budget: "0m" }, "--budget 0m"],
    ["a waste below 1", { maxWaste: "0.9" }, "--max-waste 0.9: give a ratio from 1 on"],
    ["bytes that are no number", { maxGzip: "9 kB" }, "--max-gzip 9 kB: give a whole number"],
    ["a spec file of an unknown kind", { out: "tuned.yaml" }, "--out tuned.yaml: a spec file ends with"],
    ["a folder that is not there", { out: "nowhere/tuned.ts" }, "there is no such folder"],
    ["a file that somebody wrote", { out: mine }, "it is there already, and tune did not write it"],
    ["a held-out trace that was trained on", { heldOut: [trace] }, 'two traces are named "app"'],
    [
      "a base for several threads",
      { base: "shared" },
      "--base shared: the simulator does not know several threads",
    ],
    ["a base that is not there", { base: "singel" }, "did you mean single?"],
  ])("%s", async (_, changes, problem) => {
    await expect(tuneCommand([trace], { ...flags, ...changes })).rejects.toThrow(problem);
  });

  test("a trace that is too short for two parts", async () => {
    await expect(tuneCommand([short], flags)).rejects.toThrow("trace short: 2 operations are too few");
  });
});
