/**
 * Program: what the stages hand to each other. A few modules of text, parsed when a stage asks for
 * it, and what is known about their records.
 */
import { ts } from "ts-morph";
import { GeneratorError } from "./generator-error.ts";
import type { RecordLayout } from "./records.ts";

export interface Module {
  readonly path: string;
  /** First paragraph of the module's own comment, or "". */
  readonly about: string;
  readonly text: string;
  /** Host modules keep the `export` of their types: these are the build's public types. */
  readonly host: boolean;
}

export interface Program {
  readonly modules: readonly Module[];
  readonly records: ReadonlyMap<string, RecordLayout>;
}

export type DeclarationStatement =
  | ts.VariableStatement
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration;

/** A top-level declaration. A value and a type may share a name, as a record and its handle do. */
export interface Declaration {
  readonly name: string;
  readonly module: Module;
  readonly statement: DeclarationStatement;
  /** The variable, for `const` and `let`. */
  readonly variable?: ts.VariableDeclaration;
}

export interface Declarations {
  readonly values: ReadonlyMap<string, Declaration>;
  readonly types: ReadonlyMap<string, Declaration>;
}

const parsed = new WeakMap<Module, ts.SourceFile>();
const declared = new WeakMap<Program, Declarations>();

/** Comments are text to the stages: trees of them would be made for nothing. */
const PARSING: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.ES2022,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** The module's syntax tree. Modules are immutable, so it is made once. */
export function parse(module: Module): ts.SourceFile {
  let source = parsed.get(module);
  if (source === undefined) {
    source = ts.createSourceFile(module.path, module.text, PARSING, true);
    const [error] = (source as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
    if (error !== undefined) {
      const line = source.getLineAndCharacterOfPosition(error.start).line + 1;
      throw new GeneratorError(
        "parse",
        module.path,
        line,
        ts.flattenDiagnosticMessageText(error.messageText, " "),
      );
    }
    parsed.set(module, source);
  }
  return source;
}

/** Module with new text; the same module when nothing changed, so that it is not parsed again. */
export function withText(module: Module, text: string): Module {
  return text === module.text ? module : { ...module, text };
}

/** Program with each module's new text; the same program when no text changed. */
export function mapModules(program: Program, change: (module: Module) => string): Program {
  return withModules(
    program,
    program.modules.map((module) => withText(module, change(module))),
  );
}

/**
 * Program with these modules; the same program when they are its own, so that what is known of it
 * stays known.
 */
export function withModules(program: Program, modules: readonly Module[]): Program {
  const isSame =
    modules.length === program.modules.length &&
    modules.every((module, index) => module === program.modules[index]);
  return isSame ? program : { ...program, modules };
}

/** All top-level declarations by name. Fails on what a kernel module may not hold. */
export function declarationsOf(program: Program): Declarations {
  let result = declared.get(program);
  if (result === undefined) {
    result = collectDeclarations(program);
    declared.set(program, result);
  }
  return result;
}

function collectDeclarations(program: Program): Declarations {
  const values = new Map<string, Declaration>();
  const types = new Map<string, Declaration>();
  for (const module of program.modules) {
    for (const statement of parse(module).statements) {
      if (ts.isImportDeclaration(statement) || isGlobal(statement)) continue;
      const declaration = declarationOf(module, statement);
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      const table = isType ? types : values;
      const other = table.get(declaration.name);
      if (other !== undefined) {
        throw errorAt(
          "link",
          statement,
          `"${declaration.name}" is declared in ${other.module.path} too; rename one of them`,
        );
      }
      table.set(declaration.name, declaration);
    }
  }
  return { values, types };
}

export function declarationOf(module: Module, statement: ts.Statement): Declaration {
  if (ts.isVariableStatement(statement)) {
    const [variable, ...more] = statement.declarationList.declarations;
    if (variable === undefined || more.length > 0 || !ts.isIdentifier(variable.name)) {
      throw errorAt("link", statement, "a top-level statement declares exactly one plain name");
    }
    return { name: variable.name.text, module, statement, variable };
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  ) {
    if (statement.name !== undefined) return { name: statement.name.text, module, statement };
  }
  throw errorAt("link", statement, "a module holds only imports, types, const, let, functions and classes");
}

/** `declare global { … }`: what a build says of its surroundings. */
function isGlobal(statement: ts.Statement): boolean {
  return ts.isModuleDeclaration(statement) && (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

/** `declare const x`: the value comes from elsewhere. */
export function isAmbient(declaration: Declaration): boolean {
  return hasModifier(declaration.statement, ts.SyntaxKind.DeclareKeyword);
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false)
  );
}

export function isConst(variable: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0;
}

export function errorAt(stage: string, node: ts.Node, problem: string): GeneratorError {
  const source = node.getSourceFile();
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  return new GeneratorError(stage, source.fileName, line, problem);
}
