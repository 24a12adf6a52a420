/**
 * Tidy: clears away what folding left behind. Unreachable statements, empty branches and loops,
 * blocks that need no braces any more, statements without an effect, variables and parameters that
 * nobody reads, second names of a variable.
 */
import { ts } from "ts-morph";
import { isPure } from "./effects.ts";
import { declarationsOf, mapModules, type Program, parse } from "./program.ts";
import { rewrite, rewriteStatements } from "./rewrite.ts";
import { forEachName, isReference, localNamed, localOf, namesOf } from "./scope.ts";
import { storeOf, Usage } from "./usage.ts";

export function tidy(program: Program, roots: readonly string[]): Program {
  const tidier = new Tidier(program, new Set(roots));
  return mapModules(program, (module) => rewrite(parse(module), tidier.tidy));
}

class Tidier {
  readonly #program: Program;
  readonly #usage: Usage;
  /** Per function: the positions of the parameters that go. */
  readonly #unread = new Map<string, ReadonlySet<number>>();
  readonly #empty = new Set<string>();
  /** Per variable: whether it is a second name of another one. */
  readonly #copies = new Map<ts.Node, ts.Identifier | undefined>();

  constructor(program: Program, roots: ReadonlySet<string>) {
    this.#program = program;
    this.#usage = new Usage(program);
    for (const { name, statement } of declarationsOf(program).values.values()) {
      if (!ts.isFunctionDeclaration(statement) || statement.body === undefined || roots.has(name)) continue;
      if (statement.body.statements.length === 0) this.#empty.add(name);
      this.#unread.set(name, this.#unreadParameters(name, statement));
    }
  }

  readonly tidy = (node: ts.Node): string | undefined => {
    if (ts.isBlock(node)) return this.#block(node);
    if (ts.isIfStatement(node)) return this.#if(node);
    if (ts.isVariableStatement(node)) return this.#variable(node);
    if (ts.isExpressionStatement(node)) return this.#expressionStatement(node);
    if (ts.isFunctionDeclaration(node)) return this.#function(node);
    if (ts.isCallExpression(node)) return this.#call(node);
    if (ts.isReturnStatement(node)) return isLastReturn(node) ? "" : undefined;
    if (ts.isForStatement(node)) return this.#isIdleLoop(node) ? "" : undefined;
    if (ts.isShorthandPropertyAssignment(node)) {
      const original = this.#originalOf(node.name);
      return original && `${node.name.text}: ${original.text}`;
    }
    return ts.isIdentifier(node) && isReference(node) ? this.#originalOf(node)?.text : undefined;
  };

  #print(node: ts.Node): string {
    return rewrite(node, this.tidy);
  }

  #block(node: ts.Block): string | undefined {
    if (
      !node.statements.some(
        (statement, index) => ts.isBlock(statement) || (index > 0 && leaves(node.statements[index - 1]!)),
      )
    ) {
      return undefined;
    }
    const text = node.getSourceFile().text;
    const end = node.statements.findIndex(leaves) + 1 || node.statements.length;
    const live = node.statements.slice(0, end);
    const close = end < node.statements.length ? live.at(-1)!.end : node.end - 1;
    const inside = rewriteStatements(text, live, node.getStart() + 1, close, (statement) => {
      if (!ts.isBlock(statement) || statement.parent !== node) return this.tidy(statement);
      const printed = this.#print(statement);
      if (!this.#isDissolvable(statement, node)) return printed;
      return printed.slice(1, -1).trim();
    });
    return `{${inside}${close === node.end - 1 ? "" : "\n"}}`;
  }

  /** Whether the names of an inner block mean nothing else in the block around it. */
  #isDissolvable(inner: ts.Block, outer: ts.Block): boolean {
    const names = namesOf(inner)!;
    if (names.size === 0) return true;
    const taken = new Set([...namesOf(outer)!.keys(), ...(namesOf(outer.parent)?.keys() ?? [])]);
    for (const statement of outer.statements) {
      if (statement === inner) continue;
      if (ts.isBlock(statement)) for (const name of namesOf(statement)!.keys()) taken.add(name);
      collectOuterNames(statement, taken);
    }
    return [...names.keys()].every((name) => !taken.has(name));
  }

  #if(node: ts.IfStatement): string | undefined {
    const then = isEmpty(node.thenStatement);
    const otherwise = node.elseStatement === undefined || isEmpty(node.elseStatement);
    if (!then && !(otherwise && node.elseStatement)) return undefined;
    const condition = this.#print(node.expression);
    if (then && otherwise) return isPure(this.#program, node.expression) ? "" : `${condition};`;
    if (then) return `if (!(${condition})) ${this.#print(node.elseStatement!)}`;
    return `if (${condition}) ${this.#print(node.thenStatement) || "{}"}`;
  }

  /** A loop that counts, and does nothing else. */
  #isIdleLoop(node: ts.ForStatement): boolean {
    const { initializer, condition, incrementor } = node;
    if (!isEmpty(node.statement) || !initializer || !condition || !incrementor) return false;
    if (!ts.isVariableDeclarationList(initializer) || initializer.declarations.length !== 1) return false;
    const counter = initializer.declarations[0]!;
    const counts =
      (ts.isPostfixUnaryExpression(incrementor) || ts.isPrefixUnaryExpression(incrementor)) &&
      this.#usage.variable(incrementor.operand) === counter;
    return counts && [counter.initializer, condition].every((part) => part && isPure(this.#program, part));
  }

  /** The variable that a name stands for, if it is a second name of it. */
  #originalOf(name: ts.Identifier): ts.Identifier | undefined {
    const variable = localOf(name);
    if (variable === undefined || !ts.isVariableDeclaration(variable)) return undefined;
    if (!this.#copies.has(variable)) this.#copies.set(variable, this.#copied(variable));
    return this.#copies.get(variable);
  }

  /**
   * What a constant copies: another local that never changes, and whose name means the same
   * wherever this one is used.
   */
  #copied(variable: ts.VariableDeclaration): ts.Identifier | undefined {
    const { initializer } = variable;
    if (initializer === undefined || !ts.isIdentifier(initializer) || !isOwnVariable(variable))
      return undefined;
    const original = localOf(initializer);
    if (original === undefined || !(ts.isVariableDeclaration(original) || ts.isParameter(original)))
      return undefined;
    if (this.#usage.of(variable).writes > 0 || this.#usage.of(original).writes > 0) return undefined;
    // What a loop declares is written by the loop.
    if (ts.isVariableDeclaration(original) && !isOwnVariable(original)) return undefined;
    let means = true;
    forEachName(variable.parent.parent.parent, (name) => {
      if (localOf(name) === variable) means &&= localNamed(initializer.text, name) === original;
    });
    return means ? (this.#originalOf(initializer) ?? initializer) : undefined;
  }

  #variable(node: ts.VariableStatement): string | undefined {
    const [variable, ...more] = node.declarationList.declarations;
    if (variable === undefined || more.length > 0 || !ts.isIdentifier(variable.name)) return undefined;
    if (this.#originalOf(variable.name) !== undefined) return "";
    const { reads, writes } = this.#usage.of(variable);
    const { initializer } = variable;
    if (!ts.isSourceFile(node.parent) && reads === 0) {
      if (initializer === undefined || isPure(this.#program, initializer)) return "";
      return `${this.#print(initializer)};`;
    }
    if (!(node.declarationList.flags & ts.NodeFlags.Let) || writes > 0 || initializer === undefined)
      return undefined;
    const list = node.declarationList;
    const head = node.getText().slice(0, list.getStart() - node.getStart());
    return `${head}const${this.#print(list).slice("let".length)};`;
  }

  #expressionStatement(node: ts.ExpressionStatement): string | undefined {
    const store = storeOf(node);
    const target = store && this.#usage.variable(store.target);
    if (store && target && isOwnVariable(target) && this.#usage.of(target).reads === 0) {
      const { value } = store;
      return value === undefined || isPure(this.#program, value) ? "" : `${this.#print(value)};`;
    }
    if (isPure(this.#program, node.expression)) return "";
    const call = node.expression;
    if (
      ts.isCallExpression(call) &&
      ts.isIdentifier(call.expression) &&
      localOf(call.expression) === undefined
    ) {
      if (!this.#empty.has(call.expression.text)) return undefined;
      const effects = call.arguments.filter((argument) => !isPure(this.#program, argument));
      return effects.map((argument) => `${this.#print(argument)};`).join("\n");
    }
    return undefined;
  }

  #function(node: ts.FunctionDeclaration): string | undefined {
    const unread = ts.isSourceFile(node.parent) ? this.#unread.get(node.name!.text) : undefined;
    if (!unread?.size) return undefined;
    const text = node.getSourceFile().text;
    const kept = node.parameters
      .filter((_, index) => !unread.has(index))
      .map((parameter) => parameter.getText());
    const head = text.slice(node.getStart(), node.parameters.pos);
    return `${head}${kept.join(", ")}${text.slice(node.parameters.end, node.body!.getStart())}${this.#print(node.body!)}`;
  }

  #call(node: ts.CallExpression): string | undefined {
    if (!ts.isIdentifier(node.expression) || localOf(node.expression) !== undefined) return undefined;
    const unread = this.#unread.get(node.expression.text);
    if (!unread?.size) return undefined;
    const kept = node.arguments
      .filter((_, index) => !unread.has(index))
      .map((argument) => this.#print(argument));
    return `${node.expression.text}(${kept.join(", ")})`;
  }

  #unreadParameters(name: string, node: ts.FunctionDeclaration): ReadonlySet<number> {
    const unread = new Set<number>();
    const calls = this.#usage.callsOf(name);
    if (calls === undefined) return unread;
    node.parameters.forEach((parameter, index) => {
      const { reads, writes } = this.#usage.of(parameter);
      if (reads + writes > 0 || parameter.dotDotDotToken || !ts.isIdentifier(parameter.name)) return;
      const isSafe = (call: ts.CallExpression) => {
        const argument = call.arguments[index];
        return argument === undefined || isPure(this.#program, argument);
      };
      if (calls.every(isSafe)) unread.add(index);
    });
    return unread;
  }
}

/** A parameter that is only written stays: its caller may count on the position. */
function isOwnVariable(declaration: ts.Node): boolean {
  return ts.isVariableDeclaration(declaration) && ts.isVariableStatement(declaration.parent.parent);
}

/** Names below a statement that mean something declared outside it. */
function collectOuterNames(statement: ts.Statement, names: Set<string>): void {
  forEachName(statement, (identifier) => {
    const local = localOf(identifier);
    if (local === undefined || local.pos < statement.pos || local.end > statement.end)
      names.add(identifier.text);
  });
}

/** Whether a return without a value stands where the function ends anyway. */
function isLastReturn(node: ts.ReturnStatement): boolean {
  const { parent } = node;
  return (
    node.expression === undefined &&
    ts.isBlock(parent) &&
    ts.isFunctionLike(parent.parent) &&
    parent.statements.at(-1) === node
  );
}

function isEmpty(statement: ts.Statement): boolean {
  return ts.isBlock(statement) && statement.statements.length === 0;
}

/** Whether control never reaches what follows a statement. */
function leaves(statement: ts.Statement): boolean {
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return true;
  if (ts.isBreakOrContinueStatement(statement)) return true;
  if (ts.isBlock(statement)) return statement.statements.some(leaves);
  if (ts.isIfStatement(statement)) {
    return (
      statement.elseStatement !== undefined &&
      leaves(statement.thenStatement) &&
      leaves(statement.elseStatement)
    );
  }
  return false;
}
