/**
 * Effects: whether evaluating an expression can change anything, so that it may be left out or
 * moved.
 */
import { ts } from "ts-morph";
import { ARITHMETIC } from "./lower-arithmetic.ts";
import { declarationsOf, type Program } from "./program.ts";
import { localOf } from "./scope.ts";

/** Calls that only read or calculate. */
const READS = new Set(["load32", "load8", "wordsOf", "table8", "table32"]);

const verdicts = new WeakMap<Program, Map<string, boolean>>();

export function isPure(program: Program, node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node)) return false;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node;
    if (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken) return false;
  }
  if (ts.isNewExpression(node) || ts.isDeleteExpression(node) || ts.isTaggedTemplateExpression(node))
    return false;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node) || ts.isThrowStatement(node)) return false;
  if (ts.isIterationStatement(node, false)) return false;
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isTypeNode(node)) return true;
  if (ts.isCallExpression(node) && !isPureCall(program, node)) return false;
  return !ts.forEachChild(node, (child) => !isPure(program, child));
}

/**
 * Whether an expression is pure and calls nothing: neither program functions nor reads of memory.
 */
export function isArithmetic(program: Program, node: ts.Node): boolean {
  return isPure(program, node) && !containsCall(node);
}

export function isAssignment(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function containsCall(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && !isMath(node.expression)) return true;
  return ts.forEachChild(node, (child) => containsCall(child) || undefined) ?? false;
}

function isMath(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return callee.expression.getText() === "Math";
  return ts.isIdentifier(callee) && ARITHMETIC.includes(callee.text) && localOf(callee) === undefined;
}

function isPureCall(program: Program, call: ts.CallExpression): boolean {
  const callee = call.expression;
  if (isMath(callee)) return true;
  if (!ts.isIdentifier(callee) || localOf(callee) !== undefined) return false;
  return READS.has(callee.text) || isPureFunction(program, callee.text);
}

function isPureFunction(program: Program, name: string): boolean {
  const known = verdicts.get(program) ?? new Map<string, boolean>();
  verdicts.set(program, known);
  const verdict = known.get(name);
  if (verdict !== undefined) return verdict;
  known.set(name, false); // recursive functions count as having effects
  const statement = declarationsOf(program).values.get(name)?.statement;
  const pure =
    statement !== undefined &&
    ts.isFunctionDeclaration(statement) &&
    statement.body !== undefined &&
    isPure(program, statement.body);
  known.set(name, pure);
  return pure;
}
