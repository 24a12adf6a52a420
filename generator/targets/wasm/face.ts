/**
 * The face of a Wasm build: the program that `index.js` is made of. It is the kernel with its host,
 * but for the functions that the module does.
 */

import { ts } from "ts-morph";
import { readInstance } from "../../kernel-source.ts";
import { declarationOf, mapModules, type Program, parse, withText } from "../../stages/program.ts";
import { rewrite } from "../../stages/rewrite.ts";

export function withWasmCalls(kernel: Program, binary: Uint8Array): Program {
  const instance = readInstance();
  const replaced = new Set(
    parse(instance)
      .statements.filter(ts.isFunctionDeclaration)
      .map((node) => node.name?.text),
  );
  const others = mapModules(kernel, (module) =>
    rewrite(parse(module), (node) =>
      ts.isFunctionDeclaration(node) && replaced.has(declarationOf(module, node).name) ? "" : undefined,
    ),
  );
  const base64 = Buffer.from(binary).toString("base64");
  const text = instance.text.replace("declare const WASM: string;", `const WASM = "${base64}";`);
  return { ...others, modules: [...others.modules, withText(instance, text)] };
}
