/**
 * Splice: replaces a call that is a statement of its own, of a function marked `@inline-body`, by
 * the function's statements. The function may return at its end only. Its locals get new names
 * where the caller has locals of that name.
 */
import { ts } from "ts-morph";
import { functionAround, hasTag, isSimple } from "./inline.ts";
import { declarationsOf, isConst, mapModules, type Program, parse } from "./program.ts";
import { rewrite, rewriteStatements, wrap } from "./rewrite.ts";
import { declaresLocal, forEachFreeName, isReference, localOf } from "./scope.ts";
import { Usage } from "./usage.ts";

export function splice(program: Program): Program {
  const bodies = new Map<string, Body>();
  for (const { name, statement } of declarationsOf(program).values.values()) {
    const body = ts.isFunctionDeclaration(statement) ? bodyOf(name, statement) : undefined;
    if (body !== undefined) bodies.set(name, body);
  }
  if (bodies.size === 0) return program;
  const usage = new Usage(program);
  return mapModules(program, (module) => {
    // The statements of one function are spliced once a round: names given to one copy are not
    // known to the next.
    const changed = new Set<ts.Node>();
    const visit = (node: ts.Node): string | undefined => {
      if (!ts.isStatement(node) || ts.isSourceFile(node.parent) || ts.isBlock(node)) return undefined;
      const site = siteOf(node);
      const body = site && bodies.get(site.call.expression.getText());
      if (site === undefined || body === undefined) return undefined;
      const caller = functionAround(node);
      if (changed.has(caller) || localOf(site.call.expression as ts.Identifier) !== undefined)
        return undefined;
      const text = print(site, body, caller, usage);
      if (text === undefined) return undefined;
      changed.add(caller);
      return ts.isBlock(node.parent) ? text : `{ ${text} }`;
    };
    return rewrite(parse(module), visit);
  });
}

interface Body {
  readonly node: ts.FunctionDeclaration;
  readonly statements: readonly ts.Statement[];
  readonly result: ts.Expression | undefined;
  readonly names: ReadonlySet<string>;
}

function bodyOf(name: string, node: ts.FunctionDeclaration): Body | undefined {
  if (node.body === undefined || !hasTag(node, "inline-body")) return undefined;
  const last = node.body.statements.at(-1);
  const result = last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined;
  const statements = result === undefined ? [...node.body.statements] : node.body.statements.slice(0, -1);
  const names = new Set<string>();
  forEachFreeName(node.body, (identifier) => names.add(identifier.text));
  return names.has(name) || statements.some(returns) ? undefined : { node, statements, result, names };
}

/** A call that is a whole statement, and what becomes of its value. */
interface Site {
  readonly call: ts.CallExpression;
  /** `const x = f()` and `let x = f()`. */
  readonly variable?: ts.VariableDeclaration;
  /** Text before and behind the value: `return `, `x = `. */
  readonly before: string;
}

function siteOf(node: ts.Statement): Site | undefined {
  if (ts.isVariableStatement(node)) {
    const [variable, ...more] = node.declarationList.declarations;
    if (variable?.initializer === undefined || more.length > 0 || !ts.isCallExpression(variable.initializer))
      return undefined;
    const text = node.getText();
    return {
      call: variable.initializer,
      variable,
      before: text.slice(0, variable.initializer.getStart() - node.getStart()),
    };
  }
  if (ts.isReturnStatement(node)) {
    return node.expression && ts.isCallExpression(node.expression)
      ? { call: node.expression, before: "return " }
      : undefined;
  }
  if (!ts.isExpressionStatement(node)) return undefined;
  const { expression } = node;
  if (ts.isCallExpression(expression)) return { call: expression, before: "" };
  const isAssigned =
    ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (!isAssigned || !ts.isIdentifier(expression.left) || !ts.isCallExpression(expression.right))
    return undefined;
  return { call: expression.right, before: `${expression.left.text} = ` };
}

function print(site: Site, body: Body, caller: ts.Node, usage: Usage): string | undefined {
  if (!ts.isIdentifier(site.call.expression)) return undefined;
  for (const name of body.names) if (declaresLocal(caller, name)) return undefined;
  if (body.result === undefined && site.before !== "") return undefined;
  const texts = new Map<ts.Node, string>();
  const prologue: string[] = [];
  const taken = new Set<string>();
  const fresh = (name: string): string => {
    let result = name;
    for (let n = 2; taken.has(result) || declaresLocal(caller, result); n++) result = `${name}${n}`;
    taken.add(result);
    return result;
  };
  for (const [index, parameter] of body.node.parameters.entries()) {
    const argument = site.call.arguments[index];
    if (argument === undefined || !ts.isIdentifier(parameter.name)) return undefined;
    const isWritten = usage.of(parameter).writes > 0;
    if (!isWritten && isStable(argument, usage)) {
      texts.set(parameter, wrap(argument.getText()));
      continue;
    }
    const name = fresh(parameter.name.text);
    texts.set(parameter, name);
    prologue.push(`${isWritten ? "let" : "const"} ${name} = ${argument.getText()};`);
  }

  // `const block = take(c)`, and `take` returns its own local: that local becomes the caller's.
  const own = body.result && ts.isIdentifier(body.result) ? localOf(body.result) : undefined;
  const isAdopted =
    site.variable !== undefined &&
    own !== undefined &&
    body.statements.some((statement) => declares(statement, own));
  if (isAdopted) texts.set(own!, site.variable!.name.getText());
  for (const statement of body.statements) {
    forEachDeclared(statement, (variable) => {
      if (!texts.has(variable)) texts.set(variable, fresh(variable.name.getText()));
    });
  }
  const rename = (node: ts.Node): string | undefined => {
    if (
      isAdopted &&
      ts.isVariableDeclarationList(node) &&
      node.declarations[0] === own &&
      !isConst(site.variable!)
    ) {
      return `let ${node.declarations.map((declaration) => rewrite(declaration, rename)).join(", ")}`;
    }
    if (!ts.isIdentifier(node)) return undefined;
    if (!isReference(node)) return texts.get(node.parent);
    const local = localOf(node);
    return local && texts.get(local);
  };
  const source = body.node.getSourceFile().text;
  const first = body.node.body!.getStart() + 1;
  const end = body.statements.at(-1)?.end ?? first;
  const text = rewriteStatements(source, body.statements, first, end, rename);
  const isDone = isAdopted || body.result === undefined || site.before === "";
  const epilogue = isDone ? [] : [`${site.before}${rewrite(body.result!, rename)};`];
  return [...prologue, text.trim(), ...epilogue].join("\n");
}

/**
 * Whether an argument means the same all through the body: a literal, or a local that is never
 * written.
 */
function isStable(argument: ts.Expression, usage: Usage): boolean {
  if (!isSimple(argument)) return false;
  const variable = usage.variable(argument);
  return (
    variable === undefined ||
    localOf(argument as ts.Identifier) !== undefined ||
    usage.of(variable).writes === 0
  );
}

function declares(statement: ts.Statement, variable: ts.Node): boolean {
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.some((declared) => declared === variable)
  );
}

function forEachDeclared(node: ts.Node, visit: (variable: ts.VariableDeclaration) => void): void {
  if (ts.isVariableDeclaration(node)) visit(node);
  ts.forEachChild(node, (child) => forEachDeclared(child, visit));
}

function returns(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return true;
  return ts.forEachChild(node, (child) => returns(child) || undefined) ?? false;
}
