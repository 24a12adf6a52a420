/** Usage: how often each variable and parameter is read and written, over the whole program. */
import { ts } from "ts-morph";
import { isAssignment } from "./effects.ts";
import { declarationsOf, type Program, parse } from "./program.ts";
import { forEachName, localOf } from "./scope.ts";

export interface Use {
  reads: number;
  writes: number;
}

export class Usage {
  readonly #uses = new Map<ts.Node, Use>();
  /**
   * Calls of each top-level function; undefined when the function is also handed around as a value.
   */
  readonly #calls = new Map<string, ts.CallExpression[] | undefined>();
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
    for (const module of program.modules) forEachName(parse(module), (identifier) => this.#count(identifier));
  }

  /** Uses of the variable or parameter that a declaration introduces. */
  of(declaration: ts.Node): Use {
    return this.#uses.get(declaration) ?? { reads: 0, writes: 0 };
  }

  callsOf(functionName: string): readonly ts.CallExpression[] | undefined {
    return this.#calls.has(functionName) ? this.#calls.get(functionName) : [];
  }

  /** The declaration of the variable that an expression names. */
  variable(node: ts.Expression): ts.Node | undefined {
    if (!ts.isIdentifier(node)) return undefined;
    return localOf(node) ?? declarationsOf(this.#program).values.get(node.text)?.variable;
  }

  #count(node: ts.Identifier): void {
    const local = localOf(node);
    const top = local === undefined ? declarationsOf(this.#program).values.get(node.text) : undefined;
    const declaration = local ?? top?.variable;
    if (declaration !== undefined) {
      const use = this.#uses.get(declaration) ?? { reads: 0, writes: 0 };
      this.#uses.set(declaration, use);
      if (isTarget(node)) use.writes++;
      if (!isStore(node)) use.reads++;
    } else if (top !== undefined && ts.isFunctionDeclaration(top.statement)) {
      const { parent } = node;
      const calls = this.#calls.has(top.name) ? this.#calls.get(top.name) : [];
      const isCall = ts.isCallExpression(parent) && parent.expression === node;
      this.#calls.set(top.name, isCall && calls ? [...calls, parent] : undefined);
    }
  }
}

/** Whether a statement only stores into a variable: `x = …;`, `x += …;`, `x++;`. */
export function storeOf(statement: ts.Node): { target: ts.Identifier; value?: ts.Expression } | undefined {
  if (!ts.isExpressionStatement(statement)) return undefined;
  const { expression } = statement;
  if (ts.isBinaryExpression(expression) && isAssignment(expression) && ts.isIdentifier(expression.left)) {
    return { target: expression.left, value: expression.right };
  }
  if (
    (ts.isPrefixUnaryExpression(expression) || ts.isPostfixUnaryExpression(expression)) &&
    isTarget(expression.operand)
  ) {
    return { target: expression.operand as ts.Identifier };
  }
  return undefined;
}

function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent);
  if (!ts.isPrefixUnaryExpression(parent) && !ts.isPostfixUnaryExpression(parent)) return false;
  return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
}

function isStore(node: ts.Identifier): boolean {
  return isTarget(node) && storeOf(node.parent.parent)?.target === node;
}
