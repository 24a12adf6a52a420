/** What the documents show is true: TypeScript in them compiles, commands exist, files they name are there. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map((name) => {
  return { name, text: readFileSync(ROOT + name, "utf8") };
});

function fences(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code ?? "");
}

describe.each(documents)("$name", ({ name, text }) => {
  it("has TypeScript that compiles", () => {
    const project = new Project({
      tsConfigFilePath: `${ROOT}tsconfig.json`,
      skipAddingFilesFromTsConfig: true,
    });
    fences(text, "ts").forEach((code, index) => {
      project.createSourceFile(`${ROOT}${name}.${index}.ts`, `${code}\nexport {};\n`);
    });
    const problems = project
      .getPreEmitDiagnostics()
      .filter((problem) => problem.getCategory() === ts.DiagnosticCategory.Error);
    expect(project.formatDiagnosticsWithColorAndContext(problems)).toBe("");
  });

  it("shows emitted code as it is emitted", () => {
    const dedent = (code: string) => code.replace(/^ {2}/gm, "");
    const emitted = dedent(readFileSync(`${ROOT}generated/single/allocator.ts`, "utf8"));
    const excerpts = fences(text, "typescript").flatMap((code) => code.trim().split("\n\n"));
    for (const excerpt of excerpts) expect(emitted).toContain(excerpt);
  });

  it("names commands that exist", async () => {
    const { program } = await import("../../generator/cli.ts");
    const commands = program().commands.map((command) => command.name());
    for (const line of fences(text, "sh").join("\n").split("\n")) {
      const script = /^npm run (?:-s )?([\w:]+)/.exec(line)?.[1];
      if (script !== undefined) expect(Object.keys(packageJson.scripts), line).toContain(script);
      const command = /slabsmith -- (\w+)/.exec(line)?.[1];
      if (command !== undefined) expect(commands, line).toContain(command);
    }
  });

  it("names files that are there", () => {
    for (const [, path] of text.matchAll(
      /`((?:spec|templates|generator|bench|test|generated)\/[\w./-]+)`/g,
    )) {
      expect(existsSync(ROOT + path), `${path}`).toBe(true);
    }
  });
});
