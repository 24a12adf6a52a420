/** Evaluation: the value of an expression that is known while the variant is generated. */
import { ts } from "ts-morph";
import { isPure } from "./effects.ts";
import {
  declarationOf,
  declarationsOf,
  errorAt,
  isConst,
  type Module,
  type Program,
  parse,
} from "./program.ts";
import { layOut, type RecordLayout, recordCall } from "./records.ts";
import { bare } from "./rewrite.ts";
import { localOf } from "./scope.ts";

/** What the generator knows about a variant. */
export interface Choices {
  /** The part of the spec that is fixed; what it does not hold is unknown. */
  readonly spec: object;
  /** The flagged build decides at run time: every field that some variant has exists. */
  readonly allFields: boolean;
}

/** A known value. The wrapper tells "unknown" from a known `undefined`. */
export interface Known {
  readonly value: unknown;
}

const UNKNOWN = null;
type Cached = Known | typeof UNKNOWN;

export class Evaluator {
  readonly #values = new Map<ts.Node, Cached>();
  readonly #records = new Map<string, RecordLayout>();
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(
    readonly program: Program,
    readonly choices: Choices,
  ) {}

  valueOf(node: ts.Expression): Known | undefined {
    const cached = this.#values.get(node);
    if (cached !== undefined) return cached ?? undefined;
    this.#values.set(node, UNKNOWN); // a cycle is not constant
    const known = this.#evaluate(node);
    this.#values.set(node, known ?? UNKNOWN);
    return known;
  }

  /** Whether a condition, in the kernel's words, holds or is left to run time. */
  readonly holds = (condition: string): boolean => this.condition(condition) ?? true;

  /** Whether a condition holds; undefined when it is left to run time. */
  condition(text: string): boolean | undefined {
    if (!this.#conditions.has(text)) {
      const module: Module = { path: "a condition", about: "", text: `const holds = ${text};`, host: false };
      const { variable } = declarationOf(module, parse(module).statements[0]!);
      const known = this.valueOf(variable!.initializer!);
      this.#conditions.set(text, known && Boolean(known.value));
    }
    return this.#conditions.get(text);
  }

  /** The layout of the record that an expression names. */
  recordOf(node: ts.Expression): RecordLayout | undefined {
    if (!ts.isIdentifier(node) || localOf(node) !== undefined) return undefined;
    return this.record(node.text);
  }

  record(name: string): RecordLayout | undefined {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const declaration = declarationsOf(this.program).values.get(name);
    const call = declaration && recordCall(declaration);
    if (call === undefined) return undefined;
    const layout = layOut(
      name,
      call,
      (expression) => {
        const isCondition =
          ts.isCallExpression(expression.parent) && expression.parent.arguments.length === 2;
        const value = this.valueOf(expression);
        if (value === undefined && this.choices.allFields && isCondition) return true;
        if (value === undefined)
          throw errorAt("fold", expression, `\`${expression.getText()}\` is not constant`);
        return value.value;
      },
      this.holds,
    );
    this.#records.set(name, layout);
    return layout;
  }

  #evaluate(node: ts.Expression): Known | undefined {
    switch (node.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return { value: true };
      case ts.SyntaxKind.FalseKeyword:
        return { value: false };
    }
    if (ts.isTemplateExpression(node)) return this.#template(node);
    if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
    if (ts.isStringLiteralLike(node)) return { value: node.text };
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)) {
      return this.valueOf(node.expression);
    }
    if (ts.isIdentifier(node)) return this.#name(node);
    if (ts.isPropertyAccessExpression(node)) return this.#property(node);
    if (ts.isElementAccessExpression(node)) return this.#element(node);
    if (ts.isPrefixUnaryExpression(node)) return this.#unary(node);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isConditionalExpression(node)) {
      const condition = this.valueOf(node.condition);
      return condition && this.valueOf(condition.value ? node.whenTrue : node.whenFalse);
    }
    if (ts.isCallExpression(node)) return this.#call(node);
    return undefined;
  }

  #name(node: ts.Identifier): Known | undefined {
    const local = localOf(node);
    if (local !== undefined) {
      if (!ts.isVariableDeclaration(local) || local.initializer === undefined || !isConst(local))
        return undefined;
      return this.valueOf(local.initializer);
    }
    const declaration = declarationsOf(this.program).values.get(node.text);
    if (
      node.text === "spec" &&
      (declaration === undefined || declaration.variable?.initializer === undefined)
    ) {
      return { value: this.choices.spec };
    }
    const variable = declaration?.variable;
    return variable?.initializer && isConst(variable) ? this.valueOf(variable.initializer) : undefined;
  }

  #template(node: ts.TemplateExpression): Known | undefined {
    let value = node.head.text;
    for (const { expression, literal } of node.templateSpans) {
      const known = this.valueOf(expression);
      if (known === undefined) return undefined;
      value += `${known.value}${literal.text}`;
    }
    return { value };
  }

  #property(node: ts.PropertyAccessExpression): Known | undefined {
    const field = this.recordOf(node.expression)?.fields.get(node.name.text);
    if (field !== undefined) return { value: field.offset };
    return member(this.valueOf(node.expression), node.name.text);
  }

  #element(node: ts.ElementAccessExpression): Known | undefined {
    const index = this.valueOf(node.argumentExpression);
    return index && member(this.valueOf(node.expression), String(index.value));
  }

  #unary(node: ts.PrefixUnaryExpression): Known | undefined {
    const known = this.valueOf(node.operand);
    if (known === undefined) return undefined;
    const value = known.value as number;
    switch (node.operator) {
      case ts.SyntaxKind.ExclamationToken:
        return { value: !value };
      case ts.SyntaxKind.MinusToken:
        return { value: -value };
      case ts.SyntaxKind.PlusToken:
        return { value: +value };
      case ts.SyntaxKind.TildeToken:
        return { value: ~value };
      default:
        return undefined;
    }
  }

  #binary(node: ts.BinaryExpression): Known | undefined {
    const operator = node.operatorToken.kind;
    const left = this.valueOf(node.left);
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
      const decisive = operator === ts.SyntaxKind.BarBarToken;
      if (left !== undefined) return Boolean(left.value) === decisive ? left : this.valueOf(node.right);
      const right = this.valueOf(node.right);
      return right?.value === decisive && isPure(this.program, node.left) ? right : undefined;
    }
    const right = left && this.valueOf(node.right);
    return right && calculate(operator, left.value as number, right.value as number);
  }

  #call(node: ts.CallExpression): Known | undefined {
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && callee.expression.getText() === "Math") {
      const values = node.arguments.map((argument) => this.valueOf(argument));
      const calculation = MATH[callee.name.text];
      if (calculation === undefined || values.includes(undefined)) return undefined;
      return { value: calculation(...values.map((known) => known!.value as number)) };
    }
    if (!ts.isIdentifier(callee) || localOf(callee) !== undefined) return undefined;
    if (callee.text === "wordsOf") {
      const layout = this.recordOf(node.arguments[0]!);
      return layout && { value: layout.words };
    }
    const result = returnedBy(this.program, callee.text);
    if (result === undefined || !node.arguments.every((argument) => isPure(this.program, argument)))
      return undefined;
    return this.valueOf(result);
  }
}

/** The expression that a function returns when that is all it does. */
export function returnedBy(program: Program, name: string): ts.Expression | undefined {
  const declaration = declarationsOf(program).values.get(name)?.statement;
  if (declaration === undefined || !ts.isFunctionDeclaration(declaration)) return undefined;
  const [statement, ...more] = declaration.body?.statements ?? [];
  if (statement === undefined || more.length > 0 || !ts.isReturnStatement(statement)) return undefined;
  return statement.expression && bare(statement.expression);
}

const MATH: Record<string, (...values: number[]) => number> = {
  min: Math.min,
  max: Math.max,
  clz32: Math.clz32,
  imul: Math.imul,
  floor: Math.floor,
  ceil: Math.ceil,
};

function member(known: Known | undefined, name: string): Known | undefined {
  if (known === undefined || known.value === null || typeof known.value !== "object") return undefined;
  return name in known.value ? { value: (known.value as Record<string, unknown>)[name] } : undefined;
}

function calculate(operator: ts.SyntaxKind, a: number, b: number): Known | undefined {
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return { value: a + b };
    case ts.SyntaxKind.MinusToken:
      return { value: a - b };
    case ts.SyntaxKind.AsteriskToken:
      return { value: a * b };
    case ts.SyntaxKind.SlashToken:
      return { value: a / b };
    case ts.SyntaxKind.PercentToken:
      return { value: a % b };
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return { value: a ** b };
    case ts.SyntaxKind.AmpersandToken:
      return { value: a & b };
    case ts.SyntaxKind.BarToken:
      return { value: a | b };
    case ts.SyntaxKind.CaretToken:
      return { value: a ^ b };
    case ts.SyntaxKind.LessThanLessThanToken:
      return { value: a << b };
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return { value: a >> b };
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return { value: a >>> b };
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return { value: a === b };
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return { value: a !== b };
    case ts.SyntaxKind.LessThanToken:
      return { value: a < b };
    case ts.SyntaxKind.LessThanEqualsToken:
      return { value: a <= b };
    case ts.SyntaxKind.GreaterThanToken:
      return { value: a > b };
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return { value: a >= b };
    default:
      return undefined;
  }
}
