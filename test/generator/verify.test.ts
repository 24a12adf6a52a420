import { describe, expect, test } from "vitest";
import { toModule } from "../../generator/kernel-source.ts";
import { verify } from "../../generator/stages/verify.ts";
import { VOCABULARY } from "../../generator/stages/vocabulary.ts";

const NOTHING = new Set<string>();
const NO_KERNEL = { modules: [], records: new Map() };
/** Every choice is made. */
const ALL = () => true;

test("an allocator passes, and its public types come out", () => {
  const { declarations } = verify(
    "export function createHeap(n: number): number {\n  return n + 1;\n}\n",
    NOTHING,
    NO_KERNEL,
    ALL,
  );
  expect(declarations).toBe("export declare function createHeap(n: number): number;\n");
});

test.each([
  ["a choice", "declare const spec: { a: boolean };\nexport const a = spec.a;", "`spec.a` is left over"],
  ["an intrinsic", "export const a = load32(1);", "`load32(1)` is left over"],
  ["a mark", "// {@when spec.a}\nexport const a = 1;", "`{@when spec.a}` is left over"],
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
  expect(() => verify(text, NOTHING, NO_KERNEL, ALL)).toThrow(
    expect.objectContaining({ name: "GeneratorError", problem }),
  );
});

test("a flagged build reads its spec", () => {
  expect(() =>
    verify("export const f = (spec: { a: number }) => spec.a;", NOTHING, NO_KERNEL, ALL),
  ).not.toThrow();
  expect(() =>
    verify(
      "declare const spec: { a: boolean };\nexport const a = spec.a;",
      new Set(["spec"]),
      NO_KERNEL,
      ALL,
    ),
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
  expect(() => verify(made, NOTHING, kernel, ALL)).toThrow("verify: kernel/a.ts:3: `load32(n)` is left over");
});

describe("a build speaks of itself only", () => {
  /** For each choice a sentence that uses one of its words. */
  const SENTENCES: Readonly<Record<string, string>> = {
    "several threads": "takes the remote list",
    "one thread": "looks into the page map",
    reclaim: "until it is reclaimed",
    "routes (R1)": "notes the route",
    "a memory that grows": "the memory has grown",
    "a WebAssembly.Memory": "give a WebAssembly.Memory",
    "a shared buffer": "give a SharedArrayBuffer",
    rooms: "the tree of its state",
    "images (N2)": "what an image holds",
    "reset (N4)": "after a reset of it",
    "owns (N4)": "what owns says",
    "largestFree (N4)": "what largestFree says",
    "the heap walk": "what check() says",
    "block headers (M5)": "the block's header",
    "the fast cache (F1)": "F1 has it",
    "the TLS SLL (F2)": "the TLS SLL",
    "the TLS list (F3)": "the TLS list",
    "the magazine (F4)": "a magazine that is full",
    "the unified cache (F5)": "the unified cache",
    "the hot heap (F6)": "the hot heap",
    "the TLS hint (F8)": "the TLS hint",
    "active tracking (R5)": "counted by R5 only",
    "the sticky slab (P1)": "the sticky slab",
    "the hot slot (P2)": "the hot slot",
    "the bench slot (P3)": "the bench slot",
    "kept empty slabs (P6)": "P6, stage 0.5: they wait",
    "the lists of EMPTY slabs (P7)": "listed (P7) by class",
    "the gate (P10)": "the gate is shut",
    prefault: "pages are prefaulted here",
    "the LRU": "put into the LRU",
    "OS statistics (G6)": "counted for G6 only",
    "list validation (G1)": "looked at by G1 only",
    "push validation (G2)": "looked at by G2 only",
    "block guards (G3)": "a double free",
    "poison (G3)": "filled with poison",
    "quarantine (G3)": "in quarantine",
    "red zones (G3)": "an overrun of it",
    "the trace ring (G4)": "the last events",
    "counters (G5)": "counted for G5 only",
  };

  test.each(VOCABULARY.map((term) => [term.choice, term] as const))("%s", (choice, { condition }) => {
    const sentence = SENTENCES[choice];
    const off = (asked: string) => asked !== condition;
    for (const text of [
      `// It ${sentence}.\n`,
      `/** It\n * ${sentence}. */\n`,
      `const text = "It ${sentence}.";\n`,
    ]) {
      const build = `${text}export const a = ${text.startsWith("const") ? "text" : "1"};\n`;
      expect(() => verify(build, NOTHING, NO_KERNEL, ALL)).not.toThrow();
      expect(() => verify(build, NOTHING, NO_KERNEL, off)).toThrow(`belongs to ${choice}, which is off`);
    }
  });
});
