/**
 * Place: puts every declaration where it lives. What touches the heap's memory, its registers or
 * run-time choices, directly or through others, belongs to one heap: it goes inside `createHeap`
 * (closure form) or becomes a member of a class (class form). The rest stays at module level.
 */
import { ts } from "ts-morph";
import { classForm, shownFunctions } from "./class-form.ts";
import { GeneratorError } from "./generator-error.ts";
import { type Declaration, declarationsOf, isConst, type Module, type Program, parse } from "./program.ts";
import { registersOf } from "./registers.ts";
import { rewrite } from "./rewrite.ts";
import { forEachFreeName } from "./scope.ts";
import {
  declared,
  headOfCreate,
  isFunction,
  type Owned,
  sections,
  withComments,
  withoutExport,
} from "./sections.ts";

export interface PlaceOptions {
  readonly form: "closure" | "class";
  /**
   * The function that makes a heap. Its parameters are what instance declarations may name beyond
   * each other.
   */
  readonly create: string;
  /** Other functions that a build exports. */
  readonly exports: readonly string[];
  /**
   * Further parameters of `create` and of what calls it: the flagged build's `spec: KernelSpec =
   * SPEC`.
   */
  readonly extra: readonly { readonly name: string; readonly type: string; readonly value: string }[];
}

/**
 * An allocator as text: what comes before `createHeap`, and `createHeap` with all that belongs to a
 * heap.
 */
export interface Placed {
  readonly moduleLevel: string;
  readonly heap: string;
}

export function place(program: Program, options: PlaceOptions): Placed {
  const create = declarationsOf(program).values.get(options.create);
  if (
    create === undefined ||
    !ts.isFunctionDeclaration(create.statement) ||
    create.statement.body === undefined
  ) {
    throw new GeneratorError("place", "kernel", 0, `there is no function "${options.create}" with a body`);
  }
  const given = new Set([
    ...create.statement.parameters.map(({ name }) => name.getText()),
    ...options.extra.map(({ name }) => name),
  ]);
  const shown = options.form === "class" ? shownFunctions(program, create.statement) : [];
  const owned = ownedByHeap(program, create, given, shown);
  const moduleLevel = sections(program, (module) => {
    const statements = parse(module).statements.filter((statement) => {
      return statement !== create.statement && !owned.has(statement);
    });
    const heading = parse(module).statements.every(
      (statement) => !owned.has(statement) || !isFunction(statement),
    );
    return {
      heading,
      texts: statements.map((statement) =>
        withComments(module, statement, printTopLevel(module, statement, options)),
      ),
    };
  });
  const heap =
    options.form === "closure"
      ? closure(program, create, owned, given, options.extra)
      : classForm(program, create, owned, options.extra);
  return { moduleLevel, heap };
}

/**
 * The statements that belong to one heap: registers, and whatever names them, or what `create` is
 * given or shows.
 */
function ownedByHeap(
  program: Program,
  create: Declaration,
  given: ReadonlySet<string>,
  shown: readonly Declaration[],
): Owned {
  const { values } = declarationsOf(program);
  const usedBy = new Map<string, Declaration[]>();
  const owned = new Set<ts.Statement>();
  const pending: Declaration[] = [];
  const own = (declaration: Declaration) => {
    if (declaration === create || owned.has(declaration.statement)) return;
    owned.add(declaration.statement);
    pending.push(declaration);
  };
  for (const declaration of values.values()) {
    if (declaration.variable !== undefined && !isConst(declaration.variable)) own(declaration);
    forEachFreeName(declaration.statement, ({ text }) => {
      if (given.has(text)) own(declaration);
      usedBy.set(text, [...(usedBy.get(text) ?? []), declaration]);
    });
  }
  for (const declaration of shown) own(declaration);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const user of usedBy.get(next.name) ?? []) own(user);
  }
  return owned;
}

function closure(
  program: Program,
  create: Declaration,
  owned: Owned,
  given: ReadonlySet<string>,
  extra: PlaceOptions["extra"],
): string {
  const registers = registersOf(program, owned, given);
  const inside = sections(program, (module) => {
    const statements = parse(module).statements.filter(
      (statement) => owned.has(statement) && !registers.has(statement),
    );
    const texts = statements.map((statement) =>
      withComments(module, statement, registers.print(statement).replace(/^export\s+/, "")),
    );
    return { heading: statements.some(isFunction), texts };
  });
  const body = registers.print((create.statement as ts.FunctionDeclaration).body!).slice(1, -1);
  return `${headOfCreate(create, extra)} {\n${registers.declaration}\n\n${inside}\n${body}}`;
}

/** Public are the types of the host, and nothing of the kernel. */
function printTopLevel(module: Module, statement: ts.Statement, options: PlaceOptions): string {
  if (!module.host || ts.isVariableStatement(statement)) return withoutExport(statement);
  if (!ts.isFunctionDeclaration(statement)) return statement.getText();
  return options.exports.includes(statement.name?.text ?? "")
    ? printExported(statement, options)
    : withoutExport(statement);
}

/** A function that makes heaps by `create` takes the further parameters too, and passes them on. */
function printExported(node: ts.FunctionDeclaration, { create, extra }: PlaceOptions): string {
  const last = node.parameters.at(-1);
  const passed = extra.map(({ name }) => name);
  return rewrite(node, (child) => {
    if (extra.length === 0) return undefined;
    if (child === last) return [last.getText(), ...extra.map(declared)].join(", ");
    if (!ts.isCallExpression(child) || child.expression.getText() !== create) return undefined;
    return `${create}(${[...child.arguments.map((argument) => argument.getText()), ...passed].join(", ")})`;
  });
}
