import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readKernel, readProgram } from "../../generator/kernel-source.ts";
import { generateEach, generateVariant } from "../../generator/pipeline.ts";
import { writeVariant } from "../../generator/write-variant.ts";
import flagged from "../../spec/presets/flagged.ts";
import single from "../../spec/presets/single.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { CONTENTS } from "../../templates/contents.ts";
import { HUNDRED } from "./hundred.ts";

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
        "index.min.d.ts",
        "manifest.json",
        "package.json",
        "image.js",
        "image.d.ts",
      ]);
      expect(files.get("index.js")).toMatch(
        /export \{\s+HeapCorruptionError,\s+HeapImageError,\s+createHeap,\s+openHeap\s+\}/,
      );
      expect(files.get("allocator.ts")!.includes("spec.")).toBe(!specialise);
    }
  },
);

test("different specs one after the other, in one process", async () => {
  const specs = HUNDRED.filter((_, index) => index % 19 === 0);
  expect(specs).toHaveLength(6);
  const texts = new Set<string>();
  for (const spec of specs) {
    const { files } = await generateVariant(resolveSpec({ ...spec, name: "one" }));
    texts.add(files.get("allocator.ts") ?? "");
  }
  expect(texts.size).toBe(6);
});

test("what the stages handed on is told although a later one fails", async () => {
  const kernel = readKernel();
  const modules = kernel.modules.map((module) => ({
    ...module,
    text: module.text.replace("    stats,\n", "    stats: load32,\n"),
  }));
  const stages: string[] = [];
  const generating = generateVariant(resolveSpec({ ...single, name: "broken" }), {
    kernel: { ...kernel, modules },
    observe: ({ name }) => stages.push(name),
  });
  await expect(generating).rejects.toThrow(
    /^verify: host\/create-heap\.ts:\d+: `stats: load32` is left over$/,
  );
  expect(stages.at(0)).toBe("fold");
  expect(stages.at(-1)).toBe("format");
});

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

test("of several the next one begins while one is bundled, and the first failure ends them", async () => {
  const specs = ["a", "b", "c", "d"].map((name) => resolveSpec({ ...single, name }));
  const log: string[] = [];
  const generate =
    (failing?: string) =>
    async ({ name }: { name: string }) => {
      log.push(`${name} begins`);
      if (name === failing) throw new Error(name);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      return name;
    };
  expect(await generateEach(specs, generate())).toEqual(["a", "b", "c", "d"]);
  expect(log).toEqual(
    ["a", "b"]
      .map((name) => `${name} begins`)
      .concat(["a ends", "c begins", "b ends", "d begins", "c ends", "d ends"]),
  );
  log.length = 0;
  await expect(generateEach(specs, generate("b"))).rejects.toThrow("b");
  expect(log).toEqual(["a begins", "b begins"]);
});
