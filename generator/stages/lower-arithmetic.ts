/**
 * Arithmetic intrinsics in JavaScript: its numbers hold the sums and products that words do not, so
 * they are the plain operations.
 */
import { ts } from "ts-morph";
import { wrap } from "./rewrite.ts";
import { localOf } from "./scope.ts";

const PRINTED: Readonly<Record<string, (...operands: string[]) => string>> = {
  ceilDiv: (a, b) => `Math.ceil(${a} / ${b})`,
  addSaturating: (a, b) => `(${a} + ${b})`,
  productOverflows: (_a, _b, product) => `(${product} >>> 0 !== ${product})`,
};

/** Names of these intrinsics. */
export const ARITHMETIC: readonly string[] = Object.keys(PRINTED);

/** The text of a call of one of them; undefined for any other node. */
export function printArithmetic(
  node: ts.Node,
  print: (operand: ts.Expression) => string,
): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const { text } = node.expression;
  if (!Object.hasOwn(PRINTED, text) || localOf(node.expression) !== undefined) return undefined;
  return PRINTED[text]!(...node.arguments.map((operand) => wrap(print(operand))));
}
