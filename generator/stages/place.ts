/**
 * Place: puts every declaration where it lives. What touches the heap's memory, its registers or run-time
 * choices, directly or through others, belongs to one heap: it goes inside `createHeap` (closure form) or
 * becomes a member of a class (class form). The rest stays at module level.
 */
import { ts } from "ts-morph";
import { GeneratorError } from "./generator-error.ts";
import {
  type Declaration,
  declarationsOf,
  errorAt,
  hasModifier,
  isConst,
  type Module,
  parse,
  type Program,
} from "./program.ts";
import { commentsBetween, rewrite } from "./rewrite.ts";
import { forEachFreeName, isReference, localOf } from "./scope.ts";

export interface PlaceOptions {
  readonly form: "closure" | "class";
  /** The function that makes a heap. Its parameters are what instance declarations may name beyond each other. */
  readonly create: string;
  /** Further parameters of `create`, and names: the flagged build's `spec: KernelSpec = SPEC`. */
  readonly extra: readonly { readonly name: string; readonly type: string; readonly value: string }[];
}

/** An allocator as text: what comes before `createHeap`, and `createHeap` with all that belongs to a heap. */
export interface Placed {
  readonly moduleLevel: string;
  readonly heap: string;
}

const CLASS_NAME = "Allocator";

export function place(program: Program, options: PlaceOptions): Placed {
  const create = declarationsOf(program).values.get(options.create);
  if (create === undefined || !ts.isFunctionDeclaration(create.statement) || create.statement.body === undefined) {
    throw new GeneratorError("place", "kernel", 0, `there is no function "${options.create}" with a body`);
  }
  const given = new Set([...create.statement.parameters.map(({ name }) => name.getText()), ...options.extra.map(({ name }) => name)]);
  const owned = ownedByHeap(program, create, given);
  const moduleLevel = sections(program, (module) => {
    const statements = parse(module).statements.filter((statement) => {
      return statement !== create.statement && !owned.has(statement);
    });
    const heading = parse(module).statements.every((statement) => !owned.has(statement) || !isFunction(statement));
    return { heading, texts: statements.map((statement) => withComments(module, statement, printTopLevel(module, statement))) };
  });
  const heap = options.form === "closure" ? closure(program, create, owned, options) : classForm(program, create, owned, options);
  return { moduleLevel, heap };
}

type Owned = ReadonlySet<ts.Statement>;

/** The statements that belong to one heap: registers, and whatever names them or what `create` was given. */
function ownedByHeap(program: Program, create: Declaration, given: ReadonlySet<string>): Owned {
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
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const user of usedBy.get(next.name) ?? []) own(user);
  }
  return owned;
}

function closure(program: Program, create: Declaration, owned: Owned, options: PlaceOptions): string {
  const inside = sections(program, (module) => {
    const statements = parse(module).statements.filter((statement) => owned.has(statement));
    const texts = statements.map((statement) => withComments(module, statement, withoutExport(statement)));
    return { heading: statements.some(isFunction), texts };
  });
  const body = (create.statement as ts.FunctionDeclaration).body!.getText().slice(1, -1);
  return `${headOfCreate(create, options)} {\n${inside}\n${body}}`;
}

function classForm(program: Program, create: Declaration, owned: Owned, options: PlaceOptions): string {
  const { values } = declarationsOf(program);
  const node = create.statement as ts.FunctionDeclaration;
  const parameters = [
    ...node.parameters.map((parameter) => ({ name: parameter.name.getText(), type: parameter.type?.getText() ?? "unknown" })),
    ...options.extra,
  ];
  const isMember = (identifier: ts.Identifier) => {
    const declaration = localOf(identifier) === undefined ? values.get(identifier.text) : undefined;
    return declaration !== undefined && owned.has(declaration.statement) ? declaration : undefined;
  };
  const isExtra = (identifier: ts.Identifier) =>
    localOf(identifier) === undefined && options.extra.some(({ name }) => name === identifier.text);

  /** Prints a node with every member reached through `self`. */
  const qualify = (root: ts.Node, self: string): string =>
    rewrite(root, (child) => {
      const name = ts.isShorthandPropertyAssignment(child) ? child.name : child;
      if (!ts.isIdentifier(name) || !isReference(name)) return undefined;
      const member = isMember(name);
      if (member === undefined && !isExtra(name)) return undefined;
      if (self === "this") failOnLostThis(name, root);
      const isCalled = ts.isCallExpression(name.parent) && name.parent.expression === name;
      const text = member && !isCalled && isFunction(member.statement) ? bound(self, member) : `${self}.${name.text}`;
      return ts.isShorthandPropertyAssignment(child) ? `${name.text}: ${text}` : text;
    });

  const assignments: string[] = [];
  const field = (statement: ts.VariableStatement): string => {
    const variable = statement.declarationList.declarations[0]!;
    const readonly = isConst(variable) ? "readonly " : "";
    const type = variable.type ? `: ${variable.type.getText()}` : "";
    const name = variable.name.getText();
    if (variable.initializer === undefined) return `${readonly}${name}${type};`;
    const value = qualify(variable.initializer, "this");
    let isFree = true;
    forEachFreeName(variable.initializer, (identifier) => {
      if (isMember(identifier) || parameters.some((parameter) => parameter.name === identifier.text)) isFree = false;
    });
    if (isFree) return `${readonly}${name}${type} = ${value};`;
    assignments.push(`this.${name} = ${value};`);
    return `${readonly}${name}${type};`;
  };
  const method = (statement: ts.FunctionDeclaration): string => {
    const printed = qualify(statement, "this");
    return printed.replace(/^(?:export\s+)?(async\s+)?function\s*(\*?)\s*/, "$1$2");
  };

  const fields = sections(program, (module) => {
    const statements = parse(module).statements.filter(
      (statement): statement is ts.VariableStatement => owned.has(statement) && ts.isVariableStatement(statement),
    );
    return { heading: false, texts: statements.map((statement) => withComments(module, statement, field(statement))) };
  });
  const methods = sections(program, (module) => {
    const statements = parse(module).statements.filter(
      (statement): statement is ts.FunctionDeclaration => owned.has(statement) && ts.isFunctionDeclaration(statement),
    );
    return { heading: true, texts: statements.map((statement) => withComments(module, statement, method(statement))) };
  });
  const extraFields = options.extra.map(({ name, type }) => `readonly ${name}: ${type};`).join("\n");
  const extraAssignments = options.extra.map(({ name }) => `this.${name} = ${name};`);
  const used = parameters.filter(({ name }) => [...extraAssignments, ...assignments].some((text) => mentions(text, name)));
  const constructor = `constructor(${used.map(({ name, type }) => `${name}: ${type}`).join(", ")}) {
${[...extraAssignments, ...assignments].join("\n")}
}`;
  const hasConstructor = extraAssignments.length + assignments.length > 0;
  const body = qualify(node.body!, "heap").slice(1, -1);
  return `/** A heap's registers, and all that works on them. */
class ${CLASS_NAME} {
${extraFields}
${fields}

${hasConstructor ? constructor : ""}

${methods}
}

${headOfCreate(create, options)} {
const heap = new ${CLASS_NAME}(${used.map(({ name }) => name).join(", ")});
${body}}`;
}

/** `export function createHeap(…): Heap`, with its comment and the extra parameters. */
function headOfCreate(create: Declaration, options: PlaceOptions): string {
  const node = create.statement as ts.FunctionDeclaration;
  const text = create.module.text;
  const parameters = [
    ...node.parameters.map((parameter) => parameter.getText()),
    ...options.extra.map(({ name, type, value }) => `${name}: ${type} = ${value}`),
  ];
  const result = text.slice(node.parameters.end, node.body!.getStart()).trimEnd();
  return withComments(create.module, node, `export function ${options.create}(${parameters.join(", ")}${result}`);
}

/** A member function handed around as a value keeps its heap. */
function bound(self: string, member: Declaration): string {
  const { parameters } = member.statement as ts.FunctionDeclaration;
  const names = parameters.map((parameter) => parameter.name.getText()).join(", ");
  return `(${parameters.map((parameter) => withoutDefault(parameter)).join(", ")}) => ${self}.${member.name}(${names})`;
}

function withoutDefault(parameter: ts.ParameterDeclaration): string {
  if (parameter.initializer === undefined) return parameter.getText();
  return `${parameter.name.getText()}?: ${parameter.type?.getText() ?? "number"}`;
}

function failOnLostThis(identifier: ts.Identifier, root: ts.Node): void {
  for (let node: ts.Node = identifier.parent; node !== root && node !== undefined; node = node.parent) {
    if (ts.isFunctionLike(node) && !ts.isArrowFunction(node) && node !== root) {
      throw errorAt("place", node, `a function inside another one is written as an arrow, so that it shares the heap`);
    }
  }
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![.\\w$])${name}(?![\\w$])`).test(text);
}

/** The chosen statements of each module under a heading of the module's own words. */
function sections(program: Program, choose: (module: Module) => { heading: boolean; texts: readonly string[] }): string {
  return program.modules
    .flatMap((module) => {
      const { heading, texts } = choose(module);
      if (texts.length === 0) return [];
      return [(heading ? headingOf(module) : "") + texts.join("\n")];
    })
    .join("\n\n");
}

const RULE = 90;

function headingOf(module: Module): string {
  const title = module.path.replace(/^.*\//, "").replace(/\.ts$/, "");
  const lines = module.about === "" ? [] : module.about.split("\n").map((line) => `// ${line}`.trimEnd());
  return `// ── ${title} ${"─".repeat(Math.max(3, RULE - title.length))}\n${lines.map((line) => `${line}\n`).join("")}\n`;
}

/** A statement's new text with the comments and blank lines that stood before it. */
function withComments(module: Module, statement: ts.Statement, text: string): string {
  const between = commentsBetween(module.text.slice(statement.pos, statement.getStart()));
  const before = statement.pos === 0 ? between.tail + between.detached + between.lead : between.detached + between.lead;
  const line = module.text.slice(statement.end).split("\n", 1)[0]!;
  return `${before}${text}${/^\s*\/\//.test(line) ? line : ""}`;
}

/** Public are the types of the host, and nothing of the kernel. */
function printTopLevel(module: Module, statement: ts.Statement): string {
  const isPublic = module.host && !ts.isVariableStatement(statement) && !ts.isFunctionDeclaration(statement);
  return isPublic ? statement.getText() : withoutExport(statement);
}

function withoutExport(statement: ts.Statement): string {
  const text = statement.getText();
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword) ? text.replace(/^export\s+/, "") : text;
}

function isFunction(statement: ts.Statement): boolean {
  return ts.isFunctionDeclaration(statement);
}
