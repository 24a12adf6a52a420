/**
 * Imports a spec that is a module, TypeScript too, in plain Node: esbuild bundles it with the files
 * it imports, and the bundle is run from memory. Nothing is written, and no loader is needed in the
 * user's project.
 */
import { readFile } from "node:fs/promises";
import { isBuiltin, SourceMap } from "node:module";
import { extname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BuildFailure, BuildResult, OutputFile, Plugin } from "esbuild";
import { codeFrame, type Place } from "./code-frame.ts";
import { fileError } from "./user-error.ts";
import { valueAt } from "./value-at.ts";

/** The default export; `example` says how one is written. */
export async function importDefault(
  file: string,
  example: string,
  onFile: (file: string) => void,
): Promise<unknown> {
  const { code, map, inputs } = await bundle(file);
  for (const input of inputs) onFile(resolve(input));
  let module: { default?: unknown };
  try {
    module = await import(/* @vite-ignore */ `${DATA_URL}${Buffer.from(code).toString("base64")}`);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw fileError(file, `it cannot be run: ${reason}${await codeFrame(await placeOf(error, map))}`);
  }
  // A module in CommonJS that was compiled from TypeScript has its exports, `default` among them,
  // for its default.
  const exported = valueAt(module.default, "default") ?? module.default;
  if (exported === undefined) throw fileError(file, `it has no default export; write ${example}`);
  return exported;
}

const DATA_URL = "data:text/javascript;base64,";

async function bundle(file: string): Promise<{ code: string; map: string; inputs: string[] }> {
  // Loaded late: presets and JSON need no bundler.
  const { build } = await import("esbuild");
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await build({
      entryPoints: [resolve(file)],
      bundle: true,
      write: false,
      metafile: true,
      outfile: "spec.mjs",
      sourcemap: "external",
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "silent",
      plugins: [packagesApart, ownAddresses],
    });
  } catch (failure) {
    const [error] = (failure as BuildFailure).errors ?? [];
    if (error === undefined) throw failure;
    throw fileError(file, `it cannot be run: ${error.text}${await codeFrame(error.location)}`);
  }
  const textOf = (end: string) =>
    (result.outputFiles.find(({ path }) => path.endsWith(end)) as OutputFile).text;
  const inputs = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith("slabsmith:"));
  return { code: textOf(".mjs"), map: textOf(".map"), inputs };
}

/** Of slabsmith a spec needs nothing but these, also where it is not installed. */
const OWN = { slabsmith: "define-spec", "slabsmith/client": "../generator/plugin/client" } as const;

/** Packages stay where they are. */
const packagesApart: Plugin = {
  name: "packages-apart",
  setup(build) {
    build.onResolve({ filter: /^slabsmith(\/client)?$/ }, ({ path }) => {
      const file = `./${OWN[path as keyof typeof OWN]}${extname(import.meta.url)}`;
      return { path: fileURLToPath(new URL(file, import.meta.url)), namespace: "slabsmith" };
    });
    build.onLoad({ filter: /./, namespace: "slabsmith" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "ts",
    }));
    build.onResolve({ filter: /^[\w@#]/ }, async ({ path, pluginData, kind, ...from }) => {
      if (pluginData === RESOLVED || kind === "entry-point" || isBuiltin(path)) return undefined;
      const found = await build.resolve(path, { ...from, kind, pluginData: RESOLVED });
      if (found.errors.length > 0 || found.external || !/[\\/]node_modules[\\/]/.test(found.path))
        return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

const RESOLVED = Symbol("resolved");

/**
 * Modules may look for files beside themselves; in the bundle each still knows where it came from.
 */
const ownAddresses: Plugin = {
  name: "own-addresses",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return {
        contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
        loader: /ts$/.test(path) ? "ts" : "js",
      };
    });
  },
};

/** Where in the sources an error was thrown that the bundle did not catch. */
async function placeOf(error: unknown, map: string): Promise<Place | undefined> {
  const [, line, column] = /base64,[\w+/=]+:(\d+):(\d+)/.exec((error as Error)?.stack ?? "") ?? [];
  if (line === undefined) return undefined;
  const entry = new SourceMap(JSON.parse(map)).findEntry(Number(line) - 1, Number(column) - 1);
  if (!("originalSource" in entry)) return undefined;
  const file = resolve(entry.originalSource);
  const lines = (await readFile(file, "utf8")).split("\n");
  return {
    file: relative(process.cwd(), file),
    line: entry.originalLine + 1,
    column: entry.originalColumn,
    lineText: lines[entry.originalLine] ?? "",
  };
}
