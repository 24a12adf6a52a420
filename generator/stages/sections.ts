/**
 * Sections: statements printed with their comments, each module's under a heading of its own words.
 */
import { ts } from "ts-morph";
import type { PlaceOptions } from "./place.ts";
import { type Declaration, hasModifier, type Module, type Program } from "./program.ts";
import { commentsBetween } from "./rewrite.ts";

/** The statements that belong to one heap. */
export type Owned = ReadonlySet<ts.Statement>;

/** `export function createHeap(…): Heap`, with its comment and the extra parameters. */
export function headOfCreate(create: Declaration, extra: PlaceOptions["extra"]): string {
  const node = create.statement as ts.FunctionDeclaration;
  const text = create.module.text;
  const parameters = [...node.parameters.map((parameter) => parameter.getText()), ...extra.map(declared)];
  const result = text.slice(node.parameters.end, node.body!.getStart()).trimEnd();
  return withComments(
    create.module,
    node,
    `export function ${create.name}(${parameters.join(", ")}${result}`,
  );
}

/** A further parameter, as it is declared. */
export function declared({ name, type, value }: PlaceOptions["extra"][number]): string {
  return `${name}: ${type} = ${value}`;
}

/** The chosen statements of each module under a heading of the module's own words. */
export function sections(
  program: Program,
  choose: (module: Module) => { heading: boolean; texts: readonly string[] },
): string {
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
export function withComments(module: Module, statement: ts.Statement, text: string): string {
  const between = commentsBetween(module.text.slice(statement.pos, statement.getStart()));
  const before =
    statement.pos === 0 ? between.tail + between.detached + between.lead : between.detached + between.lead;
  const line = module.text.slice(statement.end).split("\n", 1)[0]!;
  return `${before}${text}${/^\s*\/\//.test(line) ? line : ""}`;
}

export function withoutExport(statement: ts.Statement): string {
  const text = statement.getText();
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword) ? text.replace(/^export\s+/, "") : text;
}

export function isFunction(statement: ts.Statement): boolean {
  return ts.isFunctionDeclaration(statement);
}
