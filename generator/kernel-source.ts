/** Reads the kernel: the modules that the table of contents names, in its order. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CONTENTS } from "../templates/contents.ts";
import { GeneratorError } from "./stages/generator-error.ts";
import type { Module, Program } from "./stages/program.ts";

const TEMPLATES = fileURLToPath(new URL("../templates/", import.meta.url));

/** Modules that give the kernel its language and have no text of their own in a build. */
const LANGUAGE = new Set(["kernel/intrinsics", "kernel/record", "kernel/spec"]);

let kernel: Program | undefined;

/** The kernel of this package. Read and parsed once. */
export function readKernel(): Program {
  kernel ??= readProgram(TEMPLATES, CONTENTS);
  return kernel;
}

const bareKernels = new Map<readonly string[], Program>();

/** The kernel without JavaScript's host: the modules of a table of contents. Read once. */
export function readBareKernel(contents: readonly string[]): Program {
  const kernel = bareKernels.get(contents) ?? readModules(TEMPLATES, contents);
  bareKernels.set(contents, kernel);
  return kernel;
}

/** What calls the functions of a Wasm module in place of the kernel's own. */
export function readInstance(): Module {
  return toModule("wasm/instance.ts", readFileSync(`${TEMPLATES}wasm/instance.ts`, "utf8"));
}

/** A program from a folder with `kernel/` and `host/` in it. */
export function readProgram(folder: string, contents: readonly string[]): Program {
  for (const part of ["kernel", "host"]) {
    for (const entry of readdirSync(`${folder}/${part}`, { recursive: true, encoding: "utf8" })) {
      const name = `${part}/${entry.replace(/\.ts$/, "")}`;
      if (!entry.endsWith(".ts") || LANGUAGE.has(name) || contents.includes(name)) continue;
      throw new GeneratorError(
        "read",
        "contents.ts",
        0,
        `does not name ${name}; add it where its part is to stand`,
      );
    }
  }
  return readModules(folder, contents);
}

function readModules(folder: string, contents: readonly string[]): Program {
  const modules = contents.map((name) => {
    const path = `${folder}/${name}.ts`;
    if (!existsSync(path))
      throw new GeneratorError("read", "contents.ts", 0, `names ${name}, which is not there`);
    return toModule(`${name}.ts`, readFileSync(path, "utf8"));
  });
  return { modules, records: new Map() };
}

/** A module from its text. Its opening comment becomes what the module is about. */
export function toModule(path: string, text: string): Module {
  const host = path.startsWith("host/");
  const opening = /^\/\*\*(.*?)\*\/(?=\n\n|\nimport )/s.exec(text);
  if (opening === null) return { path, about: "", text, host };
  const [about = ""] = opening[1]!
    .replace(/^\s*\* ?/gm, "")
    .trim()
    .split(/\n\s*\n/);
  // Blank lines keep the line numbers that errors name.
  const blank = opening[0].replace(/[^\n]/g, "");
  return { path, about, text: blank + text.slice(opening[0].length), host };
}
