/**
 * Text fixtures: a file holds a spec, a few modules and what the stage makes of them, divided by
 * `=== name`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { toModule } from "../../generator/kernel-source.ts";
import type { Program } from "../../generator/stages/program.ts";

export interface Fixture {
  readonly name: string;
  readonly spec: object;
  readonly program: Program;
  /** The stage's output, or the message it fails with. */
  readonly expected: string;
}

export function fixturesOf(stage: string): Fixture[] {
  const folder = new URL(`./fixtures/${stage}/`, import.meta.url);
  return readdirSync(folder).map((file) => {
    const parts = readFileSync(new URL(file, folder), "utf8").split(/^=== (.*)\n/m);
    const sections = new Map<string, string>();
    for (let i = 1; i < parts.length; i += 2) sections.set(parts[i]!, parts[i + 1]!);
    const modules = [...sections].flatMap(([path, text]) =>
      path.endsWith(".ts") ? [toModule(path, text)] : [],
    );
    return {
      name: file.replace(/\.txt$/, "").replaceAll("-", " "),
      spec: JSON.parse(sections.get("spec") ?? "{}"),
      program: { modules, records: new Map() },
      expected: sections.get("expected")!,
    };
  });
}
