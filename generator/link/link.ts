/**
 * Links an allocator into a program: its functions take the place of the imports, the heap begins
 * where the program's data end, and what is known of it by that is folded. Then calls are inlined.
 */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { UserError } from "../../spec/user-error.ts";
import { LINKED_CONTENTS } from "../../templates/contents.ts";
import { type Binaryen, loadBinaryen, optimised } from "../targets/wasm/assemble.ts";
import { calledWithWords } from "../targets/wasm/core.ts";
import { printWasm } from "../targets/wasm/print.ts";
import { typedKernel } from "../typed/kernel.ts";
import { ALLOCATOR, readProgram, type WasmProgram } from "./program.ts";

export interface Linked {
  readonly binary: Uint8Array;
  /** Functions that were imported before. */
  readonly functions: readonly string[];
  /** Where the heap begins and may end, in bytes. */
  readonly base: number;
  readonly end: number;
}

/** In front of the allocator's names: the program has names, too. */
const PREFIX = "slabsmith.";
/** In front of those that the program calls: they are inlined there. */
const CALLED = "slabsmith-call.";

/** Functions of up to so many instructions are inlined wherever they are called. */
const INLINED_UP_TO = 100;

export async function link(kernel: KernelSpec, file: string, bytes: Uint8Array): Promise<Linked> {
  const tool = await loadBinaryen("slabsmith link");
  const program = readProgram(file, bytes, tool);
  const spec = boundTo(kernel, program, file);
  const text = merge(program, spec, tool);
  const { basePage, maxPages } = spec.memory;
  return {
    binary: assemble(text, program, tool),
    functions: [...program.imports.keys()],
    base: basePage << spec.pageShift,
    end: maxPages * 2 ** spec.pageShift,
  };
}

/** The choices of a heap that begins behind a program's data and ends where its memory may. */
function boundTo(kernel: KernelSpec, { heapBase, maxBytes }: WasmProgram, file: string): KernelSpec {
  const pageBytes = 2 ** kernel.pageShift;
  const basePage = Math.ceil(heapBase / pageBytes);
  const limit = Math.min(maxBytes, 2 ** 32 - pageBytes);
  const maxPages = Math.min(kernel.memory.maxPages, Math.floor(limit / pageBytes));
  if (basePage >= maxPages) {
    throw new UserError(
      `${file}: its data end at ${heapBase}, and the heap would have to end at ${maxPages * pageBytes}: raise memory.maxBytes of the spec, or the program's maximal memory`,
    );
  }
  const memory = { ...kernel.memory, basePage, maxPages, baseGiven: false };
  return { ...calledWithWords(kernel), memory };
}

/** The text of the program with the allocator's functions in it. */
function merge({ text, imports, isZeroed }: WasmProgram, spec: KernelSpec, tool: Binaryen): string {
  const begin = isZeroed ? "beginZeroed" : "begin";
  const wanted = [...imports.keys()].map((name) => ALLOCATOR.get(name)!.inKernel);
  const definitions = allocatorFor(spec, begin, new Set(wanted), tool);
  const start = /\(start (\$\S+)\)/.exec(text)?.[1];
  const starter = [
    `(func $${PREFIX}start`,
    `  (if (i32.eqz (call $${PREFIX}${begin})) (then (unreachable)))`,
    ...(start === undefined ? [] : [`  (call ${start})`]),
    ")",
    `(start $${PREFIX}start)`,
  ];
  const imported = new Set([...imports.keys()].map((name) => `"${name}" (func`));
  const kept = text
    .split("\n")
    .filter((line) => !(/^ \(import "/.test(line) && [...imported].some((part) => line.includes(part))))
    .filter((line) => !/^ \(start \$/.test(line));
  const calls = [...imports].map(([name, inside]) => callOf(name, inside));
  return [kept.join("\n").trimEnd().slice(0, -1), ...calls, definitions, ...starter, ")"].join("\n");
}

/** The allocator's globals and functions, optimised by themselves. */
function allocatorFor(spec: KernelSpec, begin: string, called: ReadonlySet<string>, tool: Binaryen): string {
  const names = new Set([begin, ...called]);
  const program = typedKernel(spec, LINKED_CONTENTS, [...names]);
  const exports = new Map([...names].map((name) => [name, name]));
  const text = optimised(printWasm({ program, exports, head: [] }), tool, (module) => module.emitText());
  return text
    .split("\n")
    .filter((line) => !/^\(module| \((type|import|export) |^\)/.test(line))
    .join("\n")
    .replace(/\((call|func|global|global\.get|global\.set) \$([\w.]+)/g, (_, kind, name) => {
      return `(${kind} $${called.has(name) ? CALLED : PREFIX}${name}`;
    })
    .replace(/ \(type \$\w+\)/g, "");
}

/** The function that the program knows by its own name. */
function callOf(name: string, inside: string): string {
  const { parameters, inKernel } = ALLOCATOR.get(name)!;
  const words = Array.from({ length: parameters }, (_, index) => `$p${index}`);
  const given = words.map((word) => ` (param ${word} i32)`).join("");
  const result = name === "free" ? "" : " (result i32)";
  const passed = words.map((word) => ` (local.get ${word})`).join("");
  return `(func ${nameInText(inside)}${given}${result} (call $${CALLED}${inKernel}${passed}))`;
}

/** A name as binaryen writes it. */
function nameInText(name: string): string {
  return /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/.test(name) ? `$${name}` : `$${JSON.stringify(name)}`;
}

/**
 * What a program may use: all that engines have had for long. With every feature that binaryen
 * knows it would write imports in a form that they do not read.
 */
function featuresOf({ Features }: Binaryen): number {
  return (
    Features.MutableGlobals |
    Features.SignExt |
    Features.NontrappingFPToInt |
    Features.BulkMemory |
    Features.BulkMemoryOpt |
    Features.Multivalue |
    Features.ReferenceTypes |
    Features.CallIndirectOverlong |
    Features.SIMD128 |
    Features.ExceptionHandling |
    Features.TailCall
  );
}

function assemble(text: string, { isZeroed }: WasmProgram, tool: Binaryen): Uint8Array {
  const module = tool.parseText(text);
  const small = tool.getAlwaysInlineMaxSize();
  try {
    module.setFeatures(featuresOf(tool));
    if (!module.validate()) throw new Error("the linked module is not valid WebAssembly");
    tool.setOptimizeLevel(4);
    tool.setShrinkLevel(0);
    tool.setAlwaysInlineMaxSize(INLINED_UP_TO);
    tool.setZeroFilledMemory(isZeroed);
    // What a program calls is inlined, and nothing of what that calls where it is seldom called.
    tool.setPassArgument("no-inline", `${PREFIX}*`);
    module.runPasses(["no-inline"]);
    module.optimize();
    return new Uint8Array(module.emitBinary());
  } finally {
    // Binaryen keeps settings for all modules.
    tool.setAlwaysInlineMaxSize(small);
    tool.setZeroFilledMemory(false);
    tool.setPassArgument("no-inline", null);
    module.dispose();
  }
}
