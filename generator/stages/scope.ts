/** Scopes: which local declaration a name refers to, and where names are references at all. */
import { ts } from "ts-morph";

export type Local =
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.BindingElement
  | ts.NamedDeclaration;

const scopes = new WeakMap<ts.Node, Map<string, Local>>();
const locals = new WeakMap<ts.Node, Set<string>>();

/** The local declaration that a name refers to; undefined when it is a top-level or global name. */
export function localOf(identifier: ts.Identifier): Local | undefined {
  return localNamed(identifier.text, identifier);
}

/** The local declaration that a name would refer to at some place. */
export function localNamed(name: string, place: ts.Node): Local | undefined {
  for (let node: ts.Node = place.parent; !ts.isSourceFile(node); node = node.parent) {
    const local = namesOf(node)?.get(name);
    if (local !== undefined) return local;
  }
  return undefined;
}

/**
 * Whether an identifier stands for a value or a type, and is not the name of a member or of a
 * declaration.
 */
export function isReference(identifier: ts.Identifier): boolean {
  const parent = identifier.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === identifier;
  if (ts.isQualifiedName(parent)) return parent.left === identifier;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === identifier;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isMetaProperty(parent)) return false;
  return (parent as ts.NamedDeclaration).name !== identifier;
}

/** Every reference below a node to a name. */
export function forEachName(node: ts.Node, visit: (identifier: ts.Identifier) => void): void {
  if (ts.isIdentifier(node)) {
    if (isReference(node)) visit(node);
    return;
  }
  ts.forEachChild(node, (child) => forEachName(child, visit));
}

/** Every reference below a node to a name that is not local. */
export function forEachFreeName(node: ts.Node, visit: (identifier: ts.Identifier) => void): void {
  forEachName(node, (identifier) => {
    if (localOf(identifier) === undefined) visit(identifier);
  });
}

/** Whether anything below a node declares a local of this name. */
export function declaresLocal(node: ts.Node, name: string): boolean {
  let names = locals.get(node);
  if (names === undefined) {
    names = new Set();
    collectLocals(node, names);
    locals.set(node, names);
  }
  return names.has(name);
}

function collectLocals(node: ts.Node, names: Set<string>): void {
  for (const name of namesOf(node)?.keys() ?? []) names.add(name);
  ts.forEachChild(node, (child) => collectLocals(child, names));
}

/** The names that a block, loop or function declares for what is inside it. */
export function namesOf(node: ts.Node): ReadonlyMap<string, Local> | undefined {
  if (!isScope(node)) return undefined;
  let names = scopes.get(node);
  if (names === undefined) {
    names = collectNames(node);
    scopes.set(node, names);
  }
  return names;
}

type Scope =
  | ts.SignatureDeclaration
  | ts.Block
  | ts.CaseOrDefaultClause
  | ts.ForStatement
  | ts.ForInOrOfStatement
  | ts.CatchClause;

const { SyntaxKind } = ts;
const SCOPES: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.Block,
  SyntaxKind.CaseClause,
  SyntaxKind.DefaultClause,
  SyntaxKind.ForStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.CatchClause,
]);

/**
 * Asked of every node above every name: a set costs less than a chain of questions to the library.
 */
function isScope(node: ts.Node): node is Scope {
  return SCOPES.has(node.kind) || ts.isFunctionLike(node);
}

function collectNames(node: Scope): Map<string, Local> {
  const names = new Map<string, Local>();
  if (ts.isFunctionLike(node)) {
    for (const parameter of node.parameters) {
      if (ts.isParameter(parameter)) bind(names, parameter);
    }
    if (ts.isFunctionExpression(node) && node.name !== undefined) names.set(node.name.text, node);
    for (const parameter of node.typeParameters ?? []) {
      if (ts.isTypeParameterDeclaration(parameter)) names.set(parameter.name.text, parameter);
    }
  } else if (ts.isCatchClause(node)) {
    if (node.variableDeclaration !== undefined) bind(names, node.variableDeclaration);
  } else if ("statements" in node) {
    for (const statement of node.statements) bindStatement(names, statement);
  } else if (node.initializer !== undefined && ts.isVariableDeclarationList(node.initializer)) {
    for (const variable of node.initializer.declarations) bind(names, variable);
  }
  return names;
}

function bindStatement(names: Map<string, Local>, statement: ts.Statement): void {
  if (ts.isVariableStatement(statement)) {
    for (const variable of statement.declarationList.declarations) bind(names, variable);
  } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
    names.set(statement.name.text, statement);
  }
}

function bind(
  names: Map<string, Local>,
  declaration: ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement,
): void {
  if (ts.isIdentifier(declaration.name)) {
    names.set(declaration.name.text, declaration);
    return;
  }
  for (const element of declaration.name.elements) if (ts.isBindingElement(element)) bind(names, element);
}
