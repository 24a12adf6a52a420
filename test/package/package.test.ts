/**
 * The package as it is published, installed into an empty project; `npm run evidence:package` does
 * more of it.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Packed, Project, pack } from "./project.ts";
import { complaints, RESOLUTIONS } from "./types.ts";

let folder: string;
let packed: Packed;
let project: Project;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-pack-"));
  packed = await pack(folder);
  project = new Project();
  await project.link(packed);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  project.remove();
});

test("holds what is built, the kernel's sources, and nothing of the workshop", () => {
  const foreign = packed.paths.filter(
    (path) => !path.startsWith("dist/") && !/^(package\.json|README\.md|LICENSE)$/.test(path),
  );
  expect(foreign).toEqual([]);
  expect(packed.paths).toContain("dist/templates/kernel/malloc.ts");
  expect(packed.paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))).toSatisfy(
    (sources: string[]) => sources.every((path) => /^dist\/(templates\/|spec\/kernel-spec)/.test(path)),
  );
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({
    pkgDir: join(project.folder, "node_modules/slabsmith"),
    strict: true,
  });
  expect(messages.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
});

test("what is not declared for several module systems at once is ESM, and attw finds nothing else", async () => {
  const attw = join(process.cwd(), "node_modules/.bin/attw");
  const { code, out, err } = await project.run(
    attw,
    packed.file,
    "--profile",
    "esm-only",
    "--format",
    "ascii",
  );
  expect(code, out + err).toBe(0);
}, 240_000);

describe("the program, in plain Node", () => {
  test("generates from a typed spec, and the build runs", async () => {
    project.write(
      "particles.heap.ts",
      [
        'import { defineSpec } from "slabsmith";',
        "interface Unused { readonly type: number }",
        'export default defineSpec({ extends: "tiny", memory: { maxBytes: "1 MiB" } });',
      ].join("\n"),
    );
    const { code, err } = await project.slabsmith("generate", "particles.heap.ts", "--out", "made");
    expect(code, err).toBe(0);
    const use =
      'import { createHeap } from "./made/particles/index.js"; console.log(createHeap().malloc(9) > 0);';
    expect(await project.module(use)).toEqual({ code: 0, out: "true\n", err: "" });
    const again = await project.slabsmith("generate", "particles.heap.ts", "--out", "made", "--check");
    expect(again.code, again.err).toBe(0);
  });

  test("shows the line of a spec that is wrong", async () => {
    project.write("bad.ts", "const a = 1;\nexport default { alignment: = };\n");
    const { code, err } = await project.slabsmith("explain", "bad.ts");
    expect(err).toMatch(
      /^slabsmith: bad\.ts: it cannot be run: [^\n]+\n {4}bad\.ts:2:29:\n {6}2 │ export default/,
    );
    expect(code).toBe(2);
  });

  test("checks, in workers of its own, without fast-check", async () => {
    const { code, out, err } = await project.slabsmith(
      "check",
      "two-remote-frees",
      "--seconds",
      "1",
      "--json",
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ scenario: "two-remote-frees" }]);
  });

  test.each([
    [["bench"], "slabsmith bench needs benny and simple-statistics"],
    [["matrix", "single"], "slabsmith matrix needs benny and simple-statistics"],
    [["tune", "app.trace"], "slabsmith tune needs benny and simple-statistics"],
    [["check", "--random"], "check with random scripts needs fast-check"],
  ])("%j asks for what it needs and is not installed", async (args, message) => {
    const { code, err } = await project.slabsmith(...args);
    expect(err).toMatch(message);
    expect(err).toMatch(/, which slabsmith does not bring along: npm install --save-dev \S+@\d/);
    expect(code).toBe(2);
  });
});

describe("the library", () => {
  test("returns values and writes nothing", async () => {
    const { code, out, err } = await project.module(`
      import { generate, resolve, SpecError, UserError } from "slabsmith";
      const { kernel } = await resolve({ extends: "tiny", memory: { maxBytes: "2 MiB" } });
      const { name, files, manifest } = await generate("tiny");
      const error = await resolve({ threads: 0 }).catch((error) => error);
      console.log(JSON.stringify([
        kernel.memory.maxPages, name, files.has("index.js"), manifest.bytes.gzip > 0,
        error instanceof SpecError && error instanceof UserError, error.problems.length,
      ]));
    `);
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toEqual([512, "tiny", true, true, true, 1]);
    expect(existsSync(join(project.folder, "generated"))).toBe(false);
  });

  test("every module that it exports can be imported", async () => {
    const { exports } = JSON.parse(project.read("node_modules/slabsmith/package.json"));
    const modules = Object.keys(exports).filter((path) => !path.endsWith(".json"));
    expect(modules.length).toBeGreaterThanOrEqual(8);
    const text = modules.map((path) => `await import("slabsmith${path.slice(1)}");`).join("\n");
    expect(await project.module(text)).toEqual({ code: 0, out: "", err: "" });
  });

  test("a heap records to a file, and the trace can be read", async () => {
    project.write(
      "recording.mjs",
      [
        'import { generate } from "slabsmith";',
        'import { recordHeap } from "slabsmith/record";',
        'const { files } = await generate("tiny");',
        'const { createHeap } = await import("data:text/javascript," + encodeURIComponent(files.get("index.js")));',
        'const heap = recordHeap(createHeap(), "small.trace.gz");',
        "for (let size = 0; size < 1000; size++) heap.malloc(size);",
      ].join("\n"),
    );
    expect(await project.run(project.node, "recording.mjs")).toEqual({ code: 0, out: "", err: "" });
    const { code, err } = await project.slabsmith("init", "--trace", "small.trace.gz", "--name", "recorded");
    expect(code, err).toBe(0);
  });

  test.skipIf(process.platform !== "linux")("the command finds the library that it compiles", async () => {
    const { code, out, err } = await project.slabsmith("record", "--json", "--", "ls", "package.json");
    expect(code, err).toBe(0);
    expect(JSON.parse(out).traces).toMatchObject([{ file: "ls.trace.gz", source: "process", notes: [] }]);
  });

  test("its schema can be imported", async () => {
    const text = `import { createRequire } from "node:module";
      console.log(createRequire(import.meta.url)("slabsmith/schema.json").title);`;
    expect((await project.module(text)).out).toBe("slabsmith spec\n");
  });

  test.each(RESOLUTIONS)("has types that hold with every check on: %s", (resolution) => {
    const file = project.write(
      `user-${resolution}.ts`,
      [
        'import { check, defineSpec, explain, generate, resolve, type Build, type Spec } from "slabsmith";',
        'const spec: Spec = defineSpec({ extends: "single", sizeClasses: [32, "1 KiB"], tiers: { tlsSll: { upTo: 0 } } });',
        'export const based: Spec = { extends: "./base.json", memory: { kind: "WebAssembly.Memory", maxBytes: "1 GiB" } };',
        'const build: Build = await generate(spec, { out: "made" });',
        'const text: string | undefined = build.files.get("index.js");',
        "const { kernel, spec: choices } = await resolve(spec);",
        "const bytes: number = kernel.maxClassBytes + choices.memory.maxBytes + (text?.length ?? 0);",
        "const worst: number = (await explain(spec)).waste.from128.worst;",
        "export const reports = await check({ seconds: bytes + worst });",
        "// @ts-expect-error There is no such choice.",
        "defineSpec({ thread: 2 });",
        "// @ts-expect-error There is no such unit.",
        'defineSpec({ memory: { maxBytes: "1 MB" } });',
      ].join("\n"),
    );
    expect(complaints(file, resolution)).toEqual([]);

    project.write(
      `heaps-${resolution}/particles.heap.ts`,
      [
        'import { defineSpec } from "slabsmith";',
        'export default defineSpec({ extends: "single" });',
        'export { createHeap } from "slabsmith/client";',
      ].join("\n"),
    );
    const importing = project.write(
      `heaps-${resolution}/main.ts`,
      [
        'import slabsmith from "slabsmith/vite";',
        'import { mallocAs, struct } from "slabsmith/typed";',
        'import { type Recorded, recordHeap, recordImports } from "slabsmith/record";',
        'import { createHeap } from "./particles.heap.js";',
        "const heap = createHeap({ maxBytes: 1 << 20 });",
        'export const array: Float32Array | undefined = mallocAs(heap, "f32", heap.malloc(8));',
        'export const id: bigint | undefined = struct({ id: "u64" }).malloc(heap)?.id;',
        "export const recorded: Recorded<typeof heap> = recordHeap(heap, (bytes) => bytes.length);",
        'export const thread: number = recordHeap(recorded, "a.trace.gz", { histogram: true }).recording.thread;',
        "export const maybe: Promise<unknown> | undefined = recordHeap(heap).recording?.end();",
        "export const { imports } = recordImports({ malloc: heap.malloc, memory: 1 }, new WritableStream());",
        "export const plugins: { name: string }[] = [slabsmith({ include: /x/ })];",
      ].join("\n"),
    );
    expect(complaints(importing, resolution)).toEqual([]);
  });
});
