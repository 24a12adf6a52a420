import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

test("comments, trailing commas and sizes with units", async () => {
  const path = file(
    "wide.jsonc",
    '// A heap.\n{ "memory": { "maxBytes": "2 MiB", /* none */ }, "sizeClasses": [32, "1 KiB"], }\n',
  );
  expect((await loadSpec(path)).kernel).toMatchObject({ memory: { maxPages: 512 }, maxClassBytes: 1024 });
});

describe("extends", () => {
  test("another file, named from where the spec stands, and what that extends in turn", async () => {
    file(
      "base.json",
      '{ "name": "base", "extends": "./tiny-base.ts", "alignment": 32, "lru": { "entries": 3 } }',
    );
    file(
      "tiny-base.ts",
      'export default { extends: "tiny" as const, alignment: 64, lru: { entries: 2 } };\n',
    );
    const path = file("derived.json", '{ "extends": "base.json", "lru": { "bytes": "2 MiB" } }');
    const { name, kernel } = await loadSpec(path);
    expect({ name, alignShift: kernel.alignShift, lru: kernel.lru, heapWalk: kernel.heapWalk }).toEqual({
      name: "derived",
      alignShift: 5,
      lru: { entries: 3, pages: 512 },
      heapWalk: false,
    });
  });

  test.each([
    ["in a circle", "round.json", /turn\.json: extends .*round\.json, and so itself; take one `extends` of/],
    ["a file that is not there", "lost.json", /nowhere\.json: there is no such file$/],
    ["a file that is no spec", "listed.json", /listed\.json: extends .*list\.json, which holds no spec$/],
  ])("%s", async (_, name, message) => {
    file("round.json", '{ "extends": "./turn.json" }');
    file("turn.json", '{ "extends": "./round.json" }');
    file("lost.json", '{ "extends": "./nowhere.json" }');
    file("listed.json", '{ "extends": "./list.json" }');
    file("list.json", "[]");
    await expect(loadSpec(join(folder, name))).rejects.toThrow(message);
  });
});

test("a module may import other files, packages and what lies beside it", async () => {
  file("sizes.ts", "export const sizes: number[] = [64, 128];\n");
  mkdirSync(join(folder, "node_modules/helpful"), { recursive: true });
  file("node_modules/helpful/package.json", '{ "name": "helpful", "main": "index.js" }');
  file("node_modules/helpful/index.js", "exports.alignment = 64; exports.where = __filename;\n");
  const path = file(
    "importing.ts",
    [
      'import { readdirSync } from "node:fs";',
      'import { alignment } from "helpful";',
      'import { defineSpec } from "slabsmith";',
      'import { sizes } from "./sizes";',
      'if (!readdirSync(new URL(".", import.meta.url)).includes("sizes.ts")) throw new Error("elsewhere");',
      "export default defineSpec({ sizeClasses: sizes, alignment: alignment as 64 });",
    ].join("\n"),
  );
  expect((await loadSpec(path)).kernel).toMatchObject({ alignShift: 6, maxClassBytes: 128 });
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
    `${path}: malformed JSON at line 3, column 13: this word is no value\n    ${path}:3:13:\n`,
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
  const path = file("failing.ts", 'interface A {}\n\n  throw new Error("no luck");\n');
  const shown = `${path}: it cannot be run: no luck\n    ${relative(".", path)}:3:9:\n      3 │   throw new Error("no luck")`;
  await expect(loadSpec(path)).rejects.toThrow(shown);
});

test("a module that does not parse", async () => {
  const path = file("unparsed.ts", "export default {\n  alignment: = 8,\n};\n");
  const shown = `${path}: it cannot be run: Unexpected "="\n    ${relative(".", path)}:2:14:\n      2 │   alignment: = 8`;
  await expect(loadSpec(path)).rejects.toThrow(shown);
});
