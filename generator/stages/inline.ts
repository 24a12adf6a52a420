/**
 * Inline: replaces the calls of functions marked `@inline` by what they do, where the result is as
 * good as the call: no work is done twice, nothing changes its order, no name changes its meaning.
 * Elsewhere the call stays.
 */
import { ts } from "ts-morph";
import { isArithmetic, isPure } from "./effects.ts";
import { declarationsOf, mapModules, type Program, parse } from "./program.ts";
import { bare, rewrite, wrap } from "./rewrite.ts";
import { declaresLocal, forEachFreeName, forEachName, localOf } from "./scope.ts";

export function inline(program: Program): Program {
  const inliner = new Inliner(program);
  return mapModules(program, (module) => rewrite(parse(module), inliner.inline));
}

interface Recipe {
  readonly name: string;
  readonly parameters: readonly ts.ParameterDeclaration[];
  /** What stands for the call. */
  readonly body: ts.Expression;
  /** How often the body reads each parameter. */
  readonly uses: readonly number[];
  /** Names the body takes from the module level: no local of a caller may hide them. */
  readonly names: ReadonlySet<string>;
  /** The body calls functions, so what it reads and what its arguments read may differ by order. */
  readonly calls: boolean;
}

class Inliner {
  readonly #program: Program;
  readonly #recipes = new Map<string, Recipe>();

  constructor(program: Program) {
    this.#program = program;
    for (const { name, statement } of declarationsOf(program).values.values()) {
      const recipe = ts.isFunctionDeclaration(statement) ? recipeOf(program, name, statement) : undefined;
      if (recipe !== undefined) this.#recipes.set(name, recipe);
    }
  }

  readonly inline = (node: ts.Node): string | undefined => {
    if (ts.isCallExpression(node)) return this.#call(node, false);
    if (ts.isStatement(node) && ts.isBlock(node.parent)) return this.#statement(node);
    return undefined;
  };

  /** A call whose argument is used twice gets a local constant before the statement. */
  #statement(node: ts.Statement): string | undefined {
    const call = singleCall(node);
    const recipe = call && this.#recipeFor(call);
    if (call === undefined || recipe === undefined || this.#call(call, false) !== undefined) return undefined;
    const caller = functionAround(node);
    const constants: string[] = [];
    for (const [index, argument] of call.arguments.entries()) {
      if (isSimple(argument) || recipe.uses[index] === 0) continue;
      const { name } = recipe.parameters[index]!;
      if (!isPure(this.#program, argument) || declaresLocal(caller, name.getText())) return undefined;
      constants.push(`const ${name.getText()} = ${rewrite(argument, this.inline)};`);
    }
    const inlined = rewrite(node, (child) => (child === call ? this.#call(call, true) : undefined));
    return [...constants, inlined].join("\n");
  }

  /**
   * The text of an inlined call; undefined when it must stay. `named`: complex arguments have
   * constants.
   */
  #call(call: ts.CallExpression, named: boolean): string | undefined {
    const recipe = this.#recipeFor(call);
    if (recipe === undefined) return undefined;
    const texts = new Map<ts.Node, string>();
    for (const [index, parameter] of recipe.parameters.entries()) {
      const argument = call.arguments[index];
      if (argument === undefined) return undefined;
      if (named && !isSimple(argument)) {
        texts.set(parameter, parameter.name.getText());
        continue;
      }
      // A function that only returns its argument is that argument, whatever it does.
      const isBody = ts.isIdentifier(recipe.body) && localOf(recipe.body) === parameter;
      if (!isBody && !this.#mayReplace(recipe, argument, recipe.uses[index]!)) return undefined;
      texts.set(parameter, wrap(rewrite(argument, this.inline)));
    }
    const text = rewrite(recipe.body, (node) => {
      if (!ts.isIdentifier(node)) return undefined;
      const local = localOf(node);
      return local && texts.get(local);
    });
    return ts.isExpressionStatement(call.parent) ? text : wrap(text);
  }

  #mayReplace(recipe: Recipe, argument: ts.Expression, uses: number): boolean {
    if (isSimple(argument)) return true;
    if (uses === 0) return isPure(this.#program, argument);
    if (uses > 1) return false;
    return isArithmetic(this.#program, argument) || (!recipe.calls && isPure(this.#program, argument));
  }

  #recipeFor(call: ts.CallExpression): Recipe | undefined {
    if (!ts.isIdentifier(call.expression) || localOf(call.expression) !== undefined) return undefined;
    const recipe = this.#recipes.get(call.expression.text);
    if (recipe === undefined) return undefined;
    const caller = functionAround(call);
    for (const name of recipe.names) if (declaresLocal(caller, name)) return undefined;
    return recipe;
  }
}

function recipeOf(program: Program, name: string, node: ts.FunctionDeclaration): Recipe | undefined {
  if (!hasTag(node, "inline")) return undefined;
  const [statement, ...more] = node.body?.statements ?? [];
  if (statement === undefined || more.length > 0) return undefined;
  if (!ts.isReturnStatement(statement) && !ts.isExpressionStatement(statement)) return undefined;
  if (statement.expression === undefined) return undefined;
  const body = bare(statement.expression);
  const names = new Set<string>();
  forEachFreeName(body, (identifier) => names.add(identifier.text));
  if (names.has(name)) return undefined;
  const uses = node.parameters.map((parameter) => {
    let count = 0;
    forEachName(body, (identifier) => {
      if (localOf(identifier) === parameter) count++;
    });
    return count;
  });
  const calls = [...names].some((used) =>
    ts.isFunctionDeclaration(declarationsOf(program).values.get(used)?.statement ?? body),
  );
  return { name, parameters: node.parameters, body, uses, names, calls };
}

/** The one call of a statement that runs once, before anything else the statement does. */
function singleCall(statement: ts.Statement): ts.CallExpression | undefined {
  const expression = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]?.initializer
    : ts.isExpressionStatement(statement) || ts.isReturnStatement(statement) || ts.isIfStatement(statement)
      ? statement.expression
      : undefined;
  if (expression === undefined) return undefined;
  let node = bare(expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    node = bare(node.right);
  return ts.isCallExpression(node) ? node : undefined;
}

/** Names and literals: to write them twice costs nothing. */
export function isSimple(node: ts.Expression): boolean {
  const expression = bare(node);
  return (
    ts.isIdentifier(expression) ||
    ts.isNumericLiteral(expression) ||
    ts.isStringLiteral(expression) ||
    expression.kind === ts.SyntaxKind.TrueKeyword ||
    expression.kind === ts.SyntaxKind.FalseKeyword
  );
}

export function functionAround(node: ts.Node): ts.Node {
  let outer = node;
  while (!ts.isSourceFile(outer.parent)) outer = outer.parent;
  return outer;
}

/** Whether the comment before a function holds a tag. */
export function hasTag(node: ts.FunctionDeclaration, tag: "inline" | "inline-body"): boolean {
  const comment = node.getSourceFile().text.slice(node.pos, node.getStart());
  return new RegExp(`@${tag}(?![\\w-])`).test(comment);
}
