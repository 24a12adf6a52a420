/** Statements of the typed form, read from the body of a kernel function. */
import { ts } from "ts-morph";
import { errorAt } from "../stages/program.ts";
import { bare } from "../stages/rewrite.ts";
import { localOf } from "../stages/scope.ts";
import { expect, infer, type Meaning, type Surroundings } from "./expressions.ts";
import { BOOL, NUMBER, PLACE } from "./roles.ts";
import type { Expression, Statement, Type, TypedFunction, Variable } from "./tree.ts";

/** What a function's body may name beside its own locals. */
export interface Program extends Omit<Surroundings, "meaning"> {
  /** What a name of the module level stands for. */
  global(name: string): Meaning | undefined;
  /** The statements that give every register its initial value. */
  beginRegisters(): readonly Statement[];
}

const NO_COMMENT: readonly string[] = [];

/** `x += 1` and its kind, by the operator of the assignment. */
const UPDATES = new Map<ts.SyntaxKind, "+" | "-" | "*" | "&" | "|" | "^" | "<<" | ">>>">([
  [ts.SyntaxKind.PlusEqualsToken, "+"],
  [ts.SyntaxKind.MinusEqualsToken, "-"],
  [ts.SyntaxKind.AsteriskEqualsToken, "*"],
  [ts.SyntaxKind.AmpersandEqualsToken, "&"],
  [ts.SyntaxKind.BarEqualsToken, "|"],
  [ts.SyntaxKind.CaretEqualsToken, "^"],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, "<<"],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ">>>"],
]);

export function readFunction(node: ts.FunctionDeclaration, program: Program): TypedFunction {
  return new FunctionReader(node, program).read();
}

class FunctionReader {
  readonly #node: ts.FunctionDeclaration;
  readonly #program: Program;
  readonly #locals = new Map<ts.Node, Variable>();
  readonly #around: Surroundings;

  constructor(node: ts.FunctionDeclaration, program: Program) {
    this.#node = node;
    this.#program = program;
    this.#around = {
      roles: program.roles,
      signature: (name) => program.signature(name),
      meaning: (name) => {
        const local = localOf(name);
        if (local === undefined) return program.global(name.text);
        const variable = this.#locals.get(local);
        return variable && { kind: "local", variable };
      },
    };
  }

  read(): TypedFunction {
    const { parameters, result } = this.#program.signature(this.#node.name!.text)!;
    const variables = this.#node.parameters.map((parameter, index) =>
      this.#declare(parameter, parameter.name.getText(), parameters[index]!),
    );
    return {
      name: this.#node.name!.text,
      parameters: variables,
      result,
      body: this.#block(this.#node.body!.statements),
      doc: docOf(this.#node),
    };
  }

  #declare(node: ts.Node, name: string, type: Type): Variable {
    const variable = { name, type };
    this.#locals.set(node, variable);
    return variable;
  }

  #block(statements: readonly ts.Statement[]): Statement[] {
    return statements.flatMap((statement) => {
      const [first, ...more] = this.#statement(statement);
      return first === undefined ? [] : [{ ...first, comment: commentsBefore(statement) }, ...more];
    });
  }

  /** The statements of a branch or a body, with or without braces. */
  #branch(statement: ts.Statement | undefined): Statement[] {
    if (statement === undefined) return [];
    return this.#block(ts.isBlock(statement) ? statement.statements : [statement]);
  }

  #statement(node: ts.Statement): Statement[] {
    if (ts.isVariableStatement(node)) return this.#declarations(node.declarationList);
    if (ts.isExpressionStatement(node)) return this.#effect(bare(node.expression));
    if (ts.isReturnStatement(node)) return this.#return(node);
    if (ts.isBlock(node)) return this.#block(node.statements);
    if (ts.isIfStatement(node)) {
      return [
        {
          kind: "if",
          condition: this.#expect(node.expression, BOOL),
          whenTrue: this.#branch(node.thenStatement),
          whenFalse: this.#branch(node.elseStatement),
          comment: NO_COMMENT,
        },
      ];
    }
    if (ts.isWhileStatement(node)) return [this.#loop([], node.expression, node.statement, undefined)];
    if (ts.isForStatement(node)) {
      const { initializer, condition, statement, incrementor } = node;
      if (initializer === undefined || !ts.isVariableDeclarationList(initializer) || condition === undefined)
        throw errorAt("type", node, "a `for` of the kernel declares a local and has a condition");
      return [this.#loop(this.#declarations(initializer), condition, statement, incrementor)];
    }
    throw errorAt("type", node, `\`${node.getText().split("\n")[0]}\` is not of the kernel's language`);
  }

  #loop(
    before: readonly Statement[],
    condition: ts.Expression,
    statement: ts.Statement,
    step: ts.Expression | undefined,
  ): Statement {
    return {
      kind: "loop",
      before,
      condition: this.#expect(condition, BOOL),
      body: this.#branch(statement),
      steps: step === undefined ? [] : this.#effect(bare(step)),
      comment: NO_COMMENT,
    };
  }

  #declarations({ declarations }: ts.VariableDeclarationList): Statement[] {
    return declarations.flatMap((node) => {
      if (node.initializer === undefined || !ts.isIdentifier(node.name))
        throw errorAt("type", node, "a local of the kernel has a value from the beginning");
      const [first, ...others] = this.#operands(node.initializer);
      const type = node.type ? this.#declared(node.type) : this.#typeOf(first!, others);
      const value = this.#expect(first!, type);
      const variable = this.#declare(node, node.name.text, type);
      return [
        { kind: "declare", variable, value, comment: NO_COMMENT } as const,
        ...this.#alternatives(variable, false, others),
      ];
    });
  }

  /** The type of a local that declares none: its value's, or the first one's that knows its own. */
  #typeOf(first: ts.Expression, others: readonly ts.Expression[]): Type {
    const types = [first, ...others].map((operand) => infer(operand, this.#around).type);
    const { shape, role } = types.find(({ shape }) => shape === "place") ?? types[0]!;
    return { shape, role };
  }

  #declared(node: ts.TypeNode): Type {
    const type = this.#program.roles.named(node.getText());
    if (type === undefined) throw errorAt("type", node, `\`${node.getText()}\` is no type of the kernel's`);
    return type;
  }

  /** `a || b || c` of numbers: the first that is not 0. Of anything else, the one operand. */
  #operands(node: ts.Expression): ts.Expression[] {
    const expression = bare(node);
    if (
      !ts.isBinaryExpression(expression) ||
      expression.operatorToken.kind !== ts.SyntaxKind.BarBarToken ||
      infer(lastOf(expression), this.#around).type.shape === "bool"
    ) {
      return [expression];
    }
    return [...this.#operands(expression.left), ...this.#operands(expression.right)];
  }

  /** While a variable is 0, the next one is tried. */
  #alternatives(target: Variable, isRegister: boolean, others: readonly ts.Expression[]): Statement[] {
    return others.map((operand): Statement => {
      const value = this.#expect(operand, target.type);
      return {
        kind: "if",
        condition: isZero(target, isRegister),
        whenTrue: [{ kind: "assign", target, isRegister, value, comment: NO_COMMENT }],
        whenFalse: [],
        comment: NO_COMMENT,
      };
    });
  }

  #return(node: ts.ReturnStatement): Statement[] {
    if (node.expression === undefined) return [{ kind: "return", comment: NO_COMMENT }];
    const { result } = this.#program.signature(this.#node.name!.text)!;
    const [first, ...others] = this.#operands(node.expression);
    const value = this.#expect(first!, result);
    if (others.length === 0) return [{ kind: "return", value, comment: NO_COMMENT }];
    const variable = { name: "found", type: result };
    return [
      { kind: "declare", variable, value, comment: NO_COMMENT },
      ...this.#alternatives(variable, false, others),
      { kind: "return", value: { kind: "local", variable, type: result }, comment: NO_COMMENT },
    ];
  }

  #effect(node: ts.Expression): Statement[] {
    // What is left of a condition that decides nothing.
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      return this.#effect(bare(node.operand));
    if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
      const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : "-";
      return [this.#update(node.operand, operator, { kind: "literal", value: 1, type: NUMBER })];
    }
    if (ts.isBinaryExpression(node)) {
      const { operatorToken, left, right } = node;
      if (operatorToken.kind === ts.SyntaxKind.EqualsToken) return this.#assign(left, right);
      const operator = UPDATES.get(operatorToken.kind);
      if (operator !== undefined) return [this.#update(left, operator, this.#expect(right, NUMBER))];
    }
    if (ts.isCallExpression(node)) return this.#call(node);
    throw errorAt("type", node, `\`${node.getText()}\` is not of the kernel's language`);
  }

  #update(
    node: ts.Expression,
    operator: "+" | "-" | "*" | "&" | "|" | "^" | "<<" | ">>>",
    right: Expression,
  ): Statement {
    const { target, isRegister } = this.#target(node);
    const left = valueOfTarget(target, isRegister);
    const isStep = target.type.shape === "place" && (operator === "+" || operator === "-");
    if (!isStep && target.type.shape !== "number")
      throw errorAt(
        "type",
        node,
        `\`${target.name}\` is a ${target.type.role}, which cannot be calculated with`,
      );
    const value: Expression = isStep
      ? { kind: "step", place: left, back: operator === "-", words: right, type: target.type }
      : { kind: "arithmetic", operator, left, right, type: target.type };
    return { kind: "assign", target, isRegister, value, comment: NO_COMMENT };
  }

  #assign(left: ts.Expression, right: ts.Expression): Statement[] {
    const { target, isRegister } = this.#target(left);
    const [first, ...others] = this.#operands(right);
    const value = this.#expect(first!, target.type);
    return [
      { kind: "assign", target, isRegister, value, comment: NO_COMMENT },
      ...this.#alternatives(target, isRegister, others),
    ];
  }

  #target(node: ts.Expression): { target: Variable; isRegister: boolean } {
    const meaning = ts.isIdentifier(node) ? this.#around.meaning(node) : undefined;
    if (meaning?.kind === "local") return { target: meaning.variable, isRegister: false };
    if (meaning?.kind === "register") return { target: meaning.register, isRegister: true };
    throw errorAt("type", node, `\`${node.getText()}\` cannot be assigned to`);
  }

  #call(node: ts.CallExpression): Statement[] {
    const [first, second, third] = node.arguments as unknown as ts.Expression[];
    const comment = NO_COMMENT;
    const number = (argument: ts.Expression | undefined) => this.#expect(argument!, NUMBER);
    switch (node.expression.getText()) {
      case "beginRegisters":
        return [...this.#program.beginRegisters()];
      case "store32": {
        const found = infer(second!, this.#around);
        const value = found.type.shape === "bool" ? number(second) : found;
        return [{ kind: "store", place: this.#expect(first!, PLACE), value, comment }];
      }
      case "store8":
        return [{ kind: "store8", address: number(first), value: number(second), comment }];
      case "zero64":
        return [{ kind: "zero64", index: number(first), comment }];
      case "zeroRange64":
        return [{ kind: "zeroRange64", from: number(first), to: number(second), comment }];
      case "copyBytes":
        return [
          { kind: "copyBytes", target: number(first), from: number(second), to: number(third), comment },
        ];
      default:
        return [{ kind: "perform", call: infer(node, this.#around), comment }];
    }
  }

  #expect(node: ts.Expression, type: Type): Expression {
    return expect(node, type, this.#around);
  }
}

function lastOf(node: ts.Expression): ts.Expression {
  const expression = bare(node);
  return ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.BarBarToken
    ? lastOf(expression.right)
    : expression;
}

function valueOfTarget(target: Variable, isRegister: boolean): Expression {
  return isRegister
    ? { kind: "register", register: target, type: target.type }
    : { kind: "local", variable: target, type: target.type };
}

function isZero(target: Variable, isRegister: boolean): Expression {
  const left = valueOfTarget(target, isRegister);
  const right: Expression = { kind: "literal", value: 0, type: target.type };
  return { kind: "comparison", operator: "===", left, right, type: BOOL };
}

/** The comment lines before a statement, without their marks. */
function commentsBefore(node: ts.Node): string[] {
  const { text } = node.getSourceFile();
  return (ts.getLeadingCommentRanges(text, node.pos) ?? []).flatMap(({ pos, end }) =>
    words(text.slice(pos, end)),
  );
}

function words(comment: string): string[] {
  return comment
    .replace(/^\/\*\*?|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*(\/\/|\*(?!\*))? ?/, "").trimEnd())
    .filter((line) => line !== "");
}

/** What the comment before a declaration says, without tags. */
export function docOf(node: ts.Node): string {
  return commentsBefore(node)
    .map((line) => line.replace(/^@inline(-body)?\s*/, ""))
    .join("\n")
    .trim();
}
