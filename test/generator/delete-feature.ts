/**
 * Deletes a feature from the kernel as a person would: every condition that asks for it, whatever
 * it is spelt like, with what it guards; the fields and members that only it has; the functions
 * nobody calls then. It shares no code with the generator.
 */
import { ts } from "ts-morph";
import type { Module, Program } from "../../generator/stages/program.ts";

/** The kernel's expressions that the feature is asked for with, and what they are without it. */
export type Absent = Readonly<Record<string, boolean | number | string>>;

export function deleteFeature({ modules }: Program, absent: Absent, roots: readonly string[]): Program {
  const kept = modules.map((module) => {
    const { text, about } = new Deletion(module, absent);
    return { ...module, text, about };
  });
  return { modules: withoutOrphans(kept, roots), records: new Map() };
}

/** What is left of an expression: a value, or text. */
type Rest = { readonly value: unknown } | { readonly text: string };

class Deletion {
  readonly #absent: Absent;
  /**
   * Constants of the function at hand that the deletion made known: their values stand in their
   * place.
   */
  readonly #constants = new Map<string, Rest>();
  readonly text: string;
  readonly about: string;

  constructor(module: Module, absent: Absent) {
    this.#absent = absent;
    const source = parse(module);
    this.text = this.#spoken(this.#print(source));
    this.about = this.#spoken(module.about);
  }

  /**
   * Text whose comments say `{@when condition} … {@else} … {@end}`, without what the deletion
   * answers.
   */
  #spoken(text: string): string {
    const innermost = /\{@when\s+(?:\* )?([^}]+)\}((?:(?!\{@when\s)[\s\S])*?)\{@end\}/;
    let current = text;
    for (let found = innermost.exec(current); found !== null; found = innermost.exec(current)) {
      const [whole, condition, inside] = found;
      const rest = this.#condition(condition!);
      const [then, otherwise = ""] = inside!.split("{@else}");
      const kept =
        "value" in rest
          ? rest.value
            ? then!
            : otherwise
          : `{@if ${rest.text}}${inside!.replace("{@else}", "{@or}")}{@fi}`;
      const before = current.slice(0, found.index);
      const behind = current.slice(found.index + whole!.length);
      // An empty line would divide a paragraph. Behind a line comment stands code, behind a sentence perhaps a tag.
      const isBlank = kept === "" && /(^|\n)[ \t]*\*?[ \t]*$/.test(before);
      current = before + kept + (isBlank ? behind.replace(EMPTY_LINE, "") : behind);
    }
    return current
      .replaceAll("{@if ", "{@when ")
      .replaceAll("{@fi}", "{@end}")
      .replaceAll("{@or}", "{@else}");
  }

  /** A condition that is written in a comment or in a text. */
  #condition(text: string): Rest {
    const source = parse({
      path: "condition.ts",
      about: "",
      text: `(${text.replace(/\s+/g, " ")})`,
      host: false,
    });
    const statement = source.statements[0] as ts.ExpressionStatement;
    return this.#expression((statement.expression as ts.ParenthesizedExpression).expression);
  }

  /** A node's new text; its comments included, unless nothing is left of it. */
  #print(node: ts.Node): string {
    if (ts.isImportDeclaration(node)) return "";
    const text = this.#rest(node);
    if (text === "" && !ts.isSourceFile(node)) return "";
    return this.#comment(node) + text;
  }

  /**
   * A node's comment; what is left of a member's condition, if that depends on something else too.
   */
  #comment(node: ts.Node): string {
    const condition = this.#memberCondition(node);
    if (condition === undefined) return commentOf(node);
    const rest = this.#condition(condition);
    return commentOf(node).replace(MEMBER, `$1${"text" in rest ? rest.text : rest.value}$3`);
  }

  #rest(node: ts.Node): string {
    if (ts.isFunctionDeclaration(node)) this.#constants.clear();
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isVariableStatement(node) && this.#isKnown(node)) return "";
    if (ts.isPropertyAssignment(node) && this.#isAbsentField(node)) return "";
    if (this.#isAbsentMember(node)) return "";
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() === "When") return this.#typeChosen(node);
    if (ts.isExpression(node)) {
      const rest = this.#expression(node);
      return "text" in rest ? rest.text : JSON.stringify(rest.value);
    }
    return this.#children(node);
  }

  /** `When<"condition", A, B>` */
  #typeChosen(node: ts.TypeReferenceNode): string {
    const [condition, then, otherwise] = node.typeArguments!;
    const rest = this.#condition(((condition as ts.LiteralTypeNode).literal as ts.StringLiteral).text);
    if ("value" in rest) return this.#rest(rest.value ? then! : otherwise!);
    return `When<${JSON.stringify(rest.text)}, ${this.#rest(then!)}, ${this.#rest(otherwise!)}>`;
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

  /** A member whose comment says `@when condition`. */
  #isAbsentMember(node: ts.Node): boolean {
    const condition = this.#memberCondition(node);
    const rest = condition === undefined ? { value: true } : this.#condition(condition);
    return "value" in rest && rest.value === false;
  }

  #memberCondition(node: ts.Node): string | undefined {
    if (!ts.isTypeElement(node) && !ts.isClassElement(node) && !ts.isObjectLiteralElement(node))
      return undefined;
    return MEMBER.exec(commentOf(node))?.[2];
  }
}

const EMPTY_LINE = /^\n(?:[ \t]*\*(?!\/) ?|(?![ \t]*\*))/;
const MEMBER = /(\* @when )([^\n]+?)([ \t]*(?:\*\/|\n))/;

function commentOf(node: ts.Node): string {
  return node.getFullText().slice(0, node.getStart() - node.getFullStart());
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
