/**
 * Records: lays the fields of `record({ … })` out in order and prints each as a constant, its
 * offset in words.
 */
import { ts } from "ts-morph";
import { fill } from "../fill.ts";
import { chosenText, type Holds } from "./comments.ts";
import { type Declaration, errorAt } from "./program.ts";

export interface RecordField {
  readonly name: string;
  /** The constant that stands for the field: `Slab.free` is SLAB_FREE. */
  readonly constant: string;
  readonly offset: number;
  readonly words: number;
  /** What the field's own comment says, on one line. */
  readonly doc: string;
}

export interface RecordLayout {
  readonly name: string;
  readonly words: number;
  /** The constant that stands for `wordsOf(…)`. */
  readonly lengthConstant: string;
  readonly fields: ReadonlyMap<string, RecordField>;
  /** Fields that this variant leaves out. */
  readonly absent: ReadonlySet<string>;
}

/** Evaluates an expression that must be constant in every variant. */
export type Constant = (expression: ts.Expression) => unknown;

/** The `record(…)` call that a declaration is initialised with, if it is a record. */
export function recordCall(declaration: Declaration): ts.CallExpression | undefined {
  const call = declaration.variable?.initializer;
  return call !== undefined && ts.isCallExpression(call) && calls(call, "record") ? call : undefined;
}

export function layOut(
  name: string,
  call: ts.CallExpression,
  constant: Constant,
  holds: Holds,
): RecordLayout {
  const [shape, length] = call.arguments;
  if (shape === undefined || !ts.isObjectLiteralExpression(shape)) {
    throw errorAt("fold", call, `record ${name}: give its fields as an object literal`);
  }
  const fields = new Map<string, RecordField>();
  const absent = new Set<string>();
  let offset = 0;
  for (const property of shape.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) {
      throw errorAt("fold", property, `record ${name}: a field is written \`name: word\``);
    }
    const field = property.name.text;
    const words = wordsOfField(property.initializer, constant, offset);
    if (words === undefined) {
      absent.add(field);
      continue;
    }
    fields.set(field, {
      name: field,
      constant: constantName(name, field),
      offset,
      words,
      doc: chosenText(docOf(property), holds),
    });
    offset += words;
  }
  const pow2 = length !== undefined && ts.isStringLiteral(length) && length.text === "pow2";
  const words = pow2 ? 2 ** Math.ceil(Math.log2(Math.max(1, offset))) : offset;
  return { name, words, lengthConstant: constantName(name, "words"), fields, absent };
}

/** Words of a cache line. */
const LINE_WORDS = 16;

/** Words of a field, or undefined when the variant has no such field. */
function wordsOfField(field: ts.Expression, constant: Constant, offset: number): number | undefined {
  if (ts.isIdentifier(field) && field.text === "word") return 1;
  if (ts.isIdentifier(field) && field.text === "line") return -offset & (LINE_WORDS - 1);
  if (ts.isCallExpression(field) && calls(field, "words")) return constant(field.arguments[0]!) as number;
  if (ts.isCallExpression(field) && calls(field, "when")) {
    return constant(field.arguments[0]!) ? wordsOfField(field.arguments[1]!, constant, offset) : undefined;
  }
  throw errorAt("fold", field, "a field is `word`, `words(n)`, `line` or `when(condition, field)`");
}

/** Columns of a line. */
const WIDTH = 110;

/**
 * The declarations that a record becomes: a constant per field, with the field's comment behind it
 * or above.
 */
export function printRecord(layout: RecordLayout): string {
  const lines = [...layout.fields.values()].map(({ constant, offset, doc }) => {
    const declaration = `const ${constant} = ${offset};`;
    if (doc === "") return declaration;
    const line = `${declaration} // ${doc}`;
    return line.length <= WIDTH ? line : `${comment(doc)}\n${declaration}`;
  });
  return [...lines, `const ${layout.lengthConstant} = ${layout.words};`].join("\n");
}

/** Text as line comments. */
function comment(text: string): string {
  return fill(text, WIDTH - "// ".length)
    .map((line) => `// ${line}`)
    .join("\n");
}

/** The constants that stand for fields and lengths of records, and the record of each. */
export function recordConstants(records: ReadonlyMap<string, RecordLayout>): Map<string, string> {
  const owners = new Map<string, string>();
  for (const layout of records.values()) {
    owners.set(layout.lengthConstant, layout.name);
    for (const field of layout.fields.values()) owners.set(field.constant, layout.name);
  }
  return owners;
}

function constantName(record: string, field: string): string {
  const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  return `${snake(record)}_${snake(field)}`;
}

function calls(call: ts.CallExpression, name: string): boolean {
  return ts.isIdentifier(call.expression) && call.expression.text === name;
}

/** The comment before a field, as one line. */
function docOf(property: ts.Node): string {
  const text = property.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, property.getFullStart()) ?? [];
  const doc = ranges.map(({ pos, end }) => text.slice(pos, end)).find((comment) => comment.startsWith("/**"));
  if (doc === undefined) return "";
  return doc
    .slice(3, -2)
    .replace(/\n\s*\* ?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
