/**
 * The core of a Wasm build: the kernel without JavaScript's host, specialised, typed, printed as
 * text, assembled and optimised.
 */
import type { KernelSpec } from "../../../spec/kernel-spec.ts";
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { WASM_CONTENTS } from "../../../templates/contents.ts";
import { typedKernel } from "../../typed/kernel.ts";
import { assemble } from "./assemble.ts";
import { printWasm } from "./print.ts";

export interface WasmCore {
  /** `allocator.wat`. */
  readonly text: string;
  /** `allocator.wasm`. */
  readonly binary: Uint8Array;
}

export async function makeWasmCore(resolved: ResolvedSpec, head: readonly string[]): Promise<WasmCore> {
  const exports = exportsOf(resolved.kernel);
  const program = typedKernel(calledWithWords(resolved.kernel), WASM_CONTENTS, [...exports.values()]);
  const text = printWasm({ program, exports, head });
  return { text, binary: await assemble(text) };
}

/** Names of the functions that a module exports, and the kernel's. */
export function exportsOf({ api, heapWalk, pool }: KernelSpec): Map<string, string> {
  return new Map([
    ["malloc", "malloc"],
    ["calloc", "calloc"],
    ["realloc", "realloc"],
    ["aligned_alloc", "memalign"],
    ["free", "free"],
    ["malloc_usable_size", "usableSize"],
    ["heap_init", "heapInit"],
    ["heap_init_zeroed", "heapInitZeroed"],
    ["heap_collect", "releaseCaches"],
    ...(api.image ? ([["heap_open", "heapOpen"]] as const) : []),
    ...(api.largestFree ? ([["heap_largest_free", "largestFree"]] as const) : []),
    ...((api.image || heapWalk) && pool.wordSearch ? ([["heap_limit", "heapEnd"]] as const) : []),
  ]);
}

/** The kernel as it is when functions of the same memory call it: numbers are words. */
export function calledWithWords(kernel: KernelSpec): KernelSpec {
  return { ...kernel, anyNumbers: false, viewsMayGo: false };
}
