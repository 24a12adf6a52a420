import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve as resolvePath } from "node:path";
import { importDefault } from "./import-module.ts";
import { isRecord, merge, unknownPreset } from "./parse-spec.ts";
import { isPresetName } from "./preset-names.ts";
import { presets } from "./presets/index.ts";
import { readJsonc } from "./read-jsonc.ts";
import { type ResolvedSpec, resolveSpec } from "./resolve.ts";
import type { Spec } from "./schema.ts";
import { SPEC_FILE_EXTENSIONS } from "./spec-file.ts";
import { fileError, UserError } from "./user-error.ts";

const EXAMPLE = "export default defineSpec({ … })";

/** Told of every file that a spec is made of. */
export type FileListener = (file: string) => void;

/** Loads and resolves a spec: a preset by its name, a file, or the spec itself. */
export async function loadSpec(
  source: string | Spec,
  onFile: FileListener = () => {},
): Promise<ResolvedSpec> {
  if (typeof source !== "string") {
    return resolveSpec(await overFiles(source, join(process.cwd(), "spec"), onFile));
  }
  if (isPresetName(source)) return resolveSpec(presets[source], source);

  const spec = await loadFile(source, EXAMPLE, onFile);
  if (spec !== undefined) {
    return resolveSpec(
      await overFiles(spec, source, onFile),
      basename(source, extname(source)).replace(/\.heap$/, ""),
    );
  }
  const { message, fix } = unknownPreset(source);
  throw new UserError(`${message}; ${fix}; or name a spec file (${SPEC_FILE_EXTENSIONS.join(", ")})`);
}

/** What a JSON or module file holds; undefined: the name is not one of such a file. */
export async function loadFile(
  source: string,
  example: string,
  onFile: FileListener = () => {},
): Promise<unknown> {
  const extension = extname(source);
  if (!isSpecFile(source)) return undefined;
  const text = await readText(source);
  onFile(resolvePath(source));
  return extension.startsWith(".json") ? readJsonc(source, text) : importDefault(source, example, onFile);
}

const isSpecFile = (name: string) => (SPEC_FILE_EXTENSIONS as readonly string[]).includes(extname(name));

/**
 * A spec laid over the files it extends, which are named from where it stands. What is left extends
 * a preset, or nothing.
 */
async function overFiles(
  spec: unknown,
  file: string,
  onFile: FileListener,
  above: readonly string[] = [],
): Promise<unknown> {
  if (!isRecord(spec) || typeof spec.extends !== "string" || !isSpecFile(spec.extends)) return spec;
  const { extends: base, ...own } = spec;
  const baseFile = relative(process.cwd(), resolvePath(dirname(file), base)) || base;
  const chain = [...above, resolvePath(file)];
  if (chain.includes(resolvePath(baseFile))) {
    throw fileError(file, `extends ${base}, and so itself; take one \`extends\` of that circle out`);
  }
  const { $schema: _, name: __, ...choices } = await recordIn(baseFile, file, onFile);
  return merge(await overFiles(choices, baseFile, onFile, chain), own);
}

async function recordIn(
  file: string,
  extendedBy: string,
  onFile: FileListener,
): Promise<Record<string, unknown>> {
  const spec = await loadFile(file, EXAMPLE, onFile);
  if (isRecord(spec)) return spec;
  throw fileError(extendedBy, `extends ${file}, which holds no spec`);
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
