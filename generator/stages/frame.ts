/** Frame: the text around the allocator, from `templates/frame`. */
import { readFileSync } from "node:fs";
import Handlebars from "handlebars";
import type { Placed } from "./place.ts";

export interface Frame {
  readonly generator: string;
  readonly name: string;
  readonly hash: string;
  /** The variant's choices, a line each. */
  readonly choices: readonly string[];
  /** The box-drawn memory map, line by line. */
  readonly memoryMap: readonly string[];
  /** Flagged builds: the type and the default of the spec that they read at run time. */
  readonly runtimeSpec?: { readonly type: string; readonly value: string };
}

export function frameAllocator(frame: Frame, placed: Placed): string {
  return template("allocator.ts.hbs")({ ...frame, ...placed });
}

export function frameDeclarations(frame: Frame, declarations: string): string {
  return template("index.d.ts.hbs")({ ...frame, declarations });
}

export function frameModule(frame: Frame, code: string): string {
  return template("index.js.hbs")({ ...frame, code });
}

/** The README of a package that is shipped. */
export function frameReadme(content: object): string {
  return template("package-readme.md.hbs")(content);
}

/** Any text of `templates/frame`. */
export function frameText(name: string, content: object): string {
  return template(name)(content);
}

const templates = new Map<string, HandlebarsTemplateDelegate>();

function template(name: string): HandlebarsTemplateDelegate {
  let compiled = templates.get(name);
  if (compiled === undefined) {
    const text = readFileSync(new URL(`../../templates/frame/${name}`, import.meta.url), "utf8");
    compiled = Handlebars.compile(text, { noEscape: true, strict: true });
    templates.set(name, compiled);
  }
  return compiled;
}
