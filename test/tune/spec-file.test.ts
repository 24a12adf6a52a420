/** The spec file that tune writes, in both forms. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { specText } from "../../generator/tune/spec-file.ts";
import { loadSpec } from "../../spec/load-spec.ts";

const folder = mkdtempSync(join(tmpdir(), "slabsmith-spec-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sizeClasses = Array.from({ length: 40 }, (_, i) => 16 * (i + 1));
const choices = [
  { path: "sizeClasses", value: sizeClasses, reason: "40 classes made for the traces: footprint −8.0 %." },
  {
    path: "tiers.tlsSll",
    value: { from: 129, capFor: { "48": 7 } },
    reason: `${"much to say ".repeat(20)}here.`,
  },
  { path: "tiers.fast", value: { cap: 16 }, reason: "speed +3.0 %." },
  { path: "lru.entries", value: 0, reason: "gzipped code −3.2 %." },
];
const file = {
  about: "About it. ".repeat(30),
  base: "single",
  choices,
  remarks: ["refill.sticky: no gain."],
};

describe.each([
  ["tuned.heap.ts", false],
  ["tuned.heap.jsonc", true],
])("%s", (name, isJson) => {
  const text = specText(file, isJson);

  test("holds every choice, and what the base has otherwise", async () => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const { spec } = await loadSpec(path);
    const { spec: base } = await loadSpec("single");
    expect(spec.sizeClasses).toEqual(sizeClasses);
    expect(spec.tiers.tlsSll).toMatchObject({ from: 129, capFor: { "48": 7 } });
    expect(spec.tiers.fast).toMatchObject({ cap: 16 });
    expect(spec.lru.entries).toBe(0);
    expect(spec.refill).toEqual(base.refill);
  });

  test("has a reason above each choice, and lines that fit a screen", () => {
    const lines = text.split("\n");
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(100);
    for (const { path, reason } of choices) {
      const key = path.split(".").at(-1) as string;
      const at = lines.findIndex((line) => line.trimStart().replace(/^"/, "").startsWith(key));
      expect(lines[at - 1]?.trim(), path).toMatch(/^\/\/ /);
      expect(reason).toContain(lines[at - 1]?.trim().slice(3));
    }
    expect(text).toContain("// refill.sticky: no gain.");
  });
});
