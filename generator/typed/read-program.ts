/**
 * Reads the typed form of a folded program: types every name, and checks that they fit together.
 * An error names the line of the kernel.
 */
import { ts } from "ts-morph";
import { sizeClassTable } from "../../templates/host/size-class-table.ts";
import { Evaluator } from "../stages/evaluate.ts";
import { GeneratorError } from "../stages/generator-error.ts";
import {
  type Declaration,
  declarationsOf,
  errorAt,
  isConst,
  type Module,
  type Program,
  parse,
} from "../stages/program.ts";
import { expect, infer, type Meaning, type Signature } from "./expressions.ts";
import { Roles } from "./roles.ts";
import { docOf, readFunction } from "./statements.ts";
import type { Expression, Register, Statement, Type, TypedModule, TypedProgram } from "./tree.ts";

/** The typed form of a program; `kernel` is what it was folded from. */
export function readTyped(program: Program, kernel: Program): TypedProgram {
  const reader = new ProgramReader(program);
  return { modules: program.modules.map((module) => atKernel(kernel, module, () => reader.module(module))) };
}

class ProgramReader {
  readonly #program: Program;
  readonly #roles: Roles;
  readonly #evaluator: Evaluator;
  readonly #globals = new Map<string, Meaning | undefined>();
  readonly #signatures = new Map<string, Signature | undefined>();

  constructor(program: Program) {
    this.#program = program;
    this.#roles = new Roles(program);
    this.#evaluator = new Evaluator(program, { spec: {}, allFields: false });
  }

  module(module: Module): TypedModule {
    const declared = parse(module).statements.filter((statement) => !ts.isImportDeclaration(statement));
    const meanings = declared.filter(ts.isVariableStatement).map((statement) => {
      return this.#global(statement.declarationList.declarations[0]!.name.getText());
    });
    return {
      title: module.path.replace(/^.*\//, "").replace(/\.ts$/, ""),
      about: module.about,
      constants: meanings.flatMap((meaning) => (meaning?.kind === "constant" ? [meaning.constant] : [])),
      tables: meanings.flatMap((meaning) => (meaning?.kind === "table" ? [meaning.table] : [])),
      registers: meanings.flatMap((meaning) => (meaning?.kind === "register" ? [meaning.register] : [])),
      functions: declared.filter(ts.isFunctionDeclaration).map((node) =>
        readFunction(node, {
          roles: this.#roles,
          global: (name) => this.#global(name),
          signature: (name) => this.#signature(name),
          beginRegisters: () => this.#beginRegisters(module),
        }),
      ),
    };
  }

  /** All registers but a module's own, which it has set by then, in the order of the program. */
  #beginRegisters(own: Module): Statement[] {
    return this.#program.modules
      .filter((module) => module !== own)
      .flatMap((module) => this.#registersOf(module))
      .map((target) => ({ kind: "assign", target, isRegister: true, value: target.initial, comment: [] }));
  }

  /** The registers of a module. */
  #registersOf(module: Module): Register[] {
    return parse(module)
      .statements.filter(ts.isVariableStatement)
      .map((statement) => this.#global(statement.declarationList.declarations[0]!.name.getText()))
      .flatMap((meaning) => (meaning?.kind === "register" ? [meaning.register] : []));
  }

  #global(name: string): Meaning | undefined {
    if (!this.#globals.has(name)) {
      const declaration = declarationsOf(this.#program).values.get(name);
      this.#globals.set(name, declaration?.variable && this.#read(declaration));
    }
    return this.#globals.get(name);
  }

  #read({ name, statement, variable }: Declaration): Meaning {
    const { initializer, type } = variable!;
    const doc = docOf(statement);
    if (initializer === undefined) throw errorAt("type", statement, `\`${name}\` has no value`);
    const values = this.#tableOf(initializer);
    if (values !== undefined) return { kind: "table", table: { name, values, doc } };
    const known = isConst(variable!) ? this.#evaluator.valueOf(initializer)?.value : undefined;
    if (typeof known === "number") {
      return {
        kind: "constant",
        constant: { name, type: this.#declared(type) ?? this.#roles.named("number")!, value: known, doc },
      };
    }
    const around = {
      roles: this.#roles,
      signature: (called: string) => this.#signature(called),
      meaning: (identifier: ts.Identifier) => this.#global(identifier.text),
    };
    const wanted = this.#declared(type);
    const initial = wanted ? expect(initializer, wanted, around) : infer(initializer, around);
    if (isConst(variable!) && isAlias(initial)) return { kind: "alias", of: initial };
    return { kind: "register", register: { name, type: initial.type, initial, doc } };
  }

  /** The entries of a constant table; undefined for anything else. */
  #tableOf(node: ts.Expression): readonly number[] | undefined {
    if (!ts.isCallExpression(node)) return undefined;
    const [first, second] = node.arguments;
    switch (node.expression.getText()) {
      case "table8":
      case "table32":
        if (!ts.isArrayLiteralExpression(first!)) return this.#tableOf(first!);
        return first.elements.map((element) => Number(element.getText()));
      case "sizeClassTable": {
        const classes = this.#global(first!.getText());
        const shift = this.#evaluator.valueOf(second!)?.value;
        if (classes?.kind !== "table" || typeof shift !== "number") return undefined;
        return [...sizeClassTable(Uint32Array.from(classes.table.values), shift)];
      }
      default:
        return undefined;
    }
  }

  #signature(name: string): Signature | undefined {
    if (!this.#signatures.has(name)) {
      const statement = declarationsOf(this.#program).values.get(name)?.statement;
      const isFunction = statement !== undefined && ts.isFunctionDeclaration(statement);
      this.#signatures.set(name, isFunction ? this.#signatureOf(statement) : undefined);
    }
    return this.#signatures.get(name);
  }

  #signatureOf(node: ts.FunctionDeclaration): Signature {
    const type = (of: ts.ParameterDeclaration | ts.FunctionDeclaration): Type => {
      const declared = this.#declared(of.type);
      if (declared === undefined)
        throw errorAt("type", of, `\`${node.name!.text}\` does not declare all of its types`);
      return declared;
    };
    return { parameters: node.parameters.map(type), result: type(node) };
  }

  #declared(node: ts.TypeNode | undefined): Type | undefined {
    if (node === undefined) return undefined;
    const type = this.#roles.named(node.getText());
    if (type === undefined) throw errorAt("type", node, `\`${node.getText()}\` is no type of the kernel's`);
    return type;
  }
}

/** Whether a register is so near to another one that it need not be one. */
function isAlias(initial: Expression): boolean {
  if (initial.kind === "register") return true;
  if (initial.kind !== "step" || initial.back) return false;
  return isAlias(initial.place) && (initial.words.kind === "constant" || initial.words.kind === "literal");
}

/** Does something with a folded module; an error's line becomes the one in the kernel. */
function atKernel<Result>(kernel: Program, folded: Module, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error;
    throw new GeneratorError(
      error.stage,
      error.file,
      lineInKernel(kernel, folded, error.line),
      error.problem,
    );
  }
}

/**
 * Where in the kernel a folded line comes from: the line of the same declaration that has the same
 * words, if folding has left them, or else the declaration's first line. 0: it is not known.
 */
function lineInKernel(kernel: Program, folded: Module, line: number): number {
  const source = kernel.modules.find(({ path }) => path === folded.path)?.text.split("\n") ?? [];
  const before = folded.text.split("\n").slice(0, line);
  const heads = before.filter((text) => DECLARATION.test(text));
  const name = DECLARATION.exec(heads.at(-1) ?? "")?.[1];
  const begin = source.findIndex((text) => DECLARATION.exec(text)?.[1] === name);
  if (begin < 0) return 0;
  const next = source.findIndex((text, index) => index > begin && DECLARATION.test(text));
  const body = source.slice(begin, next < 0 ? source.length : next);
  const same = body.flatMap((text, index) =>
    words(text) === words(before.at(-1)!) ? [begin + index + 1] : [],
  );
  return same.length === 1 ? same[0]! : begin + 1;
}

/** The first line of a declaration of the module level. */
const DECLARATION = /^(?:export )?(?:function|const|let) (\w+)/;

/** A line without its indentation, and without the roles that `declareLocals` wrote. */
function words(line: string): string {
  return line.trim().replace(/\b(const|let) (\w+): [A-Z]\w* =/, "$1 $2 =");
}
