import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSpec } from "../../spec/load-spec.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a preset by its name", async () => {
  expect((await loadSpec("tiny")).name).toBe("tiny");
});

test("a JSON file, named after the file", async () => {
  const path = file(
    "mine.json",
    '{ "$schema": "./slabsmith.schema.json", "extends": "single", "alignment": 32 }',
  );
  expect(await loadSpec(path)).toMatchObject({ name: "mine", kernel: { alignShift: 5 } });
});

test("a TypeScript file", async () => {
  const path = file("typed.ts", 'const alignment: 64 = 64;\nexport default { name: "wide", alignment };\n');
  expect(await loadSpec(path)).toMatchObject({ name: "wide", kernel: { alignShift: 6 } });
});

test("the same spec from JSON and from a module is the same", async () => {
  const json = await loadSpec(file("a.json", '{ "name": "same", "sizeClasses": [32, 64] }'));
  const module = await loadSpec(file("b.mjs", 'export default { sizeClasses: [32, 64], name: "same" };'));
  expect(module).toEqual(json);
});

test.each([
  [
    "sinlge",
    /^there is no preset "sinlge"; did you mean single\? The presets are single, .*; or name a spec file/,
  ],
  ["nowhere.json", /^nowhere\.json: there is no such file$/],
  ["spec.yaml", /^there is no preset "spec\.yaml"; the presets are/],
])("%s is no spec", async (source, message) => {
  await expect(loadSpec(source)).rejects.toThrow(message);
});

test("malformed JSON, with its place", async () => {
  const path = file("broken.json", '{\n  "alignment": 16,\n  "header": tru\n}\n');
  await expect(loadSpec(path)).rejects.toThrow(
    `${path}: malformed JSON at line 3, column 13: Unexpected "tru" in JSON`,
  );
});

test("truncated JSON, with its place", async () => {
  const path = file("short.json", '{ "alignment": 16,');
  await expect(loadSpec(path)).rejects.toThrow(/malformed JSON at line 1, column 19: /);
});

test("a module without a default export", async () => {
  const path = file("empty.ts", "export const spec = {};\n");
  await expect(loadSpec(path)).rejects.toThrow(
    `${path}: it has no default export; write export default defineSpec({ … })`,
  );
});

test("a module that fails", async () => {
  const path = file("failing.ts", 'throw new Error("no luck");\n');
  await expect(loadSpec(path)).rejects.toThrow(`${path}: it cannot be run: no luck`);
});
