/**
 * Counted build: an emitted build that counts its steps. A step is one round of a loop: a list
 * node, a slab, a class or a word looked at. What calls do outside of loops is bounded by their
 * length. Loops that clear and copy do not count: their length is the caller's.
 */

import { transformSync } from "esbuild";
import { type IterationStatement, Project, SyntaxKind } from "ts-morph";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import { emit, type HeapModule, importText } from "./emitted.ts";

export interface CountedModule extends HeapModule {
  /** Steps since it was set to 0 last. */
  readonly loopSteps: { count: number };
}

/** Their loops are as long as what they clear or copy. */
const NOT_COUNTED = new Set(["clearBytes", "clearByCopies", "copyBlock", "sizeClassTable"]);

const modules = new Map<string, Promise<CountedModule>>();

export function countedModule(resolved: ResolvedSpec): Promise<CountedModule> {
  let module = modules.get(resolved.hash);
  if (module === undefined) {
    module = emit(resolved).then((files) =>
      importText(counted(String(files.get("allocator.ts")))),
    ) as Promise<CountedModule>;
    modules.set(resolved.hash, module);
  }
  return module;
}

function counted(text: string): string {
  const source = new Project({ useInMemoryFileSystem: true }).createSourceFile("allocator.ts", text);
  const loops = [
    SyntaxKind.ForStatement,
    SyntaxKind.WhileStatement,
    SyntaxKind.DoStatement,
    SyntaxKind.ForOfStatement,
  ].flatMap((kind) => source.getDescendantsOfKind(kind));
  const insertions: { at: number; text: string }[] = [];
  for (const loop of loops) {
    const name = loop.getFirstAncestorByKind(SyntaxKind.FunctionDeclaration)?.getName();
    if (name !== undefined && NOT_COUNTED.has(name)) continue;
    const body = (loop as IterationStatement).getStatement();
    if (body.getKind() === SyntaxKind.Block) {
      insertions.push({ at: body.getStart() + 1, text: " loopSteps.count++;" });
    } else {
      insertions.push(
        { at: body.getStart(), text: "{ loopSteps.count++; " },
        { at: body.getEnd(), text: " }" },
      );
    }
  }
  let result = text;
  for (const { at, text: inserted } of insertions.sort((a, b) => b.at - a.at)) {
    result = result.slice(0, at) + inserted + result.slice(at);
  }
  return transformSync(`export const loopSteps = { count: 0 };\n${result}`, { loader: "ts", format: "esm" })
    .code;
}
