/** Prints the typed form as a WebAssembly module's text. */
import type { Expression, TypedModule, TypedProgram } from "../../typed/tree.ts";
import { expressionPrinter, HELPERS } from "./expressions.ts";
import { comment, printFunction } from "./functions.ts";
import { printTable } from "./tables.ts";

export interface WasmModule {
  readonly program: TypedProgram;
  /** Names of exports, and the functions that they are. */
  readonly exports: ReadonlyMap<string, string>;
  /** The words before the module, a line each. */
  readonly head: readonly string[];
}

export function printWasm({ program, exports, head }: WasmModule): string {
  return [
    ...head.map((line) => `;; ${line}`.trimEnd()),
    "(module",
    '(import "env" "memory" (memory 0))',
    ...[...exports].map(([name, inside]) => `(export "${name}" (func $${inside}))`),
    "",
    printDefinitions(program),
    ")",
    "",
  ].join("\n");
}

/** Globals and functions, without the module around them. */
function printDefinitions({ modules }: TypedProgram): string {
  const body = modules
    .map(printModule)
    .filter((text) => text !== "")
    .join("\n\n");
  const helpers = Object.entries(HELPERS).flatMap(([name, text]) =>
    body.includes(`(call $${name} `) ? [text] : [],
  );
  return [body, ...(helpers.length === 0 ? [] : ["", heading("arithmetic"), ...helpers])].join("\n");
}

function printModule({ title, about, registers, tables, functions }: TypedModule): string {
  const parts = [
    ...registers.map(({ name, initial, doc }) =>
      [...comment(doc, ""), `(global $${name} (mut i32) ${firstValue(initial)})`].join("\n"),
    ),
    ...tables.map((table) => [...comment(table.doc, ""), printTable(table)].join("\n")),
    ...functions.map(printFunction),
  ];
  return parts.length === 0 ? "" : [heading(title), ...comment(about, ""), "", parts.join("\n\n")].join("\n");
}

/** What a register holds from the beginning: what follows from others is calculated later. */
function firstValue(initial: Expression): string {
  const isKnown = initial.kind === "literal" || initial.kind === "constant" || initial.kind === "truth";
  return isKnown ? expressionPrinter(() => "")(initial) : "(i32.const 0)";
}

function heading(title: string): string {
  return `;; ── ${title} ${"─".repeat(Math.max(3, 90 - title.length))}`;
}
