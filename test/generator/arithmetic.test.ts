/**
 * Arithmetic intrinsics: JavaScript, which has doubles, and Wasm, which has words, answer the same
 * for sizes around every power of two. Tables as functions answer what the tables hold.
 */
import binaryen from "binaryen";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toModule } from "../../generator/kernel-source.ts";
import { lowerLocal } from "../../generator/stages/lower.ts";
import { HELPERS } from "../../generator/targets/wasm/expressions.ts";
import { printTable } from "../../generator/targets/wasm/tables.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { sizeClassTable } from "../../templates/host/size-class-table.ts";

type Calls = Readonly<Record<string, (...words: number[]) => number>>;

/** Functions in WebAssembly text, ready to be called. */
function instantiate(functions: readonly string[]): Calls {
  const names = functions.map((text) => /\$(\w+)/.exec(text)![1]!);
  const exports = names.map((name) => `(export "${name}" (func $${name}))`);
  const module = binaryen.parseText(["(module", ...exports, ...functions, ")"].join("\n"));
  if (!module.validate()) throw new Error("invalid module");
  const bytes = new Uint8Array(module.emitBinary());
  module.dispose();
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Calls;
}

/** What JavaScript builds make of the intrinsics. */
function inJavaScript(): Calls {
  const source = `
    export function ceilDivided(a: number, b: number): number { return ceilDiv(a, b); }
    export function sum(a: number, b: number): number { return addSaturating(a, b); }
    export function overflows(a: number, b: number): boolean {
      const product = a * b;
      return productOverflows(a, b, product);
    }`;
  const lowered = lowerLocal({ modules: [toModule("kernel/a.ts", source)], records: new Map() });
  const code = ts.transpile(lowered.modules[0]!.text.replace(/export /g, ""), {
    target: ts.ScriptTarget.ES2022,
  });
  return new Function(`${code}\nreturn { ceilDivided, sum, overflows };`)();
}

const LARGEST = 2 ** 32 - 1;

/** Every power of two and what lies around it. */
const WORDS = [
  ...new Set(
    Array.from({ length: 33 }, (_, bit) => [-2, -1, 0, 1, 2, 3].map((near) => 2 ** bit + near)).flat(),
  ),
].filter((word) => word >= 0 && word <= LARGEST);

const wasm = instantiate(Object.values(HELPERS));
const js = inJavaScript();

/** The pairs of words for which `found` is not what is expected. */
function wrong(
  found: (a: number, b: number) => number,
  expected: (a: number, b: number) => number,
): string[] {
  return WORDS.flatMap((a) =>
    [...WORDS, a >>> 3].flatMap((b) => (found(a, b) >>> 0 === expected(a, b) ? [] : [`${a}, ${b}`])),
  );
}

test("sums stop at the largest word, where JavaScript's are no size any more", () => {
  expect(wrong(wasm.addSaturating!, (a, b) => Math.min(js.sum!(a, b), LARGEST))).toEqual([]);
});

test("division rounds up", () => {
  const divisor = (b: number) => (b === 0 ? 1 : b);
  const exact = (a: number, b: number) => Number((BigInt(a) + BigInt(b) - 1n) / BigInt(b));
  expect(
    wrong(
      (a, b) => wasm.ceilDiv!(a, divisor(b)),
      (a, b) => exact(a, divisor(b)),
    ),
  ).toEqual([]);
  const pages = [12, 13, 14, 15, 16].map((shift) => 2 ** shift);
  for (const page of pages)
    expect(
      wrong(
        (a) => wasm.ceilDiv!(a, page),
        (a) => js.ceilDivided!(a, page),
      ),
    ).toEqual([]);
});

test("a product that is no word is told", () => {
  const exact = (a: number, b: number) => Number(BigInt(a) * BigInt(b) > BigInt(LARGEST));
  expect(wrong((a, b) => Number(js.overflows!(a, b)), exact)).toEqual([]);
  expect(wrong((a, b) => wasm.productOverflows!(a, b, Math.imul(a, b)), exact)).toEqual([]);
});

test("the smaller and the larger are those of unsigned words", () => {
  expect(wrong(wasm.min!, Math.min)).toEqual([]);
  expect(wrong(wasm.max!, Math.max)).toEqual([]);
});

describe("a table is a function in Wasm", () => {
  const rules = [1, 2, 4, 8, 16].flatMap((stepsPerDoubling) =>
    [8, 16, 32, 64].flatMap((alignment) =>
      [{ last: 32768 }, { last: 8192 }, { last: 5000 - (5000 % alignment) }, { first: 4 * alignment }].map(
        (rule) => ({
          alignment,
          sizeClasses: { last: 32768, stepsPerDoubling, ...rule },
        }),
      ),
    ),
  );
  const lists = [[16, 32, 64, 128, 256], [48, 96, 1024, 8192], [32]].map((sizeClasses) => ({ sizeClasses }));
  const specs = [...rules, ...lists, { header: true }, { header: true, alignment: 8 as const }];

  test("of size classes", () => {
    for (const spec of specs as object[]) {
      const { classBytes, classPages, alignShift } = resolveSpec(spec).kernel;
      const tables = {
        CLASS_BYTES: classBytes,
        CLASS_PAGES: classPages,
        SIZE_CLASS: [...sizeClassTable(Uint32Array.from(classBytes), alignShift)],
      };
      const calls = instantiate(
        Object.entries(tables).map(([name, values]) => printTable({ name, values, doc: "" })),
      );
      for (const [name, values] of Object.entries(tables)) {
        // Class 0 is none: nobody asks for its bytes or pages.
        const from = name === "SIZE_CLASS" ? 0 : 1;
        const found = values.map((_, index) => (index < from ? 0 : calls[name]!(index) >>> 0));
        expect(found.slice(from), `${JSON.stringify(spec)} ${name}`).toEqual(values.slice(from));
      }
    }
  });

  test("of any numbers", () => {
    for (const values of [
      [0, 7, 65_535, 3, 0, 1],
      [0, 5, 5, 5],
      [0, 2 ** 32 - 1, 2 ** 31],
      [0, 9],
    ]) {
      const calls = instantiate([printTable({ name: "T", values, doc: "" })]);
      expect(values.slice(1).map((_, index) => calls.T!(index + 1) >>> 0)).toEqual(values.slice(1));
    }
  });
});
