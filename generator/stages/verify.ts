/**
 * Verify: proves that nothing of the generator is left in an allocator. It type-checks, and holds no choice,
 * no intrinsic, no constant condition, nothing unreachable and nothing unused.
 */
import { Project, ts } from "ts-morph";
import { Evaluator } from "./evaluate.ts";
import { GeneratorError } from "./generator-error.ts";
import { errorAt, type Module, type Program, parse } from "./program.ts";
import { forEachName, localOf } from "./scope.ts";

export interface Verified {
  /** The public types, for `index.d.ts`. */
  readonly declarations: string;
}

export function verify(text: string, allowed: ReadonlySet<string>): Verified {
  const module: Module = { path: FILE, about: "", text, host: false };
  const source = parse(module);
  failOnRemains(source, allowed);
  failOnConstantConditions(module);
  const program = check(source);
  for (const diagnostic of [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]) {
    fail(source, diagnostic);
  }
  let declarations = "";
  program.emit(source, (_, printed) => (declarations = printed), undefined, true);
  return { declarations };
}

const FILE = "/allocator.ts";
const ENVIRONMENT_FILE = "/environment.d.ts";
/** The part of the WebAssembly API that a host uses; the whole DOM library would cost more than the check. */
const ENVIRONMENT = `declare namespace WebAssembly {
  interface MemoryDescriptor { initial: number; maximum?: number; shared?: boolean }
  class Memory { constructor(descriptor: MemoryDescriptor); readonly buffer: ArrayBuffer | SharedArrayBuffer; grow(delta: number): number }
}`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
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

function fail(source: ts.SourceFile, { start, messageText }: ts.Diagnostic): never {
  const line = start === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line + 1;
  const excerpt = line === 0 ? "" : ` in \`${source.text.split("\n")[line - 1]!.trim()}\``;
  throw new GeneratorError("verify", FILE, line, ts.flattenDiagnosticMessageText(messageText, " ") + excerpt);
}

/** Names that only the generator understands. */
const REMAINS = new Set([
  "spec",
  ...["load8", "load32", "loadRacy32", "store8", "store32", "fillBytes", "copyBytes", "table8", "table32"],
  ...["atomicLoad", "atomicStore", "atomicCas", "atomicExchange", "atomicAdd"],
  ...["record", "word", "words", "when", "wordsOf"],
]);

function failOnRemains(source: ts.SourceFile, allowed: ReadonlySet<string>): void {
  forEachName(source, (identifier) => {
    if (!REMAINS.has(identifier.text) || allowed.has(identifier.text) || localOf(identifier) !== undefined)
      return;
    throw errorAt("verify", identifier, `\`${identifier.parent.getText()}\` is left over`);
  });
}

function failOnConstantConditions(module: Module): void {
  const program: Program = { modules: [module], records: new Map() };
  const evaluator = new Evaluator(program, { spec: {}, allFields: false });
  const visit = (node: ts.Node): void => {
    const condition = conditionOf(node);
    if (condition !== undefined && evaluator.valueOf(condition) !== undefined) {
      throw errorAt("verify", condition, `the condition \`${condition.getText()}\` is constant`);
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
