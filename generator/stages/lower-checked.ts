/**
 * Checked lowering: the kernel as code of a simulated thread. Every access goes through `memory`;
 * functions that reach an atomic access are generators, which wait at each one until they are told
 * to go on.
 */
import { ts } from "ts-morph";
import { printArithmetic } from "./lower-arithmetic.ts";
import { declarationsOf, errorAt, mapModules, type Program, parse } from "./program.ts";
import { bare, rewrite } from "./rewrite.ts";
import { forEachFreeName, localOf } from "./scope.ts";

/** Accesses at which another thread may come in between. */
const STEPS: ReadonlySet<string> = new Set([
  "loadRacy32",
  "atomicLoad",
  "atomicStore",
  "atomicCas",
  "atomicExchange",
  "atomicAdd",
  "atomicOr",
  "atomicAnd",
]);

const PLAIN: ReadonlySet<string> = new Set([
  "load32",
  "store32",
  "load8",
  "store8",
  "zero64",
  "zeroRange64",
  "copyBytes",
]);

const TABLES: Readonly<Record<string, string>> = { table8: "Uint8Array", table32: "Uint32Array" };

export interface Checked {
  readonly program: Program;
  /** The functions that have become generators. */
  readonly generators: ReadonlySet<string>;
}

export function lowerChecked(program: Program): Checked {
  const generators = functionsWithSteps(program);
  const lowered = mapModules(program, (module) =>
    rewrite(parse(module), function lower(node): string | undefined {
      if (ts.isIdentifier(node)) return printName(node, generators);
      const arithmetic = printArithmetic(node, (operand) => rewrite(bare(operand), lower));
      if (arithmetic !== undefined) return arithmetic;
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
      if (localOf(node.expression) !== undefined) return undefined;
      const name = node.expression.text;
      const args = () => node.arguments.map((argument) => rewrite(bare(argument), lower)).join(", ");
      if (name in TABLES) return `${TABLES[name]}.from(${args()})`;
      if (name === "ownTable32") return `new Uint32Array(${args()})`;
      if (PLAIN.has(name)) return `memory.${name}(${args()})`;
      if (!STEPS.has(name) && !generators.has(name)) return undefined;
      failOutsideGenerator(node, generators);
      return STEPS.has(name) ? `(yield memory.${name}(${args()}))` : `(yield* ${name}(${args()}))`;
    }),
  );
  return { program: lowered, generators };
}

/** The functions from which a step can be reached, or another of these intrinsics. */
export function functionsWithSteps(program: Program, steps = STEPS): Set<string> {
  const users = new Map<string, string[]>();
  for (const { name, statement } of declarationsOf(program).values.values()) {
    if (!ts.isFunctionDeclaration(statement)) continue;
    forEachFreeName(statement, ({ text }) => users.set(text, [...(users.get(text) ?? []), name]));
  }
  const found = new Set<string>();
  const pending = [...steps].flatMap((step) => users.get(step) ?? []);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    pending.push(...(users.get(name) ?? []));
  }
  return found;
}

/** The name of a generator where it is declared; it may be used in no other way than to call it. */
function printName(name: ts.Identifier, generators: ReadonlySet<string>): string | undefined {
  if (!generators.has(name.text) || localOf(name) !== undefined) return undefined;
  if (ts.isFunctionDeclaration(name.parent)) return name.parent.asteriskToken ? undefined : `*${name.text}`;
  if (ts.isPropertyAccessExpression(name.parent) && name.parent.name === name) return undefined;
  throw errorAt("lower", name, `"${name.text}" has steps in it: it can be called, not handed around`);
}

function failOutsideGenerator(call: ts.CallExpression, generators: ReadonlySet<string>): void {
  const owner = ts.findAncestor(call, ts.isFunctionLike);
  const isGenerator =
    owner !== undefined && ts.isFunctionDeclaration(owner) && generators.has(owner.name?.text ?? "");
  if (!isGenerator) throw errorAt("lower", call, "a step may stand in a kernel function only");
}
