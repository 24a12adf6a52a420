import { expect, test } from "vitest";
import { toModule } from "../../generator/kernel-source.ts";
import { verify } from "../../generator/stages/verify.ts";

const NOTHING = new Set<string>();
const NO_KERNEL = { modules: [], records: new Map() };

test("an allocator passes, and its public types come out", () => {
  const { declarations } = verify(
    "export function createHeap(n: number): number {\n  return n + 1;\n}\n",
    NOTHING,
    NO_KERNEL,
  );
  expect(declarations).toBe("export declare function createHeap(n: number): number;\n");
});

test.each([
  ["a choice", "declare const spec: { a: boolean };\nexport const a = spec.a;", "`spec.a` is left over"],
  ["an intrinsic", "export const a = load32(1);", "`load32(1)` is left over"],
  ["a record", "export const a = record({});", "`record({})` is left over"],
  [
    "a constant condition",
    "const A = 0;\nexport function f(n: number) {\n  if (A > 0) n++;\n  return n;\n}",
    "the condition `A > 0` is constant",
  ],
  ["a constant operand", "export const f = (n: number) => true && n;", "the condition `true` is constant"],
  [
    "an unreachable statement",
    "export function f() {\n  return 1;\n  f();\n}",
    "Unreachable code detected. in `f();`",
  ],
  [
    "an unused declaration",
    "const unused = 1;\nexport const a = 1;",
    "'unused' is declared but its value is never read. in `const unused = 1;`",
  ],
  [
    "an unused parameter",
    "export function f(n: number) {}",
    "'n' is declared but its value is never read. in `export function f(n: number) {}`",
  ],
  [
    "an unused local",
    "export function f() {\n  const n = 1;\n}",
    "'n' is declared but its value is never read. in `const n = 1;`",
  ],
  [
    "a wrong type",
    'export const n: number = "";',
    "Type 'string' is not assignable to type 'number'. in `export const n: number = \"\";`",
  ],
])("%s fails", (_, text, problem) => {
  expect(() => verify(text, NOTHING, NO_KERNEL)).toThrow(
    expect.objectContaining({ name: "GeneratorError", problem }),
  );
});

test("a flagged build reads its spec", () => {
  expect(() => verify("export const f = (spec: { a: number }) => spec.a;", NOTHING, NO_KERNEL)).not.toThrow();
  expect(() =>
    verify("declare const spec: { a: boolean };\nexport const a = spec.a;", new Set(["spec"]), NO_KERNEL),
  ).not.toThrow();
});

test("a problem is shown where the kernel has it", () => {
  const kernel = {
    modules: [
      toModule(
        "kernel/a.ts",
        "/** A. */\n\nexport function f(n: number): number {\n  return load32(n);\n}\n",
      ),
    ],
    records: new Map(),
  };
  const made =
    "class A {\n  f(n: number): number {\n    return load32(n);\n  }\n}\nexport const a = new A();\n";
  expect(() => verify(made, NOTHING, kernel)).toThrow("verify: kernel/a.ts:3: `load32(n)` is left over");
});
