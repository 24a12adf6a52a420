/**
 * Operators: the ordinary mistakes, made at every place of the kernel and of the host's part where
 * they can be made. What threads do to words they share is not among them: `slabsmith check
 * --mutants` does that.
 *
 * What only asks the spec is left alone: in a build nothing is left of it.
 */
import { ts } from "ts-morph";
import { type Module, type Program, parse } from "../../generator/stages/program.ts";
import type { SemanticMutant } from "./mutant.ts";

/** Declarations that give a heap its types and its layout: there is nothing to run in them. */
const SKIPPED = new Set(["kernel/records.ts", "kernel/types.ts", "host/api.ts"]);

export function semanticMutants(program: Program): SemanticMutant[] {
  const fields = fieldsOf(program);
  return program.modules
    .filter(({ path }) => !SKIPPED.has(path))
    .flatMap((module) => {
      const found: SemanticMutant[] = [];
      for (const statement of parse(module).statements) {
        const inside = nameOf(statement);
        if (inside !== undefined) new Mistakes(module, inside, fields, found).in(statement);
      }
      return found;
    });
}

/** Per record its fields in their order, each with the condition it exists under. */
type Fields = ReadonlyMap<string, readonly (readonly [name: string, condition: string])[]>;

function fieldsOf({ modules }: Program): Fields {
  const fields = new Map<string, [string, string][]>();
  for (const module of modules.filter(({ path }) => path === "kernel/records.ts")) {
    for (const statement of parse(module).statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const [{ name, initializer }] = statement.declarationList.declarations;
      if (initializer === undefined || !ts.isCallExpression(initializer)) continue;
      const [record] = initializer.arguments;
      if (record === undefined || !ts.isObjectLiteralExpression(record)) continue;
      fields.set(
        name.getText(),
        record.properties.filter(ts.isPropertyAssignment).map((field) => {
          const when = /^when\((.*?),\s*\w+(\(.*\))?\)$/s.exec(field.initializer.getText());
          return [field.name.getText(), when?.[1] ?? ""];
        }),
      );
    }
  }
  return fields;
}

/**
 * The function or constant that a statement declares; undefined: there is nothing in it to mutate.
 */
function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isFunctionDeclaration(statement)) return statement.body && statement.name?.text;
  if (!ts.isVariableStatement(statement)) return undefined;
  return statement.declarationList.declarations[0]?.name.getText();
}

const { SyntaxKind } = ts;

const COMPARISONS: Partial<Record<ts.SyntaxKind, readonly [kind: string, operator: string][]>> = {
  [SyntaxKind.LessThanToken]: [
    ["comparison flipped", ">="],
    ["boundary", "<="],
  ],
  [SyntaxKind.LessThanEqualsToken]: [
    ["comparison flipped", ">"],
    ["boundary", "<"],
  ],
  [SyntaxKind.GreaterThanToken]: [
    ["comparison flipped", "<="],
    ["boundary", ">="],
  ],
  [SyntaxKind.GreaterThanEqualsToken]: [
    ["comparison flipped", "<"],
    ["boundary", ">"],
  ],
  [SyntaxKind.EqualsEqualsEqualsToken]: [["comparison flipped", "!=="]],
  [SyntaxKind.ExclamationEqualsEqualsToken]: [["comparison flipped", "==="]],
  [SyntaxKind.PlusToken]: [["sign", "-"]],
  [SyntaxKind.MinusToken]: [["sign", "+"]],
  [SyntaxKind.PlusEqualsToken]: [["sign", "-="]],
  [SyntaxKind.MinusEqualsToken]: [["sign", "+="]],
  [SyntaxKind.AmpersandToken]: [["bits", "|"]],
  [SyntaxKind.BarToken]: [["bits", "&"]],
  [SyntaxKind.AmpersandAmpersandToken]: [["and, or", "||"]],
  [SyntaxKind.BarBarToken]: [["and, or", "&&"]],
};

const SHIFTS = new Set([
  SyntaxKind.LessThanLessThanToken,
  SyntaxKind.GreaterThanGreaterThanToken,
  SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
]);

/** All mistakes below one declaration. */
class Mistakes {
  constructor(
    private readonly module: Module,
    private readonly inside: string,
    private readonly fields: Fields,
    private readonly found: SemanticMutant[],
  ) {}

  in(statement: ts.Statement): void {
    if (ts.isFunctionDeclaration(statement)) {
      this.earlyReturn(statement);
      this.visit(statement.body as ts.Block);
    } else if (ts.isVariableStatement(statement)) {
      const { initializer } = statement.declarationList.declarations[0] as ts.VariableDeclaration;
      if (initializer !== undefined) this.visit(initializer);
    }
  }

  private visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    if (isExpression(node) && (asksTheSpec(node) || isText(node))) return;
    if (ts.isStatement(node)) this.ofStatement(node);
    else if (ts.isBinaryExpression(node)) this.ofBinary(node);
    else if (ts.isCallExpression(node)) this.ofCall(node);
    else if (ts.isNumericLiteral(node)) this.ofNumber(node);
    else if (ts.isConditionalExpression(node)) {
      const { condition, whenTrue, whenFalse } = node;
      if (!mentionsTheSpec(condition)) {
        this.replace(
          "branches swapped",
          node,
          `${condition.getText()} ? ${whenFalse.getText()} : ${whenTrue.getText()}`,
        );
      }
    } else if (ts.isPrefixUnaryExpression(node)) {
      const isSign = [SyntaxKind.ExclamationToken, SyntaxKind.TildeToken, SyntaxKind.MinusToken].includes(
        node.operator,
      );
      if (isSign && !mentionsTheSpec(node)) this.replace("sign left out", node, node.operand.getText());
    } else if (ts.isPropertyAccessExpression(node)) this.ofField(node);
    else if (node.kind === SyntaxKind.TrueKeyword) this.replace("true, false", node, "false");
    else if (node.kind === SyntaxKind.FalseKeyword) this.replace("true, false", node, "true");
    ts.forEachChild(node, (child) => {
      // The step of a loop over numbers: one that goes wrong there does not end, and tells nothing
      // else.
      if (ts.isForStatement(node) && child === node.incrementor) return;
      this.visit(child);
    });
  }

  private ofStatement(node: ts.Statement): void {
    if (ts.isExpressionStatement(node)) this.replace("statement gone", node, "{}");
    if (ts.isBreakOrContinueStatement(node)) this.replace("statement gone", node, "{}");
    if (ts.isIfStatement(node)) {
      if (asksTheSpec(node.expression)) return;
      if (node.elseStatement === undefined) this.replace("statement gone", node, "{}");
      this.negate(node.expression);
    }
    if (ts.isWhileStatement(node) || ts.isForStatement(node) || ts.isForOfStatement(node)) {
      this.replace("loop left", node.statement, `{ ${node.statement.getText()} break; }`, true);
    }
  }

  /** Of a comparison or a sum of conditions the operators are changed instead. */
  private negate(condition: ts.Expression): void {
    if (ts.isBinaryExpression(condition) || ts.isPrefixUnaryExpression(condition)) return;
    if (mentionsTheSpec(condition)) return;
    this.replace("condition negated", condition, `!${condition.getText()}`);
  }

  private ofBinary(node: ts.BinaryExpression): void {
    const { left, right, operatorToken } = node;
    const isLogic =
      operatorToken.kind === SyntaxKind.AmpersandAmpersandToken ||
      operatorToken.kind === SyntaxKind.BarBarToken;
    // The address of a field: whatever is done to it, the first word that is written through it
    // tells.
    if (operatorToken.kind === SyntaxKind.PlusToken && this.isField(right)) return;
    if (isLogic && mentionsTheSpec(node)) return;
    for (const [kind, operator] of COMPARISONS[operatorToken.kind] ?? []) {
      // Of two equal numbers the smaller one is either.
      if (kind === "boundary" && choosesOperand(node)) continue;
      this.replace(kind, node, `${left.getText()} ${operator} ${right.getText()}`);
    }
    if (isLogic) {
      this.replace("operand gone", node, left.getText());
      this.replace("operand gone", node, right.getText());
      this.negate(left);
      this.negate(right);
    }
    if (SHIFTS.has(operatorToken.kind)) {
      this.replace("a bit off", right, `${right.getText()} + 1`);
      this.replace("a bit off", right, `${right.getText()} - 1`);
    }
    if (operatorToken.kind === SyntaxKind.AmpersandToken) {
      this.replace("a bit off", right, `(${right.getText()} << 1)`);
      this.replace("operand gone", node, left.getText());
    }
    if (operatorToken.kind === SyntaxKind.PlusToken || operatorToken.kind === SyntaxKind.MinusToken) {
      this.replace("one off", node, `${node.getText()} + 1`);
    }
  }

  private ofCall(node: ts.CallExpression): void {
    for (const [i, argument] of node.arguments.entries()) {
      const following = node.arguments[i + 1];
      if (
        following !== undefined &&
        following.getText() !== argument.getText() &&
        ![argument, following].some(isText)
      ) {
        const text = node.getText();
        const start = node.getStart();
        const at = (position: number) => position - start;
        this.replace(
          "arguments swapped",
          node,
          text.slice(0, at(argument.getStart())) +
            following.getText() +
            text.slice(at(argument.end), at(following.getStart())) +
            argument.getText() +
            text.slice(at(following.end)),
        );
      }
      if (ts.isIdentifier(argument)) this.replace("one off", argument, `${argument.text} + 1`);
    }
  }

  private ofNumber(node: ts.NumericLiteral): void {
    if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return;
    const value = Number(node.text);
    if (node.getText().startsWith("0x")) {
      this.replace("a bit off", node, String(value >>> 1));
    } else {
      this.replace("one off", node, String(value + 1));
      if (value > 0) this.replace("one off", node, String(value - 1));
    }
  }

  /** Another field that exists whenever this one does. */
  private ofField(node: ts.PropertyAccessExpression): void {
    const fields = this.fields.get(node.expression.getText());
    const [, condition] = fields?.find(([name]) => name === node.name.text) ?? [];
    const alike = (fields ?? []).filter(([, when]) => when === condition).map(([name]) => name);
    const other = alike[(alike.indexOf(node.name.text) + 1) % alike.length];
    if (other === undefined || other === node.name.text) return;
    this.replace("another field", node, `${node.expression.getText()}.${other}`);
  }

  private isField(node: ts.Expression): boolean {
    return ts.isPropertyAccessExpression(node) && this.fields.has(node.expression.getText());
  }

  private earlyReturn({ type, body, asteriskToken }: ts.FunctionDeclaration): void {
    if (body === undefined || body.statements.length < 2) return;
    const what = type?.getText() ?? "void";
    const values =
      what === "void" || asteriskToken !== undefined
        ? [""]
        : what === "boolean"
          ? [" false", " true"]
          : /^[A-Z]?\w+$/.test(what) && !/Heap|Handle|Stats|Map/.test(what)
            ? [" 0"]
            : [];
    for (const value of values) {
      this.found.push({
        kind: "early return",
        file: this.module.path,
        inside: this.inside,
        at: body.getStart() + 1,
        from: "",
        to: ` return${value};`,
        form: "insertion",
      });
    }
  }

  private replace(kind: string, node: ts.Node, to: string, statement = ts.isStatement(node)): void {
    this.found.push({
      kind,
      file: this.module.path,
      inside: this.inside,
      at: node.getStart(),
      from: node.getText(),
      to: statement ? to : parenthesised(to),
      form: statement ? "statement" : "expression",
    });
  }
}

/** What replaces an operand must not fall apart where it stands. */
function parenthesised(text: string): string {
  return /^[\w$.]+$/.test(text) ? text : `(${text})`;
}

function isExpression(node: ts.Node): node is ts.Expression {
  return ts.isExpression(node);
}

/** Whether all that an expression names is the spec. */
function asksTheSpec(node: ts.Expression): boolean {
  let names = 0;
  let others = 0;
  const count = (child: ts.Node): void => {
    if (ts.isPropertyAccessExpression(child)) count(child.expression);
    else if (ts.isIdentifier(child)) {
      names++;
      if (child.text !== "spec") others++;
    } else ts.forEachChild(child, count);
  };
  count(node);
  return names > 0 && others === 0;
}

/**
 * Whether an expression asks the spec among other things. What is more than one answer of the spec
 * away from it would be in variants whose fields it has not.
 */
function mentionsTheSpec(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return node.text === "spec";
  return ts.forEachChild(node, (child) => mentionsTheSpec(child) || undefined) ?? false;
}

/** `a < b ? a : b`, and the like. */
function choosesOperand({ left, right, parent }: ts.BinaryExpression): boolean {
  if (!ts.isConditionalExpression(parent)) return false;
  const operands = [left, right].map((node) => node.getText());
  return [parent.whenTrue, parent.whenFalse].every((branch) => operands.includes(branch.getText()));
}

/** A message, or what is put together from one. */
function isText(node: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    (ts.isBinaryExpression(node) && (isText(node.left) || isText(node.right)))
  );
}
