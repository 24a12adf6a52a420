/** Companion: `workers.js`, which stands beside a build whose threads may die, and depends on nothing. */
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { ts } from "ts-morph";

const SOURCE = new URL("../../templates/workers.ts", import.meta.url);

/** Its files by their names. */
export async function companion(): Promise<[name: string, text: string][]> {
  const text = readFileSync(SOURCE, "utf8");
  const { code } = await transform(text, { loader: "ts", format: "esm", target: "es2022" });
  const { outputText } = ts.transpileDeclaration(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return [
    ["workers.js", code],
    ["workers.d.ts", outputText],
  ];
}
