/**
 * The plug-ins: a spec that is imported is its heap, in each bundler, and a new one when a file of
 * the spec changes.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import webpack from "webpack";
import forEsbuild from "../../generator/plugin/esbuild.ts";
import forRollup from "../../generator/plugin/rollup.ts";
import forVite from "../../generator/plugin/vite.ts";
import forWebpack from "../../generator/plugin/webpack.ts";

let folder: string;
let entry: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-plugins-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("package.json", '{ "type": "module", "sideEffects": false }');
  write("base.jsonc", '{ "extends": "tiny", "alignment": 32 } // A base.');
  write(
    "particles.heap.ts",
    [
      'import { defineSpec } from "slabsmith";',
      'export default defineSpec({ extends: "./base.jsonc", pool: { stage05: {} } });',
      'export { createHeap } from "slabsmith/client";',
    ].join("\n"),
  );
  entry = join(folder, "main.js");
  write(
    "main.js",
    [
      'import { createHeap } from "./particles.heap.ts";',
      "const heap = createHeap();",
      "const [a, b] = [heap.malloc(1), heap.malloc(1)];",
      "console.log(JSON.stringify([a % 32, b - a, heap.usableSize(a)]));",
    ].join("\n"),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundlers: Record<string, (out: string) => Promise<unknown>> = {
  vite: (outDir) =>
    vite.build({
      root: folder,
      logLevel: "error",
      configFile: false,
      plugins: [forVite()],
      build: { outDir, lib: { entry, formats: ["es"], fileName: "main" }, minify: true },
    }),
  async rollup(dir) {
    const bundle = await rollup({ input: entry, plugins: [forRollup()] });
    await bundle.write({ dir, format: "es" });
  },
  esbuild: (outdir) =>
    esbuild.build({ entryPoints: [entry], outdir, bundle: true, format: "esm", plugins: [forEsbuild()] }),
  webpack(path) {
    const config: webpack.Configuration = {
      mode: "production",
      context: folder,
      entry,
      output: { path, filename: "main.js" },
      plugins: [forWebpack()],
    };
    return new Promise<void>((resolve, reject) => {
      webpack(config, (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString("errors-only")));
        else resolve();
      });
    });
  },
};

test.each(Object.keys(bundlers))("%s", async (name) => {
  const out = join(folder, `out-${name}`);
  await bundlers[name]?.(out);
  const file = join(out, String(readdirSync(out).find((each) => /^main\.m?js$/.test(each))));
  expect(JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" }))).toEqual([0, 32, 32]);
  expect(existsSync(join(folder, "generated"))).toBe(false);
});

test("a spec that is wrong stops the build, with its problems", async () => {
  writeFileSync(join(folder, "bad.heap.js"), "export default { alignment: 7 };");
  writeFileSync(join(folder, "bad.js"), 'import { createHeap } from "./bad.heap.js"; createHeap();');
  await expect(rollup({ input: join(folder, "bad.js"), plugins: [forRollup()] })).rejects.toThrow(
    /spec bad cannot be built:\n {2}alignment: 7 is not allowed; use 8 or 16 or 32 or 64/,
  );
});

test("vite's server makes the heap anew when a file changes that the spec extends", async () => {
  const server = await vite.createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    plugins: [forVite()],
    server: { middlewareMode: true, ws: false },
  });
  const blockBytes = async () => {
    const { createHeap } = await server.ssrLoadModule("/particles.heap.ts");
    const heap = createHeap();
    return heap.usableSize(heap.malloc(1));
  };
  try {
    expect(await blockBytes()).toBe(32);
    writeFileSync(join(folder, "base.jsonc"), '{ "extends": "tiny", "alignment": 64 }');
    await vi.waitUntil(async () => (await blockBytes()) === 64, { timeout: 100_000, interval: 200 });
  } finally {
    await server.close();
  }
});
