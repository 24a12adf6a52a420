import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readProgram } from "../../generator/kernel-source.ts";
import { generateVariant } from "../../generator/pipeline.ts";
import { writeVariant } from "../../generator/write-variant.ts";
import flagged from "../../spec/presets/flagged.ts";
import single from "../../spec/presets/single.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { CONTENTS } from "../../templates/contents.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("the same spec makes the same bytes", async () => {
  const fresh = readProgram(new URL("../../templates", import.meta.url).pathname, CONTENTS);
  const one = await generateVariant(resolveSpec(single));
  await generateVariant(resolveSpec(flagged));
  const two = await generateVariant(resolveSpec(single), { kernel: fresh });
  expect([...two.files]).toEqual([...one.files]);
});

test.each(["closure", "class"])(
  "form %s: specialised and flagged builds export the same names",
  async (form) => {
    for (const specialise of [true, false]) {
      const { files } = await generateVariant(resolveSpec({ ...single, name: "built", form, specialise }));
      expect([...files.keys()]).toEqual([
        "allocator.ts",
        "index.js",
        "index.min.js",
        "index.d.ts",
        "manifest.json",
      ]);
      expect(files.get("index.js")).toMatch(/export \{\s+HeapCorruptionError,\s+createHeap\s+\}/);
      expect(files.get("allocator.ts")!.includes("spec.")).toBe(!specialise);
    }
  },
);

test("a build is written whole, over an older one, with its stages on request", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-"));
  folders.push(folder);
  const variant = await generateVariant(resolveSpec({ ...single, name: "written" }));
  writeVariant(variant, folder, true);
  expect(readdirSync(join(folder, "written", "stages")).at(0)).toBe("01-fold.ts");
  writeVariant(variant, folder);
  expect(readdirSync(folder)).toEqual(["written"]);
  expect(readdirSync(join(folder, "written")).sort()).toEqual([...variant.files.keys()].sort());
  expect(JSON.parse(readFileSync(join(folder, "written", "manifest.json"), "utf8"))).toEqual(
    variant.manifest,
  );
});
