/**
 * Format: lays the text out. Notes to kernel authors (`///`) and tags of the generator end here.
 */
import { Biome } from "@biomejs/js-api/nodejs";
import { GeneratorError } from "./generator-error.ts";

let shared: { biome: Biome; project: number } | undefined;

export function format(text: string, fileName = "allocator.ts"): string {
  const { biome, project } = formatter();
  const { content, diagnostics } = biome.formatContent(project, cleanComments(text), { filePath: fileName });
  if (diagnostics.length > 0) {
    throw new GeneratorError("format", fileName, 0, "the text does not parse; the stages before broke it");
  }
  return content;
}

function formatter(): { biome: Biome; project: number } {
  if (shared === undefined) {
    const biome = new Biome();
    const project = biome.openProject("/").projectKey;
    biome.applyConfiguration(project, {
      formatter: { indentStyle: "space", indentWidth: 2, lineWidth: 110 },
      javascript: { formatter: { quoteStyle: "double", trailingCommas: "all" } },
    });
    shared = { biome, project };
  }
  return shared;
}

function cleanComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\/\/ .*\n/gm, "")
    .replace(/^[ \t]*\* @inline(-body)?[ \t]*\n/gm, "")
    .replace(/[ \t]*@inline(-body)?(?![\w-])[ \t]*(?=[^\n]*\*\/)/g, " ")
    .replace(/^[ \t]*\/\*\*\s*\*\/\n/gm, "")
    .replace(/\n{3,}/g, "\n\n");
}
