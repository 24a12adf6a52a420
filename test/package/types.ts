/**
 * What TypeScript says to a user's file, with every check it has and no type that the project does
 * not install.
 */
import ts from "typescript";

export const RESOLUTIONS = ["bundler", "node16", "nodenext"] as const;

const MODULES = {
  bundler: [ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  node16: [ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  nodenext: [ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
} as const;

export function complaints(file: string, resolution: (typeof RESOLUTIONS)[number]): string[] {
  const [module, moduleResolution] = MODULES[resolution];
  const program = ts.createProgram([file], {
    module,
    moduleResolution,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.esnext.disposable.d.ts"],
    types: [],
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    resolveJsonModule: true,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName.split("/").slice(-3).join("/")}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
