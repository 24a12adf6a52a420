/**
 * Rewriting: prints a tree from its own source text with some nodes replaced. Layout and comments of what
 * stays are untouched. A statement replaced by "" takes its comments with it.
 */
import { ts } from "ts-morph";

/** The new text of a node; undefined to keep it and look inside. */
export type Replace = (node: ts.Node) => string | undefined;

export function rewrite(node: ts.Node, replace: Replace): string {
  return replace(node) ?? rewriteChildren(node, replace);
}

export function rewriteChildren(node: ts.Node, replace: Replace): string {
  if (ts.isSourceFile(node)) return rewriteStatements(node.text, node.statements, 0, node.end, replace);
  if (ts.isBlock(node)) {
    const text = node.getSourceFile().text;
    return `{${rewriteStatements(text, node.statements, node.getStart() + 1, node.end - 1, replace)}}`;
  }
  if (ts.isCaseClause(node) || ts.isDefaultClause(node)) {
    const text = node.getSourceFile().text;
    const colon = node.statements.pos;
    const head = ts.isCaseClause(node) ? `case ${rewrite(node.expression, replace)}:` : text.slice(node.getStart(), colon);
    return head + rewriteStatements(text, node.statements, colon, node.end, replace);
  }
  const text = node.getSourceFile().text;
  let position = node.getStart();
  let result = "";
  ts.forEachChild(node, (child) => {
    const start = child.getStart();
    const printed = rewrite(child, replace);
    result += text.slice(position, start) + (printed === "" && ts.isStatement(child) ? "{}" : printed);
    position = child.end;
  });
  return result + text.slice(position, node.end);
}

/** Prints the statements of a list and the comments between them. */
export function rewriteStatements(
  text: string,
  statements: readonly ts.Statement[],
  from: number,
  to: number,
  replace: Replace,
): string {
  let result = "";
  let position = from;
  let kept = true;
  for (const statement of statements) {
    const { tail, detached, lead } = commentsBetween(text.slice(position, statement.getStart()));
    const printed = rewrite(statement, replace);
    if (kept) result += tail;
    result += detached;
    kept = printed !== "";
    if (kept) result += lead + printed;
    position = statement.end;
  }
  const { tail, detached, lead } = commentsBetween(text.slice(position, to));
  return result + (kept ? tail : "\n") + detached + lead;
}

/**
 * What stands between two statements: the rest of the first one's line, comments that a blank line sets
 * apart, and the comments that belong to the second one.
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

/** Text for an expression that may land inside a larger one; the formatter removes needless parentheses. */
export function wrap(text: string): string {
  return /^[\w$.]+$/.test(text) ? text : `(${text})`;
}
