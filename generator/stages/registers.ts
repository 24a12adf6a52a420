/**
 * Registers: what of a heap changes besides its views, as fields of one object. Of a field V8 knows
 * what kind of value it holds; of a variable that changes and that closures share it knows nothing,
 * and tests it at every use. (Class form has fields anyway.)
 */
import { ts } from "ts-morph";
import { type Declaration, declarationsOf, errorAt, isConst, type Program } from "./program.ts";
import { rewrite } from "./rewrite.ts";
import { forEachFreeName, isReference, localOf, namesOf } from "./scope.ts";
import { type Owned, withComments } from "./sections.ts";

const OBJECT = "own";

export interface Registers {
  /** Whether a statement declares one of them. */
  has(statement: ts.Statement): boolean;
  /** The object, or nothing. */
  readonly declaration: string;
  /** A node with every register as the field that it is. */
  print(node: ts.Node): string;
}

/** `given`: what a heap is made with. */
export function registersOf(program: Program, owned: Owned, given: ReadonlySet<string>): Registers {
  const { values } = declarationsOf(program);
  const registers = new Map<string, Declaration>();
  for (const declaration of values.values()) {
    if (owned.has(declaration.statement) && isRegister(declaration))
      registers.set(declaration.name, declaration);
  }
  const statements = new Set<ts.Statement>([...registers.values()].map(({ statement }) => statement));
  return {
    has: (statement) => statements.has(statement),
    declaration: declare([...registers.values()]),
    print: (root) => rewrite(root, replace),
  };

  /** What changes, and is known before anything else of the heap is. */
  function isRegister({ variable }: Declaration): boolean {
    if (variable?.initializer === undefined || isConst(variable)) return false;
    let isKnown = true;
    forEachFreeName(variable.initializer, ({ text }) => {
      const declaration = values.get(text);
      if (given.has(text) || (declaration !== undefined && owned.has(declaration.statement))) isKnown = false;
    });
    return isKnown;
  }

  function replace(node: ts.Node): string | undefined {
    const name = ts.isShorthandPropertyAssignment(node) ? node.name : node;
    if (!ts.isIdentifier(name) || !registers.has(name.text) || !isReference(name)) return undefined;
    if (localOf(name) !== undefined) return undefined;
    if (isShadowed(name))
      throw errorAt(
        "place",
        name,
        `"${OBJECT}" is a local here, and what holds ${name.text}; rename the local`,
      );
    const field = `${OBJECT}.${name.text}`;
    return name === node ? field : `${name.text}: ${field}`;
  }
}

function declare(registers: readonly Declaration[]): string {
  if (registers.length === 0) return "";
  const fields = registers.map(({ module, statement, name, variable }) =>
    withComments(module, statement, `${name}: ${variable!.initializer!.getText()},`),
  );
  return `/** What of this heap changes. (Fields of an object: of these an engine knows what they hold, of variables it does not.) */
const ${OBJECT} = {
${fields.join("\n")}
};`;
}

/** Whether the object's name means something else where a register is used. */
function isShadowed(name: ts.Identifier): boolean {
  for (let node: ts.Node = name.parent; !ts.isSourceFile(node); node = node.parent) {
    if (namesOf(node)?.has(OBJECT)) return true;
  }
  return false;
}
