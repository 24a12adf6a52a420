/** Prints the typed form as a C file and its header. */
import { fill } from "../../fill.ts";
import type { Constant, Table, TypedModule, TypedProgram } from "../../typed/tree.ts";
import { entryType, HELPERS, number } from "./expressions.ts";
import { comment, printFunction, printHead, typeInC } from "./functions.ts";

export interface CFile {
  readonly program: TypedProgram;
  /** The kernel's names for numbers. */
  readonly roles: readonly string[];
}

/** Columns that lists of numbers are filled to. */
const COLUMNS = 96;

/** The allocator's own part of `allocator.c`: constants, tables, registers, functions. */
export function printKernel({ program, roles }: CFile): string {
  const data = program.modules.map(printData).filter((text) => text !== "");
  const functions = program.modules.filter((module) => module.functions.length > 0).map(printFunctions);
  const heads = program.modules.flatMap(({ functions }) => functions.map((node) => `${printHead(node)};`));
  const body = [...data, heads.join("\n"), ...functions].join("\n\n");
  const code = body.replace(/\/\*[\s\S]*?\*\//g, "");
  const helpers = Object.entries(HELPERS).flatMap(([name, text]) =>
    new RegExp(`\\b${name}\\(`).test(code) ? [text] : [],
  );
  return [
    // The frame speaks of blocks.
    roles
      .filter((role) => role === "Ptr" || new RegExp(`\\b${role}\\b`).test(code))
      .map((role) => `typedef uint32_t ${role};`)
      .join("\n"),
    ...helpers,
    body,
  ].join("\n\n");
}

/** Constants, tables and registers of a module. */
function printData({ constants, tables, registers }: TypedModule): string {
  return [
    constants.map(printConstant).join("\n"),
    ...tables.map(printTable),
    registers
      .map(({ name, type, doc }) => [...comment(doc), `static ${typeInC(type)} ${name};`].join("\n"))
      .join("\n"),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** The functions of a module under its heading. */
function printFunctions({ title, about, functions }: TypedModule): string {
  const rule = `/* ── ${title} ${"─".repeat(Math.max(3, 86 - title.length))} */`;
  return [[rule, ...comment(about)].join("\n"), ...functions.map(printFunction)].join("\n\n");
}

function printConstant({ name, value, doc }: Constant): string {
  return [...comment(doc), `#define ${name} ${number(value)}`].join("\n");
}

function printTable(table: Table): string {
  const { name, values, doc } = table;
  const lines = fill(values.join(", "), COLUMNS).map((line) => `  ${line}`);
  const head = `static const ${entryType(table)} ${name}[${values.length}] = {`;
  return [...comment(doc), head, ...lines, "};"].join("\n");
}
