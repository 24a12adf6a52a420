/** Prints the typed form as a WebAssembly module's text. */
import type { TypedModule, TypedProgram } from "../../typed/tree.ts";
import { HELPERS } from "./expressions.ts";
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
  const sections = program.modules.map(printModule).filter((text) => text !== "");
  const body = sections.join("\n\n");
  const helpers = Object.entries(HELPERS).flatMap(([name, text]) =>
    body.includes(`(call $${name} `) ? [text] : [],
  );
  return [
    ...head.map((line) => `;; ${line}`.trimEnd()),
    "(module",
    '(import "env" "memory" (memory 0))',
    ...[...exports].map(([name, inside]) => `(export "${name}" (func $${inside}))`),
    "",
    body,
    ...(helpers.length === 0 ? [] : ["", heading("arithmetic"), ...helpers]),
    ")",
    "",
  ].join("\n");
}

function printModule({ title, about, registers, tables, functions }: TypedModule): string {
  const parts = [
    ...registers.map(({ name, doc }) =>
      [...comment(doc, ""), `(global $${name} (mut i32) (i32.const 0))`].join("\n"),
    ),
    ...tables.map((table) => [...comment(table.doc, ""), printTable(table)].join("\n")),
    ...functions.map(printFunction),
  ];
  return parts.length === 0 ? "" : [heading(title), ...comment(about, ""), "", parts.join("\n\n")].join("\n");
}

function heading(title: string): string {
  return `;; ── ${title} ${"─".repeat(Math.max(3, 90 - title.length))}`;
}
