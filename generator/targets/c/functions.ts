/** Functions of the typed form in C. */
import type { Expression, Statement, Type, TypedFunction, Variable } from "../../typed/tree.ts";
import { printExpression as print } from "./expressions.ts";
import { nameInC } from "./names.ts";

/** `static Ptr takeListed(ClassIndex c)`. */
export function printHead({ name, parameters, result }: TypedFunction): string {
  const given = parameters.map((parameter) => declared(parameter)).join(", ");
  return `static ${typeInC(result)} ${nameInC(name)}(${given || "void"})`;
}

export function printFunction(node: TypedFunction): string {
  return [...comment(node.doc), `${printHead(node)} {`, ...block(node.body, "  "), "}"].join("\n");
}

/** A comment in front of a declaration. */
export function comment(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.length === 1) return [`/* ${lines[0]} */`];
  return ["/*", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"];
}

/** The kernel's roles are types; `number` and `boolean` are C's. */
export function typeInC({ shape, role }: Type): string {
  if (shape === "bool") return "_Bool";
  if (shape === "void") return "void";
  return role === "number" ? "uint32_t" : role;
}

function declared({ name, type }: Variable): string {
  return `${typeInC(type)} ${nameInC(name)}`;
}

function block(statements: readonly Statement[], indent: string): string[] {
  return statements.flatMap((node) => [
    ...node.comment.map((line) => `${indent}/* ${line} */`),
    ...statement(node, indent),
  ]);
}

function statement(node: Statement, indent: string): string[] {
  switch (node.kind) {
    case "if":
      return branches(node.condition, node.whenTrue, node.whenFalse, indent);
    case "loop":
      return loop(node, indent);
    default:
      return [`${indent}${simple(node)};`];
  }
}

/** A statement of one line, without its semicolon. */
function simple(node: Exclude<Statement, { kind: "if" | "loop" }>): string {
  switch (node.kind) {
    case "declare":
      return `${declared(node.variable)} = ${print(node.value)}`;
    case "assign":
      return assignment(
        node.isRegister ? node.target.name : nameInC(node.target.name),
        node.target,
        node.value,
      );
    case "store":
      return `WORD(${print(node.place)}) = ${print(node.value)}`;
    case "store8":
      return `BYTE(${print(node.address)}) = (unsigned char)(${print(node.value)})`;
    case "zero64":
      return `zero64(${print(node.index)})`;
    case "zeroRange64":
      return `zeroRange64(${print(node.from)}, ${print(node.to)})`;
    case "copyBytes":
      return `copyBytes(${print(node.target)}, ${print(node.from)}, ${print(node.to)})`;
    case "perform":
      return node.call.type.shape === "void" ? print(node.call) : `(void)${print(node.call)}`;
    case "return":
      return node.value === undefined ? "return" : `return ${print(node.value)}`;
  }
}

/** `x += y` for `x = x + y`. */
function assignment(name: string, target: Variable, value: Expression): string {
  const isOwn = (side: Expression) =>
    (side.kind === "local" && side.variable === target) ||
    (side.kind === "register" && side.register === target);
  if (value.kind === "arithmetic" && isOwn(value.left)) {
    const operator = value.operator === ">>>" ? ">>" : value.operator;
    const isOne = value.right.kind === "literal" && value.right.value === 1;
    if (isOne && (operator === "+" || operator === "-")) return `${name}${operator}${operator}`;
    return `${name} ${operator}= ${print(value.right)}`;
  }
  if (value.kind === "step" && isOwn(value.place))
    return `${name} ${value.back ? "-" : "+"}= ${print(value.words)}`;
  return `${name} = ${print(value)}`;
}

function loop(
  { before, condition, body, steps }: Extract<Statement, { kind: "loop" }>,
  indent: string,
): string[] {
  const [first, ...more] = before;
  const isPlain = (list: readonly Statement[]) => list.every(({ kind }) => kind !== "if" && kind !== "loop");
  const text = (list: readonly Statement[]) =>
    list.map((node) => simple(node as Exclude<Statement, { kind: "if" | "loop" }>)).join(", ");
  if (first === undefined && steps.length === 0)
    return [`${indent}while (${print(condition)}) {`, ...block(body, `${indent}  `), `${indent}}`];
  if (more.length === 0 && isPlain(before) && isPlain(steps)) {
    const head = `for (${text(before)}; ${print(condition)}; ${text(steps)})`;
    return [`${indent}${head} {`, ...block(body, `${indent}  `), `${indent}}`];
  }
  return [
    `${indent}{`,
    ...block(before, `${indent}  `),
    `${indent}  while (${print(condition)}) {`,
    ...block([...body, ...steps], `${indent}    `),
    `${indent}  }`,
    `${indent}}`,
  ];
}

function branches(
  condition: Expression,
  whenTrue: readonly Statement[],
  whenFalse: readonly Statement[],
  indent: string,
): string[] {
  const head = `${indent}if (${print(condition)})`;
  const [only, ...more] = whenTrue;
  const isShort = only && more.length === 0 && only.comment.length === 0 && whenFalse.length === 0;
  if (isShort && only.kind !== "if" && only.kind !== "loop") return [`${head} ${simple(only)};`];
  const inner = `${indent}  `;
  const [next, ...others] = whenFalse;
  if (next?.kind === "if" && others.length === 0 && next.comment.length === 0) {
    const [first = "", ...rest] = branches(next.condition, next.whenTrue, next.whenFalse, indent);
    return [`${head} {`, ...block(whenTrue, inner), `${indent}} else ${first.trimStart()}`, ...rest];
  }
  const otherwise = whenFalse.length === 0 ? [] : [`${indent}} else {`, ...block(whenFalse, inner)];
  return [`${head} {`, ...block(whenTrue, inner), ...otherwise, `${indent}}`];
}
