import { readFile } from "node:fs/promises";
import { basename, extname, resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import { type TransformFailure, transform } from "esbuild";
import { unknownPreset } from "./parse-spec.ts";
import { isPresetName } from "./preset-names.ts";
import { presets } from "./presets/index.ts";
import { type ResolvedSpec, resolveSpec } from "./resolve.ts";
import { UserError } from "./user-error.ts";
import { valueAt } from "./value-at.ts";

const modules = [".ts", ".mts", ".js", ".mjs"];

/** Loads and resolves a spec: a preset by its name, or a `.json` or module file. */
export async function loadSpec(source: string): Promise<ResolvedSpec> {
  if (isPresetName(source)) return resolveSpec(presets[source], source);

  const spec = await loadFile(source, "export default defineSpec({ … })");
  if (spec !== undefined) return resolveSpec(spec, basename(source, extname(source)));
  const { message, fix } = unknownPreset(source);
  throw new UserError(`${message}; ${fix}; or name a spec file (.json, ${modules.join(", ")})`);
}

/** What a `.json` or module file holds; undefined: the name is not one of such a file. */
export async function loadFile(source: string, example: string): Promise<unknown> {
  const extension = extname(source);
  if (extension === ".json") return readJson(source);
  return modules.includes(extension) ? importDefault(source, example) : undefined;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch {
    throw fileError(file, `malformed JSON${await syntaxErrorPlace(text)}`);
  }
}

async function importDefault(file: string, example: string): Promise<unknown> {
  await readText(file);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(resolvePath(file)).href);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw fileError(file, `it cannot be run: ${reason}`);
  }
  // A module that was loaded as CommonJS has its exports, `default` among them, for its default.
  const exported = valueAt(module.default, "default") ?? module.default;
  if (exported === undefined) {
    throw fileError(file, `it has no default export; write ${example}`);
  }
  return exported;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw fileError(
      file,
      missing ? "there is no such file" : `it cannot be read: ${(error as Error).message}`,
    );
  }
}

/** Where JSON goes wrong: `JSON.parse` tells it in words that differ from engine to engine, esbuild as numbers. */
async function syntaxErrorPlace(text: string): Promise<string> {
  try {
    await transform(text, { loader: "json", logLevel: "silent" });
    return "";
  } catch (failure) {
    const [{ text: reason, location }] = (failure as TransformFailure).errors;
    const place = location ? ` at line ${location.line}, column ${location.column + 1}` : "";
    return `${place}: ${reason}`;
  }
}

function fileError(file: string, problem: string): UserError {
  return new UserError(`${file}: ${problem}`);
}
