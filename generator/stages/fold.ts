/**
 * Fold: constants in. Every `spec.…` becomes its value, conditions that are known choose their
 * branch, records become constants. A named constant keeps its name where it is used: only its
 * declaration changes. Functions that nothing reaches then are dropped rather than folded, and so
 * are imports: names are unique.
 */
import { ts } from "ts-morph";
import { isPure } from "./effects.ts";
import { type Choices, Evaluator } from "./evaluate.ts";
import { printMembers } from "./members.ts";
import {
  declarationOf,
  declarationsOf,
  errorAt,
  isConst,
  type Module,
  mapModules,
  type Program,
  parse,
} from "./program.ts";
import { printRecord, type RecordLayout, recordCall, recordConstants } from "./records.ts";
import { bare, rewrite } from "./rewrite.ts";
import { isReference, localOf } from "./scope.ts";

export function fold(program: Program, choices: Choices, roots: readonly string[]): Program {
  const texts = new Folder(program, new Evaluator(program, choices)).statements(roots);
  const folded = mapModules(program, (module) =>
    rewrite(parse(module), (node) => (ts.isSourceFile(node) ? undefined : (texts.get(node) ?? ""))),
  );
  const layouts = layoutRecords(program, choices);
  return layouts.size === 0 ? folded : { ...folded, records: new Map([...program.records, ...layouts]) };
}

/** The layout of every record that a program declares. */
export function layoutRecords(program: Program, choices: Choices): Map<string, RecordLayout> {
  const evaluator = new Evaluator(program, choices);
  const layouts = new Map<string, RecordLayout>();
  for (const name of declarationsOf(program).values.keys()) {
    const layout = evaluator.record(name);
    if (layout !== undefined) layouts.set(name, layout);
  }
  return layouts;
}

class Folder {
  readonly #program: Program;
  readonly #evaluator: Evaluator;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #propagated = new Map<ts.VariableDeclaration, boolean>();
  readonly #reached = new Set<ts.FunctionDeclaration>();
  /** Reached, but not yet folded. */
  readonly #pending: ts.FunctionDeclaration[] = [];

  constructor(program: Program, evaluator: Evaluator) {
    this.#program = program;
    this.#evaluator = evaluator;
    this.#fields = recordConstants(program.records);
  }

  /**
   * The new text of every top-level statement that stays. The constants of a record do: they share
   * a comment.
   */
  statements(roots: readonly string[]): ReadonlyMap<ts.Node, string> {
    const texts = new Map<ts.Node, string>();
    for (const name of roots) this.#reach(name);
    for (const module of this.#program.modules) {
      for (const statement of parse(module).statements) {
        if (ts.isFunctionDeclaration(statement) || ts.isImportDeclaration(statement)) continue;
        texts.set(statement, this.#topLevel(module, statement));
      }
    }
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      texts.set(next, this.#print(next));
    }
    return texts;
  }

  #reach(name: string): void {
    const statement = declarationsOf(this.#program).values.get(name)?.statement;
    if (statement === undefined || !ts.isFunctionDeclaration(statement) || this.#reached.has(statement))
      return;
    this.#reached.add(statement);
    this.#pending.push(statement);
  }

  #topLevel(module: Module, statement: ts.Statement): string {
    if (ts.isVariableStatement(statement)) {
      const declaration = declarationOf(module, statement);
      if (recordCall(declaration)) return printRecord(this.#evaluator.record(declaration.name)!);
    }
    return this.#print(statement);
  }

  readonly #fold = (node: ts.Node): string | undefined => {
    if (ts.isIdentifier(node)) return isReference(node) ? this.#name(node) : undefined;
    const members = printMembers(node, this.#evaluator.holds, (member) => this.#print(member));
    if (members !== undefined) return members;
    // The type of a record's fields belongs to the kernel's language; in a build they are numbers.
    if (ts.isTypeReferenceNode(node) && node.getText() === "Field") return "number";
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() === "When") return this.#typeChosen(node);
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isSwitchStatement(node) && this.#valueOf(node.expression) !== undefined) {
      const choice = node.expression.getText();
      throw errorAt("fold", node, `a switch on \`${choice}\`, which is constant; write it with if and else`);
    }
    if (ts.isWhileStatement(node)) return this.#valueOf(node.expression)?.value === false ? "" : undefined;
    if (ts.isForStatement(node)) {
      return node.condition && this.#valueOf(node.condition)?.value === false ? "" : undefined;
    }
    if (ts.isVariableStatement(node))
      return this.#isPropagated(node.declarationList.declarations[0]) ? "" : undefined;
    if (ts.isShorthandPropertyAssignment(node)) {
      const text = this.#name(node.name);
      return text === undefined || text === node.name.text ? undefined : `${node.name.text}: ${text}`;
    }
    if (ts.isPropertyAssignment(node) && ts.isConditionalExpression(node.initializer)) {
      const value = this.#print(node.initializer);
      return value === node.name.getText() ? value : undefined;
    }
    if (ts.isTemplateExpression(node)) return this.#template(node);
    return ts.isExpression(node) ? this.#expression(node) : undefined;
  };

  /**
   * `When<"condition", A, B>`: one of the two types, or both where the choice is left to run time.
   */
  #typeChosen(node: ts.TypeReferenceNode): string {
    const [condition, then, otherwise] = node.typeArguments!;
    const text = ((condition as ts.LiteralTypeNode).literal as ts.StringLiteral).text;
    const known = this.#evaluator.condition(text);
    if (known === undefined) return `${this.#print(then!)} | ${this.#print(otherwise!)}`;
    return this.#print(known ? then! : otherwise!);
  }

  #print(node: ts.Node): string {
    return rewrite(node, this.#fold);
  }

  #valueOf(node: ts.Expression) {
    return this.#evaluator.valueOf(node);
  }

  #if(node: ts.IfStatement): string | undefined {
    const condition = this.#valueOf(node.expression);
    if (condition !== undefined) {
      const branch = condition.value ? node.thenStatement : node.elseStatement;
      return branch === undefined ? "" : this.#print(branch);
    }
    if (node.elseStatement === undefined || !this.#vanishes(node.elseStatement)) return undefined;
    return `if (${this.#print(node.expression)}) ${this.#print(node.thenStatement) || "{}"}`;
  }

  /** Whether nothing remains of an `else if`. */
  #vanishes(node: ts.Statement): boolean {
    if (!ts.isIfStatement(node)) return false;
    const condition = this.#valueOf(node.expression);
    if (condition === undefined) return false;
    const branch = condition.value ? node.thenStatement : node.elseStatement;
    return branch === undefined || this.#vanishes(branch);
  }

  #expression(node: ts.Expression): string | undefined {
    const layout = ts.isPropertyAccessExpression(node)
      ? this.#evaluator.recordOf(node.expression)
      : undefined;
    if (layout !== undefined) {
      return layout.fields.get((node as ts.PropertyAccessExpression).name.text)?.constant;
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "wordsOf") {
      return this.#evaluator.recordOf(node.arguments[0]!)?.lengthConstant;
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "addSaturating") {
      return this.#isNeutral(node.arguments[1]!, 0) ? this.#print(node.arguments[0]!) : undefined;
    }
    const known = this.#valueOf(node);
    if (known !== undefined && !isLiteral(node)) {
      if (typeof known.value === "boolean") return String(known.value);
      if (!this.#usesNames(node) && !isWrittenOut(node)) return literal(known.value);
    }
    if (ts.isConditionalExpression(node)) {
      const condition = this.#valueOf(node.condition);
      return condition && this.#print(condition.value ? node.whenTrue : node.whenFalse);
    }
    return ts.isBinaryExpression(node) ? this.#binary(node) : undefined;
  }

  /** Text that a placeholder turned out to be is written into the template. */
  #template(node: ts.TemplateExpression): string | undefined {
    const whole = this.#expression(node);
    if (whole !== undefined) return whole;
    let text = node.head.rawText ?? "";
    for (const { expression, literal } of node.templateSpans) {
      const printed = this.#print(expression);
      const isText = /^"(?:[^"\\]|\\.)*"$/.test(printed);
      const isNumber = /^\d+$/.test(printed);
      text += isText ? escaped(JSON.parse(printed)) : isNumber ? printed : `\${${printed}}`;
      text += literal.rawText ?? "";
    }
    return `\`${text}\``;
  }

  #binary(node: ts.BinaryExpression): string | undefined {
    const { left, right } = node;
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        return this.#logical(node, false);
      case ts.SyntaxKind.BarBarToken:
        return this.#logical(node, true);
      case ts.SyntaxKind.PlusToken:
        if (this.#isNeutral(left, 0)) return this.#print(right);
        return this.#isNeutral(right, 0) ? this.#print(left) : undefined;
      case ts.SyntaxKind.MinusToken:
      case ts.SyntaxKind.LessThanLessThanToken:
        return this.#isNeutral(right, 0) ? this.#print(left) : undefined;
      case ts.SyntaxKind.AsteriskToken:
        if (this.#isNeutral(left, 1)) return this.#print(right);
        return this.#isNeutral(right, 1) ? this.#print(left) : undefined;
      case ts.SyntaxKind.SlashToken:
        return this.#isNeutral(right, 1) ? this.#print(left) : undefined;
      default:
        return undefined;
    }
  }

  /**
   * `&&` and `||` with one known side. The kernel's operands are booleans, so the other side alone
   * will do.
   */
  #logical(node: ts.BinaryExpression, decisive: boolean): string | undefined {
    const left = this.#valueOf(node.left);
    if (left !== undefined)
      return Boolean(left.value) === decisive ? String(decisive) : this.#print(node.right);
    const right = this.#valueOf(node.right);
    if (right === undefined) return undefined;
    if (right.value !== decisive) return this.#print(node.left);
    return isPure(this.#program, node.left) ? String(decisive) : undefined;
  }

  /**
   * Whether an operand leaves the other one as it is. A literal stays, somebody wrote it; and so
   * does a record's field, whose name says more than the saved addition.
   */
  #isNeutral(operand: ts.Expression, value: number): boolean {
    const expression = bare(operand);
    if (this.#valueOf(expression)?.value !== value || isLiteral(expression)) return false;
    if (ts.isPropertyAccessExpression(expression) && this.#evaluator.recordOf(expression.expression))
      return false;
    return !(ts.isIdentifier(expression) && this.#fields.has(expression.text));
  }

  /** A local that has a function's name at worst keeps that function for the next stage to drop. */
  #name(node: ts.Identifier): string | undefined {
    this.#reach(node.text);
    const known = this.#valueOf(node);
    if (known === undefined) return undefined;
    const local = localOf(node);
    if (local !== undefined) {
      const variable = local as ts.VariableDeclaration;
      return this.#isPropagated(variable) ? this.#print(variable.initializer!) : undefined;
    }
    return typeof known.value === "boolean" ? String(known.value) : undefined;
  }

  /** A local constant whose value is one literal or one name: it is used in the local's place. */
  #isPropagated(variable: ts.VariableDeclaration | undefined): boolean {
    if (variable === undefined) return false;
    const known = this.#propagated.get(variable) ?? this.#canPropagate(variable);
    this.#propagated.set(variable, known);
    return known;
  }

  #canPropagate(variable: ts.VariableDeclaration): boolean {
    const { initializer } = variable;
    if (initializer === undefined || !isConst(variable)) return false;
    if (!ts.isVariableStatement(variable.parent.parent) || ts.isSourceFile(variable.parent.parent.parent))
      return false;
    if (isLiteral(initializer) || this.#valueOf(initializer) === undefined) return false;
    return /^(\w+|\(-\d+\)|"[^"]*")$/.test(this.#print(initializer));
  }

  /** Whether an expression mentions a named constant, whose name should stay. */
  #usesNames(node: ts.Node): boolean {
    if (ts.isPropertyAccessExpression(node) && this.#evaluator.recordOf(node.expression)) return true;
    if (ts.isCallExpression(node) && node.expression.getText() === "wordsOf") return true;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return false;
    if (ts.isVariableDeclaration(node.parent) && ts.isSourceFile(node.parent.parent.parent.parent))
      return false;
    if (ts.isIdentifier(node) && isReference(node) && node.text !== "spec" && node.text !== "Math") {
      const local = localOf(node);
      if (local === undefined) return true;
      return !this.#isPropagated(local as ts.VariableDeclaration) || !/^\d+$/.test(this.#name(node)!);
    }
    return ts.forEachChild(node, (child) => this.#usesNames(child) || undefined) ?? false;
  }
}

function isLiteral(node: ts.Expression): boolean {
  const expression = ts.isPrefixUnaryExpression(node) ? node.operand : node;
  return (
    ts.isNumericLiteral(expression) ||
    ts.isStringLiteralLike(expression) ||
    expression.kind === ts.SyntaxKind.TrueKeyword ||
    expression.kind === ts.SyntaxKind.FalseKeyword
  );
}

/** Text for the inside of a template. */
function escaped(text: string): string {
  return text.replace(/[\\`]|\$\{/g, "\\$&");
}

/** `1 << 20`: written with literals alone, which somebody found more readable than the result. */
function isWrittenOut(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return false;
  return !ts.forEachChild(node, (child) => !isWrittenOut(child));
}

function literal(value: unknown): string | undefined {
  if (typeof value === "number") return value < 0 || Object.is(value, -0) ? `(${value})` : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return undefined;
}
