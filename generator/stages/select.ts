/**
 * Select: keeps the declarations that the roots reach, and nothing else.
 */
import { ts } from "ts-morph";
import { GeneratorError } from "./generator-error.ts";
import {
  type Declaration,
  declarationOf,
  declarationsOf,
  isAmbient,
  type Module,
  type Program,
  parse,
  withModules,
  withText,
} from "./program.ts";
import { recordConstants } from "./records.ts";
import { commentsBetween } from "./rewrite.ts";
import { forEachFreeName } from "./scope.ts";

export interface Roots {
  /** The functions a variant exports. */
  readonly names: readonly string[];
  /** What an intrinsic will need once it is lowered: `load32` reads `u32`. */
  readonly implied: Readonly<Record<string, string>>;
}

export function select(program: Program, roots: Roots): Program {
  const reached = reach(program, roots);
  const fields = recordConstants(program.records);
  const modules = program.modules.flatMap((module): Module[] => {
    const text = keep(module, reached, fields);
    return text.trim() === "" ? [] : [withText(module, text)];
  });
  return withModules(program, modules);
}

function reach(program: Program, roots: Roots): Set<ts.Statement> {
  const { values, types } = declarationsOf(program);
  const reached = new Set<ts.Statement>();
  const visit = (declaration: Declaration | undefined): void => {
    if (declaration === undefined || reached.has(declaration.statement)) return;
    reached.add(declaration.statement);
    forEachFreeName(declaration.statement, (identifier) => {
      failOnAbsentField(program, declaration, identifier);
      const name = roots.implied[identifier.text] ?? identifier.text;
      visit(isTypeName(identifier) ? (types.get(name) ?? values.get(name)) : values.get(name));
    });
  };
  for (const name of roots.names) {
    if (!values.has(name)) throw new GeneratorError("select", "kernel", 0, `there is no function "${name}"`);
    visit(values.get(name));
  }
  return reached;
}

function isTypeName(identifier: ts.Identifier): boolean {
  if (ts.isTypeReferenceNode(identifier.parent)) return true;
  const clause = identifier.parent.parent;
  return (
    ts.isHeritageClause(clause) &&
    (ts.isInterfaceDeclaration(clause.parent) || clause.token === ts.SyntaxKind.ImplementsKeyword)
  );
}

function failOnAbsentField(program: Program, reader: Declaration, record: ts.Identifier): void {
  const layout = program.records.get(record.text);
  if (layout === undefined || !ts.isPropertyAccessExpression(record.parent)) return;
  const field = record.parent.name.text;
  throw new GeneratorError(
    "select",
    reader.module.path,
    0,
    `${reader.name} uses ${layout.name}.${field}, which this variant does not have; ` +
      (layout.absent.has(field)
        ? "put the use under the condition of its `when`"
        : "declare it in the record"),
  );
}

/**
 * A module's text with only what was reached. A record's comment stays while any of its fields
 * does.
 */
function keep(
  module: Module,
  reached: ReadonlySet<ts.Statement>,
  records: ReadonlyMap<string, string>,
): string {
  const { statements, text } = parse(module);
  let result = "";
  /** Text up to here is dealt with. */
  let position = 0;
  let isRemoved = false;
  /** The comment of a record whose first fields are gone. */
  let orphan: { readonly record: string; readonly comment: string } | undefined;
  for (const statement of statements) {
    const { tail, detached, lead } = commentsBetween(text.slice(position, statement.getStart()));
    result += (isRemoved ? "" : tail) + detached;
    position = statement.end;
    const record = ts.isVariableStatement(statement)
      ? records.get(declarationOf(module, statement).name)
      : undefined;
    if (orphan?.record !== record) orphan = undefined;
    isRemoved = !reached.has(statement) || isAmbient(declarationOf(module, statement));
    if (!isRemoved) {
      result += (orphan?.comment ?? "") + lead + statement.getText();
      orphan = undefined;
    } else if (record !== undefined) {
      // Behind the record's own comment may stand the field's, in line comments.
      orphan ??= { record, comment: /^[\s\S]*\*\/\n/.exec(lead)?.[0] ?? "" };
    }
  }
  const { tail, detached, lead } = commentsBetween(text.slice(position));
  return result + (isRemoved ? "" : tail) + detached + lead;
}
