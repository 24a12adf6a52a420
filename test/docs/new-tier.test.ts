/**
 * The tier that CONTRIBUTING.md adds: made in a copy of the project, it works, and other builds do
 * not notice.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importText } from "../support/emitted.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ALIGNMENT = 16;
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "slabsmith-tier-"));
  for (const part of [
    "spec",
    "templates",
    "generator",
    "bench",
    "package.json",
    "tsconfig.json",
    "biome.json",
  ]) {
    cpSync(ROOT + part, join(copy, part), { recursive: true });
  }
  symlinkSync(`${ROOT}node_modules`, join(copy, "node_modules"));
  const guide = readFileSync(`${ROOT}CONTRIBUTING.md`, "utf8");
  for (const [, patch] of guide.matchAll(/^```diff\n(.*?)^```/gms)) apply(patch as string);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/**
 * Makes the changes of a patch: per file hunks of lines that are there, and lines to add between
 * them.
 */
function apply(patch: string): void {
  for (const part of patch.split(/^\+\+\+ /m).slice(1)) {
    const [path, ...lines] = part.trimEnd().split("\n");
    const file = join(copy, path as string);
    const hunks = lines.join("\n").split(/^@@\n/m);
    let text = existsSync(file) ? readFileSync(file, "utf8") : "";
    for (const hunk of hunks) {
      const rows = hunk.trimEnd().split("\n");
      const context = rows.filter((row) => row[0] === " ").map((row) => row.slice(1));
      const before = context.map((row) => `${row}\n`).join("");
      const after = rows.map((row) => `${row.slice(1)}\n`).join("");
      if (before !== "") expect(text.split(before).length, `${path} has once: ${before}`).toBe(2);
      text = before === "" ? after : text.replace(before, () => after);
    }
    writeFileSync(file, text);
  }
}

function generate(root: string, spec: object): string {
  writeFileSync(join(copy, "tried.json"), JSON.stringify(spec));
  const out = mkdtempSync(join(copy, "out-"));
  const program = join(root, "generator/slabsmith.mjs");
  execFileSync(process.execPath, [program, "generate", join(copy, "tried.json"), "--out", out], {
    stdio: "pipe",
  });
  return join(out, "tried");
}

describe("the tier of CONTRIBUTING.md", () => {
  test.each([
    ["alone", { tiers: { spare: true } }],
    ["before a list", { extends: "single", tiers: { spare: true } }],
  ])("%s: allocates as it should", async (_, spec) => {
    const folder = generate(copy, spec);
    expect(readFileSync(join(folder, "allocator.ts"), "utf8")).toContain("takeSpare(c) ||");
    const { createHeap } = await importText(readFileSync(join(folder, "index.js"), "utf8"));
    const heap = createHeap();
    const ledger = new Ledger(heap, ALIGNMENT);
    play(ledger, randomScript(5, 3000, 250, 20_000));
    ledger.audit();
    // It keeps the block freed last, whatever lies between.
    const [one, two] = [heap.malloc(48), heap.malloc(48)];
    heap.free(one);
    heap.free(two);
    heap.check();
    expect(heap.malloc(48)).toBe(one);
  });

  test("not chosen, not noticed", () => {
    const without = (folder: string) =>
      readFileSync(join(folder, "allocator.ts"), "utf8").replace(/\(\w{16}\)/, "(hash)");
    // A header holds the hash of the spec, which has one more choice.
    const spec = { extends: "single", api: { image: false } };
    expect(without(generate(copy, spec))).toBe(without(generate(ROOT, spec)));
  });
});
