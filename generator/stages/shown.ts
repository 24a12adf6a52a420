/**
 * Shown: what the object that `createHeap` makes shows to users, and the accessors that may stand
 * in front of it.
 */
import { ts } from "ts-morph";
import { declarationsOf, errorAt, type Program } from "./program.ts";
import { forEachFreeName, localOf } from "./scope.ts";

/** A property of the object. */
export interface Shown {
  readonly node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment;
  readonly value: ts.Expression;
}

export interface ShownObject {
  readonly properties: readonly Shown[];
  /** The statement it is made in: the return, or a variable's. */
  readonly statement: ts.Statement;
  readonly variable: ts.VariableDeclaration | undefined;
  readonly front: Front | undefined;
}

/**
 * `return withViews(heap)`, where `withViews` takes the accessors of an object; or `return
 * condition ? withViews(heap) : heap`, where a choice is left to run time. A class has accessors of
 * its own, whatever that choice will be.
 */
export interface Front {
  /** What is returned. */
  readonly node: ts.Expression;
  /** The object behind. */
  readonly heap: ts.Expression;
  /** The function `withViews`. */
  readonly maker: ts.Statement;
  /** The variable with that object. */
  readonly holder: ts.Statement;
  readonly accessors: readonly ts.AccessorDeclaration[];
  readonly names: ReadonlySet<string>;
}

export function shownBy(program: Program, create: ts.FunctionDeclaration): ShownObject {
  const last = create.body!.statements.at(-1);
  const returned = last && ts.isReturnStatement(last) ? last.expression : undefined;
  const front = returned && frontOf(program, returned);
  const object = front === undefined ? returned : front.heap;
  const local = object && ts.isIdentifier(object) ? localOf(object) : undefined;
  const variable = local && ts.isVariableDeclaration(local) ? local : undefined;
  const literal = variable?.initializer ?? object;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    throw errorAt("place", last ?? create, `${create.name!.text} ends by returning an object literal`);
  }
  const properties = literal.properties.map((node): Shown => {
    if (ts.isPropertyAssignment(node)) return { node, value: node.initializer };
    if (ts.isShorthandPropertyAssignment(node)) return { node, value: node.name };
    throw errorAt("place", node, "a heap's properties are plain: `name` or `name: value`");
  });
  const statement = variable ? (variable.parent.parent as ts.Statement) : last!;
  return { properties, statement, variable, front };
}

function frontOf(program: Program, node: ts.Expression): Front | undefined {
  const call = ts.isConditionalExpression(node) ? node.whenTrue : node;
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return undefined;
  const { values } = declarationsOf(program);
  const maker = values.get(call.expression.text)?.statement;
  const heap = call.arguments[0];
  if (maker === undefined || heap === undefined) return undefined;
  let front: Front | undefined;
  forEachFreeName(maker, (name) => {
    const variable = values.get(name.text)?.variable;
    const literal = variable?.initializer;
    if (variable === undefined || literal === undefined || !ts.isObjectLiteralExpression(literal)) return;
    const accessors = literal.properties.filter(ts.isAccessor);
    if (accessors.length === 0) return;
    const names = new Set(accessors.map((accessor) => accessor.name.getText()));
    front = { node, heap, maker, holder: variable.parent.parent as ts.Statement, accessors, names };
  });
  return front;
}
