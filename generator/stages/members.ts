/**
 * Members that not every variant has: a property of an interface, a class or an object literal
 * whose comment says `@when condition`, any constant expression of the kernel's. Where it is
 * false the member goes; elsewhere the tag goes.
 */
import { ts } from "ts-morph";
import type { Holds } from "./comments.ts";

/**
 * The text of an interface or object literal that has such members; undefined for any other node.
 */
export function printMembers(
  node: ts.Node,
  holds: Holds,
  print: (member: ts.Node) => string,
): string | undefined {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node) || ts.isClassDeclaration(node)) {
    if (!node.members.some(isConditional)) return undefined;
    const head = node.getText().slice(0, node.members.pos - node.getStart());
    return `${head}${keep(node.members, holds, print, "")}\n}`;
  }
  if (ts.isObjectLiteralExpression(node)) {
    if (!node.properties.some(isConditional)) return undefined;
    return `{${keep(node.properties, holds, print, ",")}\n}`;
  }
  return undefined;
}

function keep(
  members: ts.NodeArray<ts.Node>,
  holds: Holds,
  print: (member: ts.Node) => string,
  separator: string,
): string {
  const texts = members.flatMap((member) => {
    const condition = conditionOf(member);
    if (condition !== undefined && !holds(condition)) return [];
    return [withoutTag(commentOf(member)) + print(member)];
  });
  return texts.map((text) => text + separator).join("");
}

/** A comment without its `@when`; none at all if there was nothing else in it. */
function withoutTag(comment: string): string {
  return comment.replace(/\n[ \t]*\* @when [^\n]*/, "").replace(/[ \t]*\/\*\* @when [^\n]*\*\/\n?/, "");
}

function isConditional(member: ts.Node): boolean {
  return conditionOf(member) !== undefined;
}

function conditionOf(member: ts.Node): string | undefined {
  return /\* @when ([^\n]+?)[ \t]*(?:\*\/)?$/m.exec(commentOf(member))?.[1];
}

function commentOf(member: ts.Node): string {
  return member.getFullText().slice(0, member.getLeadingTriviaWidth());
}
