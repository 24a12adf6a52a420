/**
 * Generated mutants: at every place where the kernel touches a word that threads share, the
 * mistakes that are made with such words.
 */
import { ts } from "ts-morph";
import { functionsWithSteps } from "../../stages/lower-checked.ts";
import { type Module, type Program, parse } from "../../stages/program.ts";
import { forEachName, localOf } from "../../stages/scope.ts";
import { ACCESSES } from "../sites.ts";
import type { Mutant } from "./mutant.ts";

/** What an atomic step that writes leaves in its word. */
const RESULTS: Readonly<Record<string, string>> = {
  atomicCas: "seen === expected >>> 0 ? value : seen",
  atomicExchange: "value",
  atomicAdd: "seen + value",
  atomicOr: "seen | value",
  atomicAnd: "seen & value",
};
const ATOMIC: ReadonlySet<string> = new Set(["atomicLoad", "atomicStore", ...Object.keys(RESULTS)]);

export function generatedMutants(kernel: Program): Mutant[] {
  const stepping = functionsWithSteps(kernel);
  const touching = functionsWithSteps(kernel, ACCESSES);
  return kernel.modules
    .filter(({ host }) => !host)
    .flatMap((module) => [...mutantsOf(module, stepping, touching)]);
}

function* mutantsOf(
  module: Module,
  stepping: ReadonlySet<string>,
  touching: ReadonlySet<string>,
): Generator<Mutant> {
  for (const declaration of parse(module).statements) {
    if (!ts.isFunctionDeclaration(declaration) || declaration.body === undefined) continue;
    const inside = declaration.name!.text;
    const place = (kind: string, node: ts.Node) => ({
      kind,
      file: module.path,
      inside,
      at: node.getStart(),
      from: node.getText(),
    });
    const nodes = below(declaration.body);
    for (const node of nodes) {
      if (isAtomic(node)) {
        yield* ofStep(node, place);
      } else if (ts.isBlock(node)) {
        for (const [i, second] of node.statements.entries()) {
          const first = node.statements[i - 1];
          if (first === undefined || !areSteps(first, second, stepping, touching)) continue;
          const from = module.text.slice(first.getStart(), second.end);
          yield { ...place("swapped", first), from, to: `${second.getText()}\n${first.getText()}` };
        }
      }
    }
  }
}

type Place = (kind: string, node: ts.Node) => Omit<Mutant, "to">;

/** The step left out, split in two, and as a plain access. */
function* ofStep(call: AtomicCall, place: Place): Generator<Mutant> {
  const name = call.expression.text;
  const given = call.arguments.map((argument) => argument.getText()).join(", ");
  const word = call.arguments[0]!.getText();
  if (name === "atomicLoad") {
    yield { ...place("plain", call), to: `load32(${given})` };
    return;
  }
  yield ts.isExpressionStatement(call.parent)
    ? { ...place("left out", call.parent), to: "{}" }
    : { ...place("left out", call), to: `atomicLoad(${word})` };
  if (name === "atomicStore") {
    yield { ...place("plain", call), to: `store32(${given})` };
    return;
  }
  const becomes = RESULTS[name]!;
  yield {
    ...place("split", call),
    to: `split(${given})`,
    needs: split(name, becomes, "atomicLoad", "atomicStore"),
  };
  yield { ...place("plain", call), to: `split(${given})`, needs: split(name, becomes, "load32", "store32") };
}

/** A step in two parts, between which others come. A `cas` that does not match writes nothing. */
function split(name: string, becomes: string, load: string, store: string): string {
  const [expected, condition] =
    name === "atomicCas" ? ["expected: number, ", "if (seen === expected >>> 0) "] : ["", ""];
  const value = name === "atomicCas" ? "value" : becomes;
  return `
function split(w: Word, ${expected}value: number): number {
  const seen = ${load}(w);
  ${condition}${store}(w, ${value});
  return seen;
}
`;
}

/**
 * Whether two neighbours both touch the memory, one of them in a step, and the second does not use
 * what the first declares.
 */
function areSteps(
  first: ts.Statement,
  second: ts.Statement,
  stepping: ReadonlySet<string>,
  touching: ReadonlySet<string>,
): boolean {
  if (!isSimple(first) || !isSimple(second)) return false;
  const [before, behind] = [callsIn(first), callsIn(second)];
  const isTouch = (name: string) => ACCESSES.has(name) || touching.has(name);
  if (!before.some(isTouch) || !behind.some(isTouch)) return false;
  if (![...before, ...behind].some((name) => ATOMIC.has(name) || stepping.has(name))) return false;
  const declared = new Set(
    below(first)
      .filter(ts.isVariableDeclaration)
      .map(({ name }) => name.getText()),
  );
  let isUsed = false;
  forEachName(second, ({ text }) => {
    isUsed ||= declared.has(text);
  });
  return !isUsed;
}

/** The names of the functions that a statement calls. */
function callsIn(statement: ts.Statement): string[] {
  return below(statement).flatMap((node) =>
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? [node.expression.text] : [],
  );
}

function isSimple(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
}

type AtomicCall = ts.CallExpression & { expression: ts.Identifier };

function isAtomic(node: ts.Node): node is AtomicCall {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    ATOMIC.has(node.expression.text) &&
    localOf(node.expression) === undefined
  );
}

function below(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [node];
  node.forEachChild((child) => void found.push(...below(child)));
  return found;
}
