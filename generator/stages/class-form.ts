/**
 * Class form: a heap's declarations as a class, and the object that `createHeap` makes as its
 * instance. What that object shows under a member's own name is the member; the rest of it becomes
 * fields and methods. Where accessors stand in front of the object they become the class's, and the
 * fields that they show become private: `#u32`.
 */
import { ts } from "ts-morph";
import type { PlaceOptions } from "./place.ts";
import { type Declaration, declarationsOf, errorAt, isConst, type Program, parse } from "./program.ts";
import { rewrite } from "./rewrite.ts";
import { forEachFreeName, isReference, localOf } from "./scope.ts";
import { headOfCreate, type Owned, sections, withComments } from "./sections.ts";
import { type Shown, type ShownObject, shownBy } from "./shown.ts";

const CLASS = "Allocator";
const INSTANCE = "allocator";

export function classForm(
  program: Program,
  create: Declaration,
  owned: Owned,
  extra: PlaceOptions["extra"],
): string {
  return new ClassForm(program, create, owned, extra).print();
}

/** The functions that `createHeap` shows under their own names: in class form they are methods. */
export function shownFunctions(program: Program, create: ts.FunctionDeclaration): Declaration[] {
  const { values } = declarationsOf(program);
  return shownBy(program, create).properties.flatMap(({ node, value }) => {
    if (!ts.isIdentifier(value) || node.name.getText() !== value.text) return [];
    const declaration = values.get(value.text);
    return declaration && ts.isFunctionDeclaration(declaration.statement) ? [declaration] : [];
  });
}

class ClassForm {
  readonly #program: Program;
  readonly #create: Declaration;
  readonly #owned: Owned;
  readonly #extra: PlaceOptions["extra"];
  readonly #shown: ShownObject;
  /** What `createHeap` is given, by name, and how its type is written. */
  readonly #given: ReadonlyMap<string, string>;
  readonly #usedByConstructor = new Set<string>();
  readonly #usedByMethods = new Set<string>();
  /** The constructor's statements. */
  readonly #assignments: string[] = [];
  /** Keys that only a constant makes known to the type checker. */
  readonly #keys: string[] = [];

  constructor(program: Program, create: Declaration, owned: Owned, extra: PlaceOptions["extra"]) {
    this.#program = program;
    this.#create = create;
    this.#owned = owned;
    this.#extra = extra;
    this.#shown = shownBy(program, this.#node);
    this.#given = new Map([
      ...this.#node.parameters.map(
        ({ name, type }) => [name.getText(), type?.getText() ?? "unknown"] as const,
      ),
      ...extra.map(({ name, type }) => [name, type] as const),
    ]);
  }

  get #node(): ts.FunctionDeclaration {
    return this.#create.statement as ts.FunctionDeclaration;
  }

  print(): string {
    const fields = this.#members(false, (statement) => this.#field(statement));
    const methods = this.#members(true, (statement) => this.#method(statement) ?? this.#accessors(statement));
    const properties = this.#shown.properties.filter((property) => !this.#isMember(property));
    const isMethod = ({ value }: Shown) => this.#functionNamed(value) !== undefined;
    const ownMethods = properties.filter(isMethod).map((property) => this.#alias(property));
    const ownFields = properties.filter((property) => !isMethod(property)).map((p) => this.#value(p));
    const body = this.#body();

    const used = [...this.#given].filter(
      ([name]) => this.#usedByConstructor.has(name) || this.#usedByMethods.has(name),
    );
    const parameters = used.map(
      ([name, type]) => `${this.#usedByMethods.has(name) ? "readonly " : ""}${name}: ${type}`,
    );
    const construction =
      parameters.length + this.#assignments.length > 0
        ? `constructor(${parameters.join(", ")}) {\n${this.#assignments.join("\n")}\n}\n\n`
        : "";
    const result = this.#node.type?.getText();
    return `${this.#keys.map((key) => `${key}\n\n`).join("")}/** A heap: its registers, and all that works on them. */
class ${CLASS}${result === undefined ? "" : ` implements ${result}`} {
${fields}

${ownFields.join("\n")}

${construction}${[methods, ...ownMethods].join("\n\n")}
}

${headOfCreate(this.#create, this.#extra)} {
const ${INSTANCE} = new ${CLASS}(${used.map(([name]) => name).join(", ")});
${body}}`;
  }

  /**
   * Members, module by module: what `print` makes of the heap's statements, undefined for what is
   * none.
   */
  #members(heading: boolean, print: (statement: ts.Statement) => string | undefined): string {
    return sections(this.#program, (module) => ({
      heading,
      texts: parse(module).statements.flatMap((statement) => {
        const text = this.#owned.has(statement) ? print(statement) : undefined;
        return text === undefined ? [] : [withComments(module, statement, text)];
      }),
    }));
  }

  #field(statement: ts.Statement): string | undefined {
    if (!ts.isVariableStatement(statement) || statement === this.#shown.front?.holder) return undefined;
    const variable = statement.declarationList.declarations[0]!;
    const { initializer } = variable;
    const name = this.#fieldName(variable.name.getText());
    const type = variable.type ? `: ${variable.type.getText()}` : "";
    const head = `${isConst(variable) ? "readonly " : ""}${name}${type}`;
    if (initializer === undefined) return `${head};`;
    if (!this.#mentionsHeap(initializer)) return `${head} = ${initializer.getText()};`;
    this.#assignments.push(`this.${name} = ${this.#inConstructor(initializer)};`);
    return `${head};`;
  }

  #method(statement: ts.Statement): string | undefined {
    if (!ts.isFunctionDeclaration(statement) || statement === this.#shown.front?.maker) return undefined;
    const printed = this.#qualify(statement, "this", (name) => {
      this.#usedByMethods.add(name);
      return `this.${name}`;
    });
    const mark = this.#isHidden(statement.name!.text) ? "#" : "";
    return printed.replace(/^(?:export\s+)?function\s*(\*?)\s*/, `$1${mark}`);
  }

  /** A member is private whose name another one has: an accessor, or a function that guards it. */
  #fieldName(name: string): string {
    return this.#isHidden(name) ? `#${name}` : name;
  }

  #isHidden(name: string): boolean {
    const { front, properties } = this.#shown;
    if (front?.names.has(name)) return true;
    const shown = properties.find(({ node }) => node.name.getText() === name);
    const call = shown && this.#functionNamed(shown.value);
    const own = declarationsOf(this.#program).values.get(name);
    return call !== undefined && call !== own && own !== undefined && ts.isFunctionDeclaration(own.statement);
  }

  #accessors(statement: ts.Statement): string | undefined {
    const { front } = this.#shown;
    if (front === undefined || statement !== front.holder) return undefined;
    return front.accessors
      .map(({ name, body }) => `get ${name.getText()}() ${this.#qualify(body!, "this", (given) => given)}`)
      .join("\n\n");
  }

  /** `detach: releaseCaches` is a method that calls the other one. */
  #alias({ node, value }: Shown): string {
    const { statement } = this.#functionNamed(value)!;
    const { parameters, type } = statement as ts.FunctionDeclaration;
    const texts = parameters.map((parameter) => parameter.getText()).join(", ");
    const names = parameters.map(({ name }) => name.getText()).join(", ");
    const callee = this.#owned.has(statement) ? `this.${this.#fieldName(value.getText())}` : value.getText();
    const result = type?.kind === ts.SyntaxKind.VoidKeyword ? "" : "return ";
    return `${this.#key(node.name)}(${texts})${type ? `: ${type.getText()}` : ""} {\n${result}${callee}(${names});\n}`;
  }

  /** `threadSlot: 0` is a field, set after all registers when it needs them. */
  #value({ node, value }: Shown): string {
    const name = this.#key(node.name);
    if (!this.#mentionsHeap(value)) return `readonly ${name} = ${value.getText()};`;
    this.#assignments.push(`this.${name} = ${this.#inConstructor(value)};`);
    return `readonly ${name};`;
  }

  /**
   * A member's key. `Symbol.dispose ?? …` gets a constant of the symbol's type: else no type
   * checker knows it.
   */
  #key(name: ts.PropertyName): string {
    if (!ts.isComputedPropertyName(name)) return name.getText();
    const { expression } = name;
    if (!ts.isBinaryExpression(expression) || !ts.isPropertyAccessExpression(expression.left)) {
      return name.getText();
    }
    const constant = expression.left.name.text.toUpperCase();
    this.#keys.push(`const ${constant}: typeof ${expression.left.getText()} = ${expression.getText()};`);
    return `[${constant}]`;
  }

  /** The rest of `createHeap`: its object, and what stands in front of it, is the instance. */
  #body(): string {
    const { statement, variable, front } = this.#shown;
    const text = rewrite(this.#node.body!, (node) => {
      if (node === front?.node) return INSTANCE;
      if (node === statement) return variable === undefined ? `return ${INSTANCE};` : "";
      if (ts.isIdentifier(node) && isReference(node) && variable && localOf(node) === variable)
        return INSTANCE;
      return ts.isIdentifier(node) || ts.isShorthandPropertyAssignment(node)
        ? this.#replacement(node, INSTANCE, (name) => name)
        : undefined;
    });
    return text.slice(1, -1).trimStart();
  }

  #inConstructor(root: ts.Node): string {
    return this.#qualify(root, "this", (name) => {
      this.#usedByConstructor.add(name);
      return name;
    });
  }

  /** Prints a node with every member reached through `self`. */
  #qualify(root: ts.Node, self: string, printGiven: (name: string) => string): string {
    return rewrite(root, (node) => {
      if (!ts.isIdentifier(node) && !ts.isShorthandPropertyAssignment(node)) return undefined;
      const text = this.#replacement(node, self, printGiven);
      if (text !== undefined) failOnLostThis(node, root);
      return text;
    });
  }

  #replacement(
    node: ts.Identifier | ts.ShorthandPropertyAssignment,
    self: string,
    printGiven: (name: string) => string,
  ): string | undefined {
    const isShorthand = ts.isShorthandPropertyAssignment(node);
    const name = isShorthand ? node.name : node;
    if (!isReference(name)) return undefined;
    const member = this.#memberNamed(name);
    if (member === undefined && !this.#isGiven(name)) return undefined;
    if (member && ts.isFunctionDeclaration(member.statement) && !isCalled(name)) {
      throw errorAt(
        "place",
        name,
        `${name.text} is handed around as a value, which a method cannot be; call it`,
      );
    }
    // Of an instance only the class itself sees the private fields.
    const field = self === INSTANCE ? name.text : this.#fieldName(name.text);
    const text = member ? `${self}.${field}` : printGiven(name.text);
    if (text === name.text) return undefined;
    return isShorthand ? `${name.text}: ${text}` : text;
  }

  /** Whether a property is a member already, under its own name. */
  #isMember({ node, value }: Shown): boolean {
    const key = node.name.getText();
    if (ts.isIdentifier(value) && value.text === key) return this.#memberNamed(value) !== undefined;
    const other = declarationsOf(this.#program).values.get(key);
    if (other === undefined || !this.#owned.has(other.statement) || this.#isHidden(key)) return false;
    throw errorAt("place", node, `"${key}" is something else in ${other.module.path}; rename one of them`);
  }

  #memberNamed(name: ts.Identifier): Declaration | undefined {
    if (localOf(name) !== undefined) return undefined;
    const declaration = declarationsOf(this.#program).values.get(name.text);
    return declaration && this.#owned.has(declaration.statement) ? declaration : undefined;
  }

  #functionNamed(value: ts.Expression): Declaration | undefined {
    if (!ts.isIdentifier(value) || localOf(value) !== undefined) return undefined;
    const declaration = declarationsOf(this.#program).values.get(value.text);
    return declaration && ts.isFunctionDeclaration(declaration.statement) ? declaration : undefined;
  }

  #isGiven(name: ts.Identifier): boolean {
    return localOf(name) === undefined && this.#given.has(name.text);
  }

  #mentionsHeap(root: ts.Node): boolean {
    let result = false;
    forEachFreeName(root, (name) => {
      if (this.#memberNamed(name) !== undefined || this.#isGiven(name)) result = true;
    });
    return result;
  }
}

function isCalled(name: ts.Identifier): boolean {
  return ts.isCallExpression(name.parent) && name.parent.expression === name;
}

function failOnLostThis(identifier: ts.Node, root: ts.Node): void {
  for (let node = identifier.parent; node !== root && node !== undefined; node = node.parent) {
    if (ts.isFunctionLike(node) && !ts.isArrowFunction(node)) {
      throw errorAt(
        "place",
        node,
        "a function inside another one is written as an arrow, so that it shares the heap",
      );
    }
  }
}
