/**
 * Declare locals: gives the locals of kernel functions the roles that follow from what is declared
 * around them, before folding and inlining take those declarations away. A role follows from the
 * value (a call has its function's declared result), or from the uses: the record whose field is
 * asked for, the declared parameter that the local is passed for. Where uses disagree nothing is
 * written; the reader of the typed form says what it misses.
 */
import { ts } from "ts-morph";
import { declarationsOf, mapModules, type Program, parse } from "../stages/program.ts";
import { recordCall } from "../stages/records.ts";
import { bare, rewrite } from "../stages/rewrite.ts";
import { forEachName, localOf } from "../stages/scope.ts";
import { Roles } from "./roles.ts";

/** Intrinsics whose first argument is a place. */
const ACCESSES = new Set(["load32", "loadRacy32", "store32"]);

export function declareLocals(program: Program): Program {
  const declarer = new Declarer(program);
  return mapModules(program, (module) =>
    module.host ? module.text : rewrite(parse(module), declarer.declare),
  );
}

class Declarer {
  readonly #program: Program;
  readonly #roles: Roles;
  readonly #known = new Map<ts.Node, string | undefined>();

  constructor(program: Program) {
    this.#program = program;
    this.#roles = new Roles(program);
  }

  readonly declare = (node: ts.Node): string | undefined => {
    if (!ts.isVariableDeclaration(node) || node.type !== undefined || !isLocal(node)) return undefined;
    const role = this.#roleOfLocal(node);
    if (role === undefined || node.initializer === undefined) return undefined;
    return `${node.name.getText()}: ${role} = ${rewrite(node.initializer, this.declare)}`;
  };

  #roleOfLocal(local: ts.Node): string | undefined {
    if (this.#known.has(local)) return this.#known.get(local);
    this.#known.set(local, undefined); // a local that depends on itself tells nothing
    const role = this.#find(local);
    this.#known.set(local, role);
    return role;
  }

  #find(local: ts.Node): string | undefined {
    if (ts.isParameter(local)) return this.#role(local.type?.getText());
    if (!ts.isVariableDeclaration(local)) return undefined;
    if (local.type !== undefined) return this.#role(local.type.getText());
    const role = local.initializer && this.#roleOf(local.initializer);
    return role ?? this.#roleByUse(local);
  }

  /** The role of an expression's value. */
  #roleOf(expression: ts.Expression): string | undefined {
    const node = bare(expression);
    if (ts.isIdentifier(node)) {
      const local = localOf(node);
      if (local !== undefined) return this.#roleOfLocal(local);
      return this.#role(declarationsOf(this.#program).values.get(node.text)?.variable?.type?.getText());
    }
    if (ts.isCallExpression(node)) return this.#role(this.#callee(node)?.type?.getText());
    if (ts.isConditionalExpression(node)) return this.#roleOf(node.whenTrue) ?? this.#roleOf(node.whenFalse);
    if (!ts.isBinaryExpression(node)) return undefined;
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.BarBarToken:
        return this.#roleOf(node.left) ?? this.#roleOf(node.right);
      case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
        return node.right.getText() === "0" ? this.#roleOf(node.left) : undefined;
      case ts.SyntaxKind.PlusToken:
      case ts.SyntaxKind.MinusToken: {
        const isStep = this.#isPlace(this.#roleOf(node.left)) && !this.#isPlace(this.#roleOf(node.right));
        return isStep ? "Word" : undefined;
      }
      default:
        return undefined;
    }
  }

  /** The role that all uses of a local agree on. */
  #roleByUse(local: ts.VariableDeclaration): string | undefined {
    let found: string | undefined;
    let agree = true;
    forEachName(functionAround(local), (name) => {
      if (localOf(name) !== local) return;
      const role = this.#roleInUse(name);
      if (role === undefined || role === found) return;
      if (found === undefined || this.#roles.isKindOf(role, found)) found = role;
      else if (!this.#roles.isKindOf(found, role)) agree = false;
    });
    return agree ? found : undefined;
  }

  #roleInUse(name: ts.Identifier): string | undefined {
    const { parent } = name;
    if (ts.isCallExpression(parent)) {
      const index = parent.arguments.indexOf(name);
      if (index === 0 && ACCESSES.has(parent.expression.getText())) return "Word";
      return this.#role(this.#callee(parent)?.parameters[index]?.type?.getText());
    }
    if (ts.isReturnStatement(parent)) return this.#role(functionAround(parent).type?.getText());
    if (!ts.isBinaryExpression(parent) || parent.left !== name) return undefined;
    const { operatorToken, right } = parent;
    if (operatorToken.kind === ts.SyntaxKind.EqualsToken) return this.#roleOf(right);
    if (operatorToken.kind !== ts.SyntaxKind.PlusToken || !ts.isPropertyAccessExpression(right))
      return undefined;
    const record = declarationsOf(this.#program).values.get(right.expression.getText());
    return record && recordCall(record) ? this.#role(record.name) : undefined;
  }

  #callee(call: ts.CallExpression): ts.FunctionDeclaration | undefined {
    const statement = declarationsOf(this.#program).values.get(call.expression.getText())?.statement;
    return statement !== undefined && ts.isFunctionDeclaration(statement) ? statement : undefined;
  }

  #role(name: string | undefined): string | undefined {
    return this.#roles.isRole(name) ? name : undefined;
  }

  #isPlace(role: string | undefined): boolean {
    return role !== undefined && this.#roles.isKindOf(role, "Word");
  }
}

function isLocal(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) || (!ts.isSourceFile(node.parent) && isLocal(node.parent));
}

/** The function that a local or a statement belongs to. */
function functionAround(node: ts.Node): ts.FunctionDeclaration {
  return ts.isFunctionDeclaration(node) ? node : functionAround(node.parent);
}
