/**
 * Deletes a feature from the kernel as a person would: every condition that asks for it, whatever it is
 * spelt like, with what it guards; the fields and members that only it has; the functions nobody calls then.
 * It shares no code with the generator.
 */
import { ts } from "ts-morph";
import type { Module, Program } from "../../generator/stages/program.ts";

/** The kernel's expressions that the feature is asked for with, and what they are without it. */
export type Absent = Readonly<Record<string, boolean | number | string>>;

export function deleteFeature({ modules }: Program, absent: Absent, roots: readonly string[]): Program {
  const kept = modules.map((module) => ({ ...module, text: new Deletion(module, absent).text }));
  return { modules: withoutOrphans(kept, roots), records: new Map() };
}

/** What is left of an expression: a value, or text. */
type Rest = { readonly value: unknown } | { readonly text: string };

class Deletion {
  readonly #absent: Absent;
  /** Constants of the function at hand that the deletion made known: their values stand in their place. */
  readonly #constants = new Map<string, Rest>();
  readonly text: string;

  constructor(module: Module, absent: Absent) {
    this.#absent = absent;
    const source = parse(module);
    this.text = this.#print(source);
  }

  /** A node's new text; its comments included, unless nothing is left of it. */
  #print(node: ts.Node): string {
    if (ts.isImportDeclaration(node)) return "";
    const text = this.#rest(node);
    if (text === "" && !ts.isSourceFile(node)) return "";
    return node.getFullText().slice(0, node.getStart() - node.getFullStart()) + text;
  }

  #rest(node: ts.Node): string {
    if (ts.isFunctionDeclaration(node)) this.#constants.clear();
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isVariableStatement(node) && this.#isKnown(node)) return "";
    if (ts.isPropertyAssignment(node) && this.#isAbsentField(node)) return "";
    if (this.#isAbsentMember(node)) return "";
    if (ts.isExpression(node)) {
      const rest = this.#expression(node);
      return "text" in rest ? rest.text : JSON.stringify(rest.value);
    }
    return this.#children(node);
  }

  #children(node: ts.Node): string {
    const source = node.getSourceFile().text;
    let text = "";
    let position = node.getStart();
    ts.forEachChild(node, (child) => {
      // A node's own comments stand before its first child, too.
      const printed = child.getFullStart() < position ? this.#rest(child) : this.#print(child);
      text += source.slice(position, Math.max(position, child.getFullStart()));
      position = child.end;
      if (printed === "" && source[position] === ",") position++;
      text += printed;
    });
    return text + source.slice(position, node.end);
  }

  #if(node: ts.IfStatement): string {
    const condition = this.#expression(node.expression);
    if ("value" in condition) {
      const branch = condition.value ? node.thenStatement : node.elseStatement;
      return branch === undefined ? "" : this.#rest(branch);
    }
    const otherwise = node.elseStatement === undefined ? "" : this.#rest(node.elseStatement);
    return `if (${condition.text})${this.#print(node.thenStatement)}${otherwise === "" ? "" : ` else ${otherwise}`}`;
  }

  #expression(node: ts.Expression): Rest {
    const question = node.getText();
    const known = this.#constants.get(question);
    if (known !== undefined) return known;
    if (Object.hasOwn(this.#absent, question)) return { value: this.#absent[question] };
    if (ts.isParenthesizedExpression(node)) {
      const inner = this.#expression(node.expression);
      return "text" in inner ? { text: `(${inner.text})` } : inner;
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      const operand = this.#expression(node.operand);
      return "text" in operand ? { text: `!${operand.text}` } : { value: !operand.value };
    }
    if (ts.isConditionalExpression(node)) {
      const condition = this.#expression(node.condition);
      if ("value" in condition) return this.#expression(condition.value ? node.whenTrue : node.whenFalse);
    }
    if (ts.isBinaryExpression(node)) return this.#binary(node) ?? { text: this.#children(node) };
    return { text: this.#children(node) };
  }

  #binary({ left, operatorToken, right }: ts.BinaryExpression): Rest | undefined {
    const operator = operatorToken.getText();
    const [a, b] = [this.#expression(left), this.#expression(right)];
    if (operator === "&&" || operator === "||") {
      const decisive = operator === "||";
      if ("value" in a) return a.value === decisive ? a : b;
      if ("value" in b) return b.value === decisive ? b : a;
      return undefined;
    }
    const calculate = CALCULATE[operator];
    if (calculate === undefined || !("value" in a || "value" in b)) return undefined;
    const [x, y] = [constant(a), constant(b)];
    if (x !== undefined && y !== undefined) return { value: calculate(x, y) };
    if (x === 0 && operator === "+") return b;
    if (y === 0 && (operator === "+" || operator === "-")) return a;
    return undefined;
  }

  #isKnown(node: ts.VariableStatement): boolean {
    if (!(node.declarationList.flags & ts.NodeFlags.Const)) return false;
    const { name, initializer } = node.declarationList.declarations[0]!;
    const rest = initializer && this.#expression(initializer);
    if (rest === undefined || constant(rest) === undefined) return false;
    if ("text" in rest && rest.text === initializer?.getText()) return false;
    this.#constants.set(name.getText(), rest);
    return true;
  }

  /** `when(condition, word)` of a record. */
  #isAbsentField({ initializer }: ts.PropertyAssignment): boolean {
    if (!ts.isCallExpression(initializer) || initializer.expression.getText() !== "when") return false;
    const condition = this.#expression(initializer.arguments[0]!);
    return "value" in condition && condition.value === false;
  }

  /** A member whose comment says `@when condition, condition`. */
  #isAbsentMember(node: ts.Node): boolean {
    if (!ts.isTypeElement(node) && !ts.isObjectLiteralElement(node)) return false;
    const comment = node.getFullText().slice(0, node.getStart() - node.getFullStart());
    const conditions = /@when ([\w., ]*\w)/.exec(comment)?.[1].split(", ") ?? [];
    return conditions.some((condition) => this.#absent[condition] === false);
  }
}

const CALCULATE: Record<string, (a: never, b: never) => unknown> = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  ">": (a: number, b: number) => a > b,
  ">=": (a: number, b: number) => a >= b,
  "===": (a: unknown, b: unknown) => a === b,
  "!==": (a: unknown, b: unknown) => a !== b,
};

function constant(rest: Rest): never | undefined {
  if ("value" in rest) return rest.value as never;
  return /^(\d+|"[^"]*")$/.test(rest.text) ? (JSON.parse(rest.text) as never) : undefined;
}

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*/g;

/** Modules without the functions and variables that nobody names any more. */
function withoutOrphans(modules: readonly Module[], roots: readonly string[]): Module[] {
  let current = [...modules];
  for (;;) {
    const names = current.flatMap(({ text }) => text.replace(COMMENTS, "").match(/\w+/g) ?? []);
    const times = new Map<string, number>();
    for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
    const next = current.map((module) => {
      let text = "";
      for (const statement of parse(module).statements) {
        const name = valueName(statement);
        const isOrphan = name !== undefined && !roots.includes(name) && times.get(name) === 1;
        if (!isOrphan) text += statement.getFullText();
      }
      return { ...module, text };
    });
    if (next.every(({ text }, index) => text === current[index]!.text)) return next;
    current = next;
  }
}

/** The name of a top-level function or variable. */
function valueName(statement: ts.Statement): string | undefined {
  if (ts.isFunctionDeclaration(statement)) return statement.name?.text;
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]?.name.getText()
    : undefined;
}

function parse({ path, text }: Module): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}
