/**
 * Verify: proves that nothing of the generator is left in an allocator. It type-checks, and holds
 * no choice, no intrinsic, no constant condition, nothing unreachable and nothing unused, and it
 * speaks of no choice that it did not make.
 */
import { Project, ts } from "ts-morph";
import type { Holds } from "./comments.ts";
import { Evaluator } from "./evaluate.ts";
import type { GeneratorError } from "./generator-error.ts";
import { INTRINSICS } from "./lower.ts";
import { ARITHMETIC } from "./lower-arithmetic.ts";
import { declarationsOf, errorAt, type Module, type Program, parse } from "./program.ts";
import { forEachName, localOf } from "./scope.ts";
import { strangers } from "./vocabulary.ts";

export interface Verified {
  /** The public types, for `index.d.ts`. */
  readonly declarations: string;
}

/**
 * `allowed` are names of the generator that may stay; `kernel` is what the allocator was made from,
 * `holds` its choices.
 */
export function verify(text: string, allowed: ReadonlySet<string>, kernel: Program, holds: Holds): Verified {
  // Builds ask not to be checked by the projects they come into.
  const module: Module = {
    path: FILE,
    about: "",
    text: text.replace(/^\/\/ @ts-nocheck.*\n/m, "\n"),
    host: false,
  };
  const source = parse(module);
  const fail = (node: ts.Node, problem: string): never => {
    throw originOf(node, kernel, problem) ?? errorAt("verify", node, problem);
  };
  failOnRemains(source, allowed, fail);
  failOnConstantConditions(module, fail);
  failOnMarks(text, (position, problem) => fail(nodeAt(source, position), problem));
  failOnStrangers(text, holds, (position, problem) => fail(nodeAt(source, position), problem));
  const program = check(source);
  for (const { start = 0, messageText } of [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]) {
    const line = source.getLineAndCharacterOfPosition(start).line;
    const excerpt = source.text.split("\n")[line]?.trim();
    fail(nodeAt(source, start), `${ts.flattenDiagnosticMessageText(messageText, " ")} in \`${excerpt}\``);
  }
  let declarations = "";
  program.emit(source, (_, printed) => (declarations = printed), undefined, true);
  return { declarations };
}

const FILE = "/allocator.ts";
const ENVIRONMENT_FILE = "/environment.d.ts";
/**
 * The part of the WebAssembly API that a host uses; the whole DOM library would cost more than the
 * check.
 */
const ENVIRONMENT = `declare namespace WebAssembly {
  interface MemoryDescriptor { initial: number; maximum?: number; shared?: boolean }
  class Memory { constructor(descriptor: MemoryDescriptor); readonly buffer: ArrayBufferLike; grow(delta: number): number }
  class Module { constructor(bytes: Uint8Array) }
  class Instance { constructor(module: Module, imports: object); readonly exports: Readonly<Record<string, unknown>> }
}
declare function atob(text: string): string;`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ["lib.es2022.d.ts"],
  types: [],
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  allowUnreachableCode: false,
  declaration: true,
  emitDeclarationOnly: true,
};

/** Syntax trees of the library and of the environment: made once, shared by all checks. */
let library: ReadonlyMap<string, ts.SourceFile> | undefined;
let last: ts.Program | undefined;

function libraryFiles(): ReadonlyMap<string, ts.SourceFile> {
  if (library === undefined) {
    const project = new Project({ useInMemoryFileSystem: true, compilerOptions: OPTIONS });
    project.createSourceFile(ENVIRONMENT_FILE, ENVIRONMENT);
    const files = project.getProgram().compilerObject.getSourceFiles();
    library = new Map(files.map((file) => [file.fileName, file]));
  }
  return library;
}

function check(source: ts.SourceFile): ts.Program {
  const files = libraryFiles();
  const folder = [...files.keys()].find((name) => name.endsWith("lib.es2022.d.ts"))!.replace(/\/[^/]*$/, "");
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === FILE ? source : files.get(name)),
    getDefaultLibFileName: () => `${folder}/lib.es2022.d.ts`,
    getDefaultLibLocation: () => folder,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => name === FILE || files.has(name),
    readFile: () => undefined,
    writeFile: () => {},
  };
  last = ts.createProgram({ rootNames: [ENVIRONMENT_FILE, FILE], options: OPTIONS, host, oldProgram: last });
  return last;
}

type Fail = (node: ts.Node, problem: string) => never;

function nodeAt(node: ts.Node, position: number): ts.Node {
  const inner = ts.forEachChild(node, (child) =>
    child.getStart() <= position && position < child.end ? child : undefined,
  );
  return inner === undefined ? node : nodeAt(inner, position);
}

/**
 * The problem at the place in the kernel that the code was made from: the declaration it is part
 * of.
 */
function originOf(node: ts.Node, kernel: Program, problem: string): GeneratorError | undefined {
  const { values } = declarationsOf(kernel);
  for (let outer = node; !ts.isSourceFile(outer); outer = outer.parent) {
    if (ts.isFunctionDeclaration(outer) || ts.isMethodDeclaration(outer) || ts.isVariableDeclaration(outer)) {
      const declaration = outer.name && values.get(outer.name.getText());
      if (declaration) return errorAt("verify", declaration.statement, problem);
    }
  }
  return undefined;
}

/** Names that only the generator understands. */
const REMAINS = new Set(["spec", "record", "word", "words", "when", "wordsOf", ...INTRINSICS, ...ARITHMETIC]);

function failOnRemains(source: ts.SourceFile, allowed: ReadonlySet<string>, fail: Fail): void {
  forEachName(source, (identifier) => {
    if (!REMAINS.has(identifier.text) || allowed.has(identifier.text) || localOf(identifier) !== undefined)
      return;
    fail(identifier, `\`${identifier.parent.getText()}\` is left over`);
  });
}

/** Marks that `comments` did not take for choices. */
function failOnMarks(text: string, fail: (position: number, problem: string) => never): void {
  const found = /\{@(when|else|end)\b.*/.exec(text);
  if (found !== null) fail(found.index, `\`${found[0]}\` is left over`);
}

function failOnStrangers(
  text: string,
  holds: Holds,
  fail: (position: number, problem: string) => never,
): void {
  const [first] = strangers(text, holds);
  if (first === undefined) return;
  const { word, term, sentence } = first;
  fail(first.behind, `"${word}" belongs to ${term.choice}, which is off: "${sentence}"`);
}

function failOnConstantConditions(module: Module, fail: Fail): void {
  const program: Program = { modules: [module], records: new Map() };
  const evaluator = new Evaluator(program, { spec: {}, allFields: false });
  const visit = (node: ts.Node): void => {
    const condition = conditionOf(node);
    if (condition !== undefined && evaluator.valueOf(condition) !== undefined) {
      fail(condition, `the condition \`${condition.getText()}\` is constant`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(module));
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (
    ts.isIfStatement(node) ||
    ts.isWhileStatement(node) ||
    ts.isDoStatement(node) ||
    ts.isSwitchStatement(node)
  ) {
    return node.expression;
  }
  if (ts.isConditionalExpression(node) || ts.isForStatement(node)) return node.condition;
  const isLogical =
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      node.operatorToken.kind === ts.SyntaxKind.BarBarToken);
  return isLogical ? node.left : undefined;
}
