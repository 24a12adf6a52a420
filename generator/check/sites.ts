/**
 * Sites: where in the kernel an access stands. Numbered before anything is rewritten, so that lines
 * are the source's.
 */
import { ts } from "ts-morph";
import { INTRINSICS } from "../stages/lower.ts";
import { mapModules, type Program, parse } from "../stages/program.ts";
import { rewrite } from "../stages/rewrite.ts";
import { localOf } from "../stages/scope.ts";

export interface Site {
  readonly file: string;
  readonly line: number;
  /** The line, without its indentation. */
  readonly text: string;
  /** The function, and where in the file the access begins. */
  readonly inside: string;
  readonly at: number;
}

/** Intrinsics that touch the memory. */
export const ACCESSES: ReadonlySet<string> = new Set(INTRINSICS.filter((name) => !name.startsWith("table")));

/** Whether a node is a call of an intrinsic that touches the memory. */
export function isAccess(node: ts.Node): node is ts.CallExpression & { expression: ts.Identifier } {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    ACCESSES.has(node.expression.text) &&
    localOf(node.expression) === undefined
  );
}

/** Gives every access one more argument: the number of its site. */
export function numberSites(program: Program): { program: Program; sites: readonly Site[] } {
  const sites: Site[] = [];
  const numbered = mapModules(program, (module) => {
    const source = parse(module);
    const lines = module.text.split("\n");
    return rewrite(source, function number(node): string | undefined {
      if (!isAccess(node)) return undefined;
      const at = node.getStart();
      const { line } = source.getLineAndCharacterOfPosition(at);
      const inside = ts.findAncestor(node, ts.isFunctionDeclaration)?.name?.text ?? "";
      const site =
        sites.push({ file: module.path, line: line + 1, text: lines[line].trim(), inside, at }) - 1;
      const given = node.arguments.map((argument) => rewrite(argument, number));
      return `${node.expression.text}(${[...given, site].join(", ")})`;
    });
  });
  return { program: numbered, sites };
}
