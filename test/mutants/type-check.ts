/** Mutants that an editor would underline are none: nobody makes them without noticing. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import type { Program } from "../../generator/stages/program.ts";
import type { SemanticMutant } from "./mutant.ts";

/** The compiler that ts-morph carries has none on disk. */
const LIBRARY = createRequire(import.meta.url).resolve("typescript/lib/lib.d.ts");
const TEMPLATES = fileURLToPath(new URL("../../templates/", import.meta.url));

/** What a mistake leaves unused is no error of types. */
const UNUSED = new Set([6133, 6192, 6196, 6198, 6199]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  // An early return is a mistake like another.
  allowUnreachableCode: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  types: [],
};

/** Whether a mutant passes the type check that the kernel passes. */
export function typeChecker(kernel: Program): (mutant: SemanticMutant) => boolean {
  // Not as they are on disk: a module's opening comment is no part of its text any more.
  const originals = new Map(kernel.modules.map(({ path, text }) => [TEMPLATES + path, text]));
  const texts = new Map(originals);
  const versions = new Map<string, number>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => OPTIONS,
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (file) => String(versions.get(file) ?? 0),
    getScriptSnapshot(file) {
      const text = texts.get(file) ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => TEMPLATES,
    getDefaultLibFileName: () => LIBRARY,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
  });
  const change = (file: string, text: string) => {
    texts.set(file, text);
    versions.set(file, (versions.get(file) ?? 0) + 1);
  };
  return ({ file, at, from, to }) => {
    const path = TEMPLATES + file;
    const original = originals.get(path) as string;
    change(path, original.slice(0, at) + to + original.slice(at + from.length));
    const errors = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
    change(path, original);
    return errors.every(({ code }) => UNUSED.has(code));
  };
}
