/** Companions: modules that stand beside a build and depend on nothing. */
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { ts } from "ts-morph";

/** `workers`: of builds whose threads may die. `image`: of builds with images. */
export type Companion = "workers" | "image";

/** Its files by their names. */
export async function companion(name: Companion): Promise<[name: string, text: string][]> {
  const text = readFileSync(new URL(`../../templates/${name}.ts`, import.meta.url), "utf8");
  const { code } = await transform(text, { loader: "ts", format: "esm", target: "es2022" });
  const { outputText } = ts.transpileDeclaration(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return [
    [`${name}.js`, code],
    [`${name}.d.ts`, outputText],
  ];
}
