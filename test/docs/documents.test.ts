/**
 * What the documents show is true: code in them compiles, and commands, files, links and traces in
 * them are good.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Project, ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { parseTrace } from "../../bench/trace.ts";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const names = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
  ...readdirSync(`${ROOT}docs`).map((name) => `docs/${name}`),
];
const documents = names.map((name) => ({ name, text: readFileSync(ROOT + name, "utf8") }));
const MAX_WIDTH = 100;
const README_LINES = 120;

function fences(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code ?? "");
}

/** Headings as links name them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

it("comments have short lines", () => {
  const long = ["bench", "examples", "generator", "spec", "templates"].flatMap((folder) =>
    readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const lines = readFileSync(`${ROOT}${folder}/${name}`, "utf8").split("\n");
        // What the generator reads of a comment does not count.
        const isLong = (line: string) => line.replace(/@inline(-body)? /, "").length > MAX_WIDTH;
        return lines.filter((line) => /^\s*(\/\/|\/?\*)/.test(line) && isLong(line));
      }),
  );
  expect(long).toEqual([]);
});

it("README.md is short", () => {
  expect(readFileSync(`${ROOT}README.md`, "utf8").split("\n").length).toBeLessThanOrEqual(README_LINES);
});

describe.each(documents)("$name", ({ name, text }) => {
  it("has TypeScript that compiles", () => {
    if (fences(text, "ts").length === 0) return;
    const project = new Project({
      tsConfigFilePath: `${ROOT}tsconfig.json`,
      skipAddingFilesFromTsConfig: true,
    });
    fences(text, "ts").forEach((code, index) => {
      // Paths in code are those of a project's root, wherever the document lies.
      project.createSourceFile(`${ROOT}${basename(name)}.${index}.ts`, `${code}\nexport {};\n`);
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
    const lines = fences(text, "sh").join("\n").split("\n");
    const inText = [...text.matchAll(/`((?:npx |npm run )[^`]*)`/g)].map(([, command]) => command ?? "");
    for (const line of [...lines, ...inText]) {
      const script = /^npm run (?:-s )?([\w:]+)/.exec(line)?.[1];
      if (script !== undefined) expect(Object.keys(packageJson.scripts), line).toContain(script);
      const command = /slabsmith (?:-- )?([a-z]+)/.exec(line)?.[1];
      if (command !== undefined) expect(commands, line).toContain(command);
      for (const [path] of line.matchAll(/(?:test|generator|bench)\/[\w./-]+\.ts/g)) {
        expect(existsSync(ROOT + path), path).toBe(true);
      }
    }
  });

  it("has links that lead somewhere", () => {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)) {
      if (target === "" || /^https?:/.test(target)) continue;
      const [path, anchor] = target.split("#");
      const file = path === "" ? ROOT + name : join(dirname(ROOT + name), path ?? "");
      expect(existsSync(file), target).toBe(true);
      if (anchor !== undefined) expect(anchors(readFileSync(file, "utf8")), target).toContain(anchor);
    }
  });

  it("has lines that fit a screen", () => {
    // A patch has the lines of the file that it changes.
    const lines = text.replaceAll(/^```diff\n.*?^```/gms, "").split("\n");
    expect(lines.filter((line) => [...line].length > MAX_WIDTH)).toEqual([]);
  });

  it("has traces that can be replayed", () => {
    for (const trace of fences(text, "trace")) expect(parseTrace(name, trace).operations).toBeGreaterThan(0);
  });

  it("names files that are there", () => {
    for (const [, path] of text.matchAll(
      /`((?:spec|templates|generator|record|bench|test|generated|examples|docs)\/[\w./-]+)`/g,
    )) {
      expect(existsSync(ROOT + path), `${path}`).toBe(true);
    }
  });
});
