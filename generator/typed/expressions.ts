/**
 * Expressions of the typed form, read from the kernel's text. Each has a type, or reading ends with
 * an error that names the place. Nothing is guessed: what is loaded from memory is a number unless
 * a declared type next to it asks for a place, and a place is never taken for a number.
 */
import { ts } from "ts-morph";
import { errorAt } from "../stages/program.ts";
import { bare } from "../stages/rewrite.ts";
import { BOOL, NUMBER, PLACE, type Roles } from "./roles.ts";
import type {
  Arithmetic,
  Calculation,
  Comparison,
  Constant,
  Expression,
  Register,
  Table,
  Type,
  Variable,
} from "./tree.ts";

/** What a name stands for. */
export type Meaning =
  | { readonly kind: "local"; readonly variable: Variable }
  | { readonly kind: "register"; readonly register: Register }
  | { readonly kind: "constant"; readonly constant: Constant }
  /** Another register by a second name, or a place so many words behind one. */
  | { readonly kind: "alias"; readonly of: Expression }
  | { readonly kind: "table"; readonly table: Table };

export interface Signature {
  readonly parameters: readonly Type[];
  readonly result: Type;
}

/** What is known where an expression stands. */
export interface Surroundings {
  readonly roles: Roles;
  meaning(name: ts.Identifier): Meaning | undefined;
  signature(name: string): Signature | undefined;
}

const { SyntaxKind } = ts;

const ARITHMETIC = new Map<ts.SyntaxKind, Arithmetic>([
  [SyntaxKind.PlusToken, "+"],
  [SyntaxKind.MinusToken, "-"],
  [SyntaxKind.AsteriskToken, "*"],
  [SyntaxKind.SlashToken, "/"],
  [SyntaxKind.PercentToken, "%"],
  [SyntaxKind.AmpersandToken, "&"],
  [SyntaxKind.BarToken, "|"],
  [SyntaxKind.CaretToken, "^"],
  [SyntaxKind.LessThanLessThanToken, "<<"],
  [SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ">>>"],
]);

const COMPARISONS = new Map<ts.SyntaxKind, Comparison>([
  [SyntaxKind.EqualsEqualsEqualsToken, "==="],
  [SyntaxKind.ExclamationEqualsEqualsToken, "!=="],
  [SyntaxKind.LessThanToken, "<"],
  [SyntaxKind.LessThanEqualsToken, "<="],
  [SyntaxKind.GreaterThanToken, ">"],
  [SyntaxKind.GreaterThanEqualsToken, ">="],
]);

const CALCULATIONS: Readonly<Record<string, { name: Calculation; type: Type }>> = {
  ceilDiv: { name: "ceilDiv", type: NUMBER },
  addSaturating: { name: "addSaturating", type: NUMBER },
  productOverflows: { name: "productOverflows", type: BOOL },
  memorySize: { name: "memorySize", type: NUMBER },
  memoryGrow: { name: "memoryGrow", type: BOOL },
  "Math.min": { name: "min", type: NUMBER },
  "Math.max": { name: "max", type: NUMBER },
  "Math.clz32": { name: "clz32", type: NUMBER },
};

/** An expression that must have a type. */
export function expect(node: ts.Expression, wanted: Type, around: Surroundings): Expression {
  const expression = bare(node);
  if (wanted.shape === "place") {
    const place = placeOf(expression, wanted, around);
    if (place !== undefined) return place;
  }
  if (ts.isConditionalExpression(expression)) {
    return {
      kind: "choice",
      condition: expect(expression.condition, BOOL, around),
      whenTrue: expect(expression.whenTrue, wanted, around),
      whenFalse: expect(expression.whenFalse, wanted, around),
      type: wanted,
    };
  }
  const found = infer(expression, around);
  if (around.roles.fits(found.type, wanted)) return found;
  const text = expression.getText();
  throw errorAt(
    "type",
    expression,
    found.type.shape === wanted.shape || wanted.shape === "bool"
      ? `\`${text}\` is a ${found.type.role}, and a ${wanted.role} is needed`
      : `\`${text}\` is a ${found.type.role}, and a ${wanted.role} is needed: declare the type of what it comes from`,
  );
}

/**
 * An expression that is a place because one is asked for: a number of words written out, what is
 * loaded, a byte address divided by four, a shift to the left. Undefined for what has a type of its
 * own.
 */
function placeOf(node: ts.Expression, wanted: Type, around: Surroundings): Expression | undefined {
  if (ts.isNumericLiteral(node)) return { kind: "literal", value: Number(node.text), type: wanted };
  const place = loaded(node);
  if (place !== undefined) return { kind: "load", place: expect(place, PLACE, around), type: wanted };
  if (!ts.isBinaryExpression(node)) return undefined;
  const operator = ARITHMETIC.get(node.operatorToken.kind);
  if (operator === ">>>" && node.right.getText() === "2") {
    const address = infer(node.left, around);
    if (address.type.shape !== "number") return undefined;
    return { kind: "placeAt", address, aligned: address.type.role === "Ptr", type: wanted };
  }
  if (operator === "<<" && ts.isNumericLiteral(node.right)) {
    // So many words: four times as many bytes.
    const right: Expression = { kind: "literal", value: Number(node.right.text) + 2, type: NUMBER };
    const left = expect(node.left, NUMBER, around);
    const address: Expression = { kind: "arithmetic", operator, left, right, type: NUMBER };
    return { kind: "placeAt", address, aligned: true, type: wanted };
  }
  if (operator !== "+" && operator !== "-") return undefined;
  const left = bare(node.left);
  if (!isFlexible(left) || (operator === "+" && infer(node.right, around).type.shape === "place"))
    return undefined;
  if (
    operator === "+" &&
    isFlexible(bare(node.right)) &&
    !ts.isNumericLiteral(left) &&
    !isConstant(node.right, around)
  ) {
    throw errorAt("type", node, `which of the two in \`${node.getText()}\` is a Word? Declare its type`);
  }
  return {
    kind: "step",
    place: expect(left, wanted, around),
    back: operator === "-",
    words: expect(node.right, NUMBER, around),
    type: wanted,
  };
}

/** Whether an expression may be a number or a place, whatever is asked for. */
function isFlexible(node: ts.Expression): boolean {
  if (ts.isNumericLiteral(node) || loaded(node) !== undefined) return true;
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.PlusToken;
  return isSum && isFlexible(bare(node.left));
}

function isConstant(node: ts.Expression, around: Surroundings): boolean {
  const expression = bare(node);
  if (ts.isNumericLiteral(expression)) return true;
  return ts.isIdentifier(expression) && around.meaning(expression)?.kind === "constant";
}

/** The place that a load reads. */
function loaded(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const name = node.expression.getText();
  return name === "load32" || name === "loadRacy32" ? node.arguments[0] : undefined;
}

/** An expression with the type that it has by itself. */
export function infer(node: ts.Expression, around: Surroundings): Expression {
  const expression = bare(node);
  if (ts.isNumericLiteral(expression))
    return { kind: "literal", value: Number(expression.text), type: NUMBER };
  if (expression.kind === SyntaxKind.TrueKeyword) return { kind: "truth", value: true, type: BOOL };
  if (expression.kind === SyntaxKind.FalseKeyword) return { kind: "truth", value: false, type: BOOL };
  if (ts.isIdentifier(expression)) return named(expression, around);
  if (ts.isElementAccessExpression(expression)) return entry(expression, around);
  if (ts.isCallExpression(expression)) return call(expression, around);
  if (ts.isPrefixUnaryExpression(expression)) return unary(expression, around);
  if (ts.isBinaryExpression(expression)) return binary(expression, around);
  if (ts.isConditionalExpression(expression)) {
    const then = infer(expression.whenTrue, around);
    const otherwise = infer(expression.whenFalse, around);
    // A literal has the other one's type.
    return expect(expression, then.kind === "literal" ? otherwise.type : then.type, around);
  }
  throw errorAt("type", expression, `\`${expression.getText()}\` is not of the kernel's language`);
}

function named(name: ts.Identifier, around: Surroundings): Expression {
  const meaning = around.meaning(name);
  switch (meaning?.kind) {
    case "local":
      return { ...meaning, type: meaning.variable.type };
    case "register":
      return { ...meaning, type: meaning.register.type };
    case "constant":
      return { ...meaning, type: meaning.constant.type };
    case "alias":
      return meaning.of;
    default:
      throw errorAt("type", name, `\`${name.text}\` is no number of the kernel's`);
  }
}

function entry(node: ts.ElementAccessExpression, around: Surroundings): Expression {
  const meaning = ts.isIdentifier(node.expression) ? around.meaning(node.expression) : undefined;
  if (meaning?.kind !== "table") throw errorAt("type", node, `\`${node.expression.getText()}\` is no table`);
  const index = expect(node.argumentExpression, NUMBER, around);
  return { kind: "entry", table: meaning.table, index, type: NUMBER };
}

function call(node: ts.CallExpression, around: Surroundings): Expression {
  const name = node.expression.getText();
  const place = loaded(node);
  if (place !== undefined) return { kind: "load", place: expect(place, PLACE, around), type: NUMBER };
  if (name === "load8")
    return { kind: "load8", address: expect(node.arguments[0]!, NUMBER, around), type: NUMBER };
  // Division of words rounds down by itself.
  if (name === "Math.floor") return expect(node.arguments[0]!, NUMBER, around);
  const calculation = Object.hasOwn(CALCULATIONS, name) ? CALCULATIONS[name] : undefined;
  if (calculation !== undefined) {
    const parameters = node.arguments.map((argument) => expect(argument, NUMBER, around));
    return { kind: "calculation", parameters, ...calculation };
  }
  const signature = around.signature(name);
  if (signature === undefined)
    throw errorAt(
      "type",
      node,
      `\`${name}\` is no function of the kernel's, and no intrinsic of this target`,
    );
  const parameters = signature.parameters.map((type, index) => {
    const argument = node.arguments[index];
    if (argument === undefined)
      throw errorAt("type", node, `\`${name}\` needs ${signature.parameters.length} arguments`);
    return expect(argument, type, around);
  });
  return { kind: "call", name, parameters, type: signature.result };
}

function unary(node: ts.PrefixUnaryExpression, around: Surroundings): Expression {
  if (node.operator === SyntaxKind.ExclamationToken)
    return { kind: "not", operand: expect(node.operand, BOOL, around), type: BOOL };
  const right = expect(node.operand, NUMBER, around);
  const literal = (value: number): Expression => ({ kind: "literal", value, type: NUMBER });
  if (node.operator === SyntaxKind.MinusToken) {
    if (right.kind === "literal") return literal(-right.value >>> 0);
    return { kind: "arithmetic", operator: "-", left: literal(0), right, type: NUMBER };
  }
  if (node.operator === SyntaxKind.TildeToken) {
    if (right.kind === "literal") return literal(~right.value >>> 0);
    return { kind: "arithmetic", operator: "^", left: right, right: literal(0xffffffff), type: NUMBER };
  }
  throw errorAt("type", node, `\`${node.getText()}\` is not of the kernel's language`);
}

function binary(node: ts.BinaryExpression, around: Surroundings): Expression {
  const { kind } = node.operatorToken;
  if (kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken) {
    const operator = kind === SyntaxKind.BarBarToken ? "||" : "&&";
    const left = expect(node.left, BOOL, around);
    return { kind: "logic", operator, left, right: expect(node.right, BOOL, around), type: BOOL };
  }
  const comparison = COMPARISONS.get(kind);
  if (comparison !== undefined) return compared(node, comparison, around);
  const operator = ARITHMETIC.get(kind);
  if (operator === undefined)
    throw errorAt("type", node, `\`${node.getText()}\` is not of the kernel's language`);
  return arithmetic(node, operator, around);
}

function compared(node: ts.BinaryExpression, operator: Comparison, around: Surroundings): Expression {
  const first = infer(node.left, around);
  const second = infer(node.right, around);
  const isPlace = first.type.shape === "place" || second.type.shape === "place";
  const left = isPlace ? expect(node.left, PLACE, around) : first;
  const right = isPlace ? expect(node.right, PLACE, around) : second;
  if (left.type.shape !== right.type.shape || left.type.shape === "void")
    throw errorAt(
      "type",
      node,
      `\`${node.getText()}\` compares a ${left.type.role} with a ${right.type.role}`,
    );
  const isZero = (side: Expression) => side.kind === "literal" && side.value === 0;
  const isIdle =
    (isZero(right) && (operator === ">=" || operator === "<" || operator === "<=")) ||
    (isZero(left) && (operator === "<=" || operator === ">" || operator === ">="));
  if (isIdle)
    throw errorAt(
      "type",
      node,
      `\`${node.getText()}\` asks for a sign, and numbers here have none: compare before subtracting`,
    );
  return { kind: "comparison", operator, left, right, type: BOOL };
}

function arithmetic(node: ts.BinaryExpression, operator: Arithmetic, around: Surroundings): Expression {
  const left = infer(node.left, around);
  const right = infer(node.right, around);
  const isLiteral = (side: Expression, value: number) => side.kind === "literal" && side.value === value;
  if (left.type.shape === "number" && right.type.shape === "number") {
    if (operator === ">>>" && isLiteral(right, 0)) return left;
    return { kind: "arithmetic", operator, left, right, type: NUMBER };
  }
  const isPlace = (side: Expression) => side.type.shape === "place";
  if (operator === "-" && isPlace(left) && isPlace(right))
    return { kind: "distance", left, right, type: NUMBER };
  if ((operator === "+" || operator === "-") && isPlace(left) && right.type.shape === "number")
    return { kind: "step", place: left, back: operator === "-", words: right, type: PLACE };
  if (operator === "+" && left.type.shape === "number" && isPlace(right))
    return { kind: "step", place: right, back: false, words: left, type: PLACE };
  if (operator === "-" && isPlace(left) && loaded(bare(node.right)) !== undefined)
    return { kind: "distance", left, right: expect(node.right, PLACE, around), type: NUMBER };
  if (operator === "*" && isPlace(left) && isLiteral(right, 4))
    return { kind: "addressAt", place: left, type: { shape: "number", role: "Ptr" } };
  throw errorAt(
    "type",
    node,
    `\`${node.getText()}\`: a ${left.type.role} ${operator} a ${right.type.role} is neither a number nor a Word`,
  );
}
