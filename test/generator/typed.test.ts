/** The typed form: roles that follow from what is declared, mistakes with their lines, and its text. */
import { describe, expect, test } from "vitest";
import { declarationsOf } from "../../generator/stages/program.ts";
import { printWasm } from "../../generator/targets/wasm/print.ts";
import { declareLocals } from "../../generator/typed/declare-locals.ts";
import { readTyped } from "../../generator/typed/read-program.ts";
import { fixturesOf } from "./fixtures.ts";

describe("locals get the roles that follow from declarations", () => {
  test.each(fixturesOf("declare-locals"))("$name", ({ program, expected }) => {
    const { modules } = declareLocals(program);
    expect(modules.map(({ text }) => text).join("")).toBe(expected);
  });
});

describe("a mistake in types names the line of the kernel", () => {
  test.each(fixturesOf("type"))("$name", ({ program, expected }) => {
    expect(() => readTyped(program, program)).toThrow(expected.replace("// ", "").trim());
  });
});

describe("text of a Wasm module", () => {
  test.each(fixturesOf("wat"))("$name", ({ program, expected }) => {
    expect(declarationsOf(program).values.has("root")).toBe(true);
    const typed = readTyped(program, program);
    expect(printWasm({ program: typed, exports: new Map([["root", "root"]]), head: [] })).toBe(expected);
  });
});
