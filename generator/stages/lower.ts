/** Lower: prints the memory intrinsics as the target's own accesses. */
import { ts } from "ts-morph";
import { isPure } from "./effects.ts";
import { printArithmetic } from "./lower-arithmetic.ts";
import { errorAt, mapModules, type Program, parse } from "./program.ts";
import { bare, rewrite } from "./rewrite.ts";
import { localOf } from "./scope.ts";

type Print = (node: ts.Expression) => string;
type Lowering = (program: Program, call: ts.CallExpression, print: Print) => string;

/** Names a lowered intrinsic needs: the host declares these views of the memory. */
export const LOCAL_NEEDS: Readonly<Record<string, string>> = {
  load32: "u32",
  loadRacy32: "u32",
  store32: "u32",
  atomicLoad: "i32",
  atomicStore: "i32",
  atomicCas: "i32",
  atomicExchange: "i32",
  atomicAdd: "i32",
  atomicOr: "i32",
  atomicAnd: "i32",
  load8: "u8",
  store8: "u8",
  zero64: "f64",
  zeroRange64: "f64",
  copyBytes: "u8",
};

/** One thread: plain typed-array accesses, no Atomics. */
export function lowerLocal(program: Program): Program {
  return lower(program, LOCAL);
}

/** Many threads: Atomics for the words that they share, plain accesses for the rest. */
export function lowerShared(program: Program): Program {
  return lower(program, SHARED);
}

function lower(program: Program, table: Readonly<Record<string, Lowering>>): Program {
  return mapModules(program, (module) =>
    rewrite(parse(module), function lower(node): string | undefined {
      const print: Print = (child) => rewrite(bare(child), lower);
      const lowering = loweringOf(node, table);
      return lowering?.(program, node as ts.CallExpression, print) ?? printArithmetic(node, print);
    }),
  );
}

function loweringOf(node: ts.Node, table: Readonly<Record<string, Lowering>>): Lowering | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  return localOf(node.expression) === undefined && Object.hasOwn(table, node.expression.text)
    ? table[node.expression.text]
    : undefined;
}

const load =
  (view: string): Lowering =>
  (_, call, print) =>
    `${view}[${print(call.arguments[0]!)}]`;

const store =
  (view: string): Lowering =>
  (program, call, print) => {
    const [place, value] = call.arguments;
    const target = `${view}[${print(place!)}]`;
    return update(program, target, place!, bare(value!), print) ?? `${target} = ${print(value!)}`;
  };

const unavailable: Lowering = (_, call) => {
  throw errorAt(
    "lower",
    call,
    `${call.expression.getText()} needs other threads; put it under \`spec.threads > 1\``,
  );
};

const table =
  (view: string): Lowering =>
  (_, call, print) => {
    const [values] = call.arguments;
    return ts.isArrayLiteralExpression(values!)
      ? `new ${view}([${values.elements.map(print).join(", ")}])`
      : `${view}.from(${print(values!)})`;
  };

const LOCAL: Record<string, Lowering> = {
  load32: load("u32"),
  loadRacy32: load("u32"),
  atomicLoad: unavailable,
  load8: load("u8"),
  store32: store("u32"),
  atomicStore: unavailable,
  store8: store("u8"),
  atomicCas: unavailable,
  atomicExchange: unavailable,
  atomicAdd: unavailable,
  atomicOr: unavailable,
  atomicAnd: unavailable,
  zero64: (_, call, print) => `f64[${print(call.arguments[0]!)}] = 0`,
  zeroRange64: (_, call, print) => `f64.fill(0, ${call.arguments.map(print).join(", ")})`,
  copyBytes: (_, call, print) => `u8.copyWithin(${call.arguments.map(print).join(", ")})`,
  table8: table("Uint8Array"),
  table32: table("Uint32Array"),
  ownTable32: (_, call, print) => `new Uint32Array(${print(call.arguments[0]!)})`,
};

/**
 * A call of `Atomics`. On an Int32Array: results of a Uint32Array above 2^31 would be heap numbers
 * in V8.
 */
const atomic =
  (operation: string): Lowering =>
  (_, call, print) => {
    const text = `Atomics.${operation}(i32, ${call.arguments.map(print).join(", ")})`;
    return ts.isExpressionStatement(call.parent) ? text : `(${text} >>> 0)`;
  };

const SHARED: Record<string, Lowering> = {
  ...LOCAL,
  atomicLoad: atomic("load"),
  atomicStore: atomic("store"),
  atomicCas: atomic("compareExchange"),
  atomicExchange: atomic("exchange"),
  atomicAdd: atomic("add"),
  atomicOr: atomic("or"),
  atomicAnd: atomic("and"),
};

/** Names of the intrinsics printed by table. With `ARITHMETIC` none is left after this stage. */
export const INTRINSICS: readonly string[] = Object.keys(LOCAL);

const UPDATES = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "+="],
  [ts.SyntaxKind.MinusToken, "-="],
  [ts.SyntaxKind.BarToken, "|="],
  [ts.SyntaxKind.AmpersandToken, "&="],
  [ts.SyntaxKind.CaretToken, "^="],
]);

/** `store32(w, load32(w) + d)` is `u32[w] += d`. */
function update(
  program: Program,
  target: string,
  place: ts.Expression,
  value: ts.Expression,
  print: Print,
): string | undefined {
  if (!ts.isBinaryExpression(value)) return undefined;
  const operator = UPDATES.get(value.operatorToken.kind);
  if (operator === undefined || print(value.left) !== target || !isPure(program, place)) return undefined;
  const operand = print(value.right);
  if (operand === "1" && operator === "+=") return `${target}++`;
  if (operand === "1" && operator === "-=") return `${target}--`;
  return `${target} ${operator} ${operand}`;
}
