/**
 * Builds `dist/`, the part of the project that is published: JavaScript with declarations.
 *
 * It mirrors the sources, file by file: modules look for what they need beside themselves
 * (templates, traces, the twins in C), and find it at the same place there. The kernel stays
 * TypeScript, because it is what the generator reads.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "json-schema-to-typescript";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import ts from "typescript";
import { BYTE_TEXT, UNIT_NAMES } from "../../spec/bytes.ts";
import { specJsonSchema, specOutputJsonSchema } from "../../spec/json-schema.ts";
import { SPEC_FILE_EXTENSIONS } from "../../spec/spec-file.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(ROOT, "dist");

/** What users import, with declarations. */
const PUBLIC = [
  "generator/index.ts",
  ...["vite", "rollup", "webpack", "esbuild", "client"].map((name) => `generator/plugin/${name}.ts`),
  "templates/typed.ts",
  "templates/record/index.ts",
  "templates/adapters/thi-ng-malloc.ts",
];
/** What is run, by the system, as a worker, as a process of its own, or in a page. */
const PROGRAMS = [
  "generator/main.ts",
  "generator/check/crew/member.ts",
  "bench/measure.ts",
  "generator/report/client/main.ts",
];
/** Read by the generator as they stand. */
const DATA = [
  "templates",
  "spec/kernel-spec.ts",
  "spec/slabsmith.schema.json",
  "bench/traces",
  "bench/peers/native",
  "generator/record/native/preload.c",
  "generator/ship/stress-worker.mjs",
];

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

export async function buildDist(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  for (const path of DATA) cpSync(join(ROOT, path), join(DIST, path), { recursive: true });
  for (const path of await reachedModules()) emitJavaScript(path);
  await emitDeclarations();
}

/** Every module that an entry reaches at run time, also by `import()`. */
async function reachedModules(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...PUBLIC, ...PROGRAMS],
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    splitting: true,
    outdir: DIST,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

function emitJavaScript(path: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, path), "utf8"), {
    fileName: path,
    compilerOptions: COMPILER_OPTIONS,
  });
  write(path.replace(/\.ts$/, ".js"), outputText);
}

/**
 * A declaration file per public module, with everything in it that its types name and nothing else:
 * whoever imports it needs neither zod's types nor the compiler's.
 */
async function emitDeclarations(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-declarations-"));
  try {
    const options = configuration(folder);
    const program = ts.createProgram({ rootNames: PUBLIC.map((path) => join(ROOT, path)), options });
    program.emit(undefined, undefined, undefined, true);
    writeFileSync(join(folder, "spec/schema.d.ts"), await choiceTypes());
    for (const path of PUBLIC) {
      const file = path.replace(/\.ts$/, ".d.ts");
      const bundle = await rollup({
        input: join(folder, file),
        external: (id) => /^[\w@]/.test(id),
        plugins: [dts()],
        onwarn(warning) {
          throw new Error(`declarations of ${path}: ${warning.message}`);
        },
      });
      const { output } = await bundle.generate({ format: "es" });
      const [{ code, imports }] = output;
      // An adapter speaks of another library, which whoever uses it has.
      if (imports.length > 0 && !path.includes("/adapters/"))
        throw new Error(`the declarations of ${path} need ${imports.join(", ")}`);
      write(file, code);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The project's own settings, but for declarations. */
function configuration(outDir: string): ts.CompilerOptions {
  const file = join(ROOT, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    ts.sys,
    ROOT,
  );
  return {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: ROOT,
    outDir,
  };
}

/** `Spec` and `Choices` with the schema's descriptions, which an editor then shows. */
async function choiceTypes(): Promise<string> {
  const settings = { bannerComment: "", additionalProperties: false, ignoreMinAndMaxItems: true };
  const [spec, choices] = await Promise.all([
    compile(withTextTypes(specJsonSchema()), "Spec", settings),
    compile(specOutputJsonSchema(), "Choices", settings),
  ]);
  return `${spec}\n${choices}`;
}

/** A schema whose texts with a pattern have, as types, the templates that the sources have. */
function withTextTypes(schema: object): object {
  const typed = JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const { pattern } = (value ?? {}) as { pattern?: string };
    if (pattern === BYTE_TEXT.source) {
      return { tsType: UNIT_NAMES.map((unit) => `\`\${number} ${unit}\``).join(" | ") };
    }
    if (pattern?.endsWith(")$")) {
      return { tsType: SPEC_FILE_EXTENSIONS.map((end) => `\`\${string}${end}\``).join(" | ") };
    }
    return value;
  });
  return { ...typed, title: "Spec" };
}

function write(path: string, text: string): void {
  const file = join(DIST, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

await buildDist();
