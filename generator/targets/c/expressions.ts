/**
 * Expressions of the typed form in C. Places are numbers of words there, as in the kernel: the
 * processor multiplies by four when it loads.
 */
import type { Arithmetic, Expression, Table } from "../../typed/tree.ts";
import { nameInC } from "./names.ts";

/** Functions of the printed file that stand for what C lacks, by name. */
export const HELPERS: Readonly<Record<string, string>> = {
  ceilDiv: "static uint32_t ceilDiv(uint32_t a, uint32_t b) {\n  return a / b + (a % b != 0u);\n}",
  addSaturating:
    "static uint32_t addSaturating(uint32_t a, uint32_t b) {\n  return a + b < a ? UINT32_MAX : a + b;\n}",
  productOverflows:
    "static _Bool productOverflows(uint32_t a, uint32_t b, uint32_t product) {\n  return (uint64_t)a * b != product;\n}",
  min: "static uint32_t min(uint32_t a, uint32_t b) {\n  return a < b ? a : b;\n}",
  max: "static uint32_t max(uint32_t a, uint32_t b) {\n  return a > b ? a : b;\n}",
  clz32: [
    "static uint32_t clz32(uint32_t bits) {",
    "#if defined(__GNUC__)",
    "  return bits == 0u ? 32u : (uint32_t)__builtin_clz(bits);",
    "#else",
    "  uint32_t zeros = 32u;",
    "  for (; bits != 0u; bits >>= 1u) zeros--;",
    "  return zeros;",
    "#endif",
    "}",
  ].join("\n"),
};

/** An expression's text, and whether it stands for itself in a larger one. */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case "literal":
      return number(node.value);
    case "truth":
      return node.value ? "1" : "0";
    case "constant":
      return node.constant.name;
    case "local":
      return nameInC(node.variable.name);
    case "register":
      return node.register.name;
    case "arithmetic":
      return arithmetic(node.operator, node.left, node.right);
    case "step":
      return arithmetic(node.back ? "-" : "+", node.place, node.words);
    case "distance":
      return arithmetic("-", node.left, node.right);
    case "placeAt":
      return `${operand(node.address, ">>>", "left")} >> 2u`;
    case "addressAt":
      return `${operand(node.place, "*", "left")} * 4u`;
    case "comparison": {
      const operator = node.operator === "===" ? "==" : node.operator === "!==" ? "!=" : node.operator;
      return `${compared(node.left)} ${operator} ${compared(node.right)}`;
    }
    case "logic":
      return `${logical(node.left, node.operator)} ${node.operator} ${logical(node.right, node.operator)}`;
    case "not":
      return `!${wrapped(node.operand)}`;
    case "choice":
      return `${wrapped(node.condition, "comparison")} ? ${wrapped(node.whenTrue)} : ${wrapped(node.whenFalse)}`;
    case "call":
      return `${nameInC(node.name)}(${node.parameters.map(printExpression).join(", ")})`;
    case "calculation":
      return `${node.name}(${node.parameters.map(printExpression).join(", ")})`;
    case "load":
      return `WORD(${printExpression(node.place)})`;
    case "load8":
      return `BYTE(${printExpression(node.address)})`;
    case "entry":
      return `${node.table.name}[${printExpression(node.index)}]`;
  }
}

export function number(value: number): string {
  const word = value >>> 0;
  return word > 0xffff && (word & 0xfff) !== 0 ? `0x${word.toString(16)}u` : `${word}u`;
}

/** The smallest type that holds a table's entries. */
export function entryType({ values }: Table): string {
  const most = Math.max(...values);
  return most < 256 ? "uint8_t" : most < 65536 ? "uint16_t" : "uint32_t";
}

function arithmetic(operator: Arithmetic, left: Expression, right: Expression): string {
  const shown = operator === ">>>" ? ">>" : operator;
  const isShift = operator === ">>>" || operator === "<<";
  const by = operand(right, operator, "right");
  // A shift by 32 or more has no meaning in C; in the kernel its low five bits count.
  const isKnown = right.kind === "literal" || right.kind === "constant";
  return `${operand(left, operator, "left")} ${shown} ${isShift && !isKnown ? `(${by} & 31u)` : by}`;
}

const PRODUCTS: ReadonlySet<string> = new Set(["*", "/", "%"]);

/** An operand of arithmetic: compilers ask for parentheses where operators of two kinds meet. */
function operand(node: Expression, around: Arithmetic, side: "left" | "right"): string {
  const text = printExpression(node);
  const inner = operatorOf(node);
  if (inner === undefined) return isSimple(node) ? text : `(${text})`;
  const isSum = around === "+" || around === "-";
  const isFine =
    (isSum && PRODUCTS.has(inner) && inner !== "%") ||
    (side === "left" && isSum && (inner === "+" || inner === "-")) ||
    (side === "left" && inner === around && around !== ">>>" && around !== "<<");
  return isFine ? text : `(${text})`;
}

function operatorOf(node: Expression): Arithmetic | undefined {
  switch (node.kind) {
    case "arithmetic":
      return node.operator;
    case "step":
      return node.back ? "-" : "+";
    case "distance":
      return "-";
    case "addressAt":
      return "*";
    case "placeAt":
      return ">>>";
    default:
      return undefined;
  }
}

/** A side of a comparison: sums and products need no parentheses, bits do. */
function compared(node: Expression): string {
  const inner = operatorOf(node);
  if (inner !== undefined && "+-*/%".includes(inner)) return printExpression(node);
  return wrapped(node);
}

function logical(node: Expression, around: "&&" | "||"): string {
  const isFine = node.kind === "comparison" || (node.kind === "logic" && node.operator === around);
  return isFine ? printExpression(node) : wrapped(node);
}

function wrapped(node: Expression, fine?: Expression["kind"]): string {
  const text = printExpression(node);
  return isSimple(node) || node.kind === fine ? text : `(${text})`;
}

const SIMPLE: ReadonlySet<Expression["kind"]> = new Set([
  "literal",
  "truth",
  "constant",
  "local",
  "register",
  "call",
  "calculation",
  "load",
  "load8",
  "entry",
  "not",
]);

function isSimple(node: Expression): boolean {
  return SIMPLE.has(node.kind);
}
