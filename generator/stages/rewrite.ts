/**
 * Rewriting: prints a tree from its own source text with some nodes replaced. Layout and comments
 * of what stays are untouched. A statement replaced by "" takes its comments with it.
 */
import { ts } from "ts-morph";

/** The new text of a node; undefined to keep it and look inside. */
export type Replace = (node: ts.Node) => string | undefined;

export function rewrite(node: ts.Node, replace: Replace): string {
  return changed(node, replace) ?? (ts.isSourceFile(node) ? node.text : node.getText());
}

/**
 * The new text of a node, or undefined when nothing below it is replaced: most of a tree never is.
 */
function changed(node: ts.Node, replace: Replace): string | undefined {
  return replace(node) ?? (ts.isToken(node) ? undefined : changedBelow(node, replace));
}

function changedBelow(node: ts.Node, replace: Replace): string | undefined {
  if (ts.isSourceFile(node)) return changedStatements(node.text, node.statements, 0, node.end, replace);
  if (ts.isBlock(node)) {
    const { text } = node.getSourceFile();
    const inside = changedStatements(text, node.statements, node.statements.pos, node.end - 1, replace);
    return inside === undefined ? undefined : `{${inside}}`;
  }
  if (ts.isCaseClause(node) || ts.isDefaultClause(node)) {
    const { text } = node.getSourceFile();
    const from = node.statements.pos;
    const inside = changedStatements(text, node.statements, from, node.end, replace);
    const value = ts.isCaseClause(node) ? changed(node.expression, replace) : undefined;
    if (inside === undefined && value === undefined) return undefined;
    const head = value === undefined ? text.slice(node.getStart(), from) : `case ${value}:`;
    return head + (inside ?? text.slice(from, node.end));
  }
  let text = "";
  let position = -1;
  let result = "";
  ts.forEachChild(node, (child) => {
    const printed = changed(child, replace);
    if (printed === undefined) return;
    if (position < 0) text = node.getSourceFile().text;
    result += text.slice(position < 0 ? node.getStart() : position, child.getStart());
    result += printed === "" && ts.isStatement(child) ? "{}" : printed;
    position = child.end;
  });
  return position < 0 ? undefined : result + text.slice(position, node.end);
}

/** Prints the statements of a list and the comments between them. */
export function rewriteStatements(
  text: string,
  statements: readonly ts.Statement[],
  from: number,
  to: number,
  replace: Replace,
): string {
  return changedStatements(text, statements, from, to, replace) ?? text.slice(from, to);
}

function changedStatements(
  text: string,
  statements: readonly ts.Statement[],
  from: number,
  to: number,
  replace: Replace,
): string | undefined {
  let result = "";
  let position = from;
  let isRemoved = false;
  for (const statement of statements) {
    const printed = changed(statement, replace);
    if (printed === undefined && !isRemoved) continue;
    const previous = Math.max(position, statement.pos);
    const { tail, detached, lead } = commentsBetween(text.slice(previous, statement.getStart()));
    result += text.slice(position, previous) + (isRemoved ? "" : tail) + detached;
    isRemoved = printed === "";
    if (!isRemoved) result += lead + (printed ?? statement.getText());
    position = statement.end;
  }
  if (position === from && result === "" && !isRemoved) return undefined;
  const { tail, detached, lead } = commentsBetween(text.slice(position, to));
  return `${result}${isRemoved ? "\n" : tail}${detached}${lead}`;
}

/**
 * What stands between two statements: the rest of the first one's line, comments that a blank line
 * sets apart, and the comments that belong to the second one.
 */
export function commentsBetween(trivia: string): { tail: string; detached: string; lead: string } {
  const newline = trivia.indexOf("\n");
  const multiline = trivia.indexOf("/*");
  const cut = newline < 0 || (multiline >= 0 && multiline < newline) ? 0 : newline + 1;
  const rest = trivia.slice(cut);
  const blank = /\n[ \t]*\n(?!.*\n[ \t]*\n)/s.exec(rest);
  const split = blank === null || !/\S/.test(rest.slice(0, blank.index)) ? 0 : blank.index + blank[0].length;
  return { tail: trivia.slice(0, cut), detached: rest.slice(0, split), lead: rest.slice(split) };
}

/** The expression inside any parentheses. */
export function bare(node: ts.Expression): ts.Expression {
  let expression = node;
  while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
  return expression;
}

/**
 * Text for an expression that may land inside a larger one; the formatter removes needless
 * parentheses.
 */
export function wrap(text: string): string {
  return /^[\w$.]+$/.test(text) ? text : `(${text})`;
}
