/**
 * A heap for the memory of a Wasm module, made while the program runs. A project has it made once,
 * by `slabsmith generate` or by a bundler's plug-in, and imports it.
 */
import { generate } from "../generator/index.ts";
import type { createHeap } from "../generator/plugin/client.ts";
import type { Spec } from "../spec/schema.ts";

/** One thread, in a memory that grows, from an address that is known when the heap is made. */
export const SPEC = {
  extends: "single",
  name: "module-heap",
  memory: { kind: "WebAssembly.Memory", baseAt: "call" },
} satisfies Spec;

export interface HeapModule {
  readonly createHeap: typeof createHeap;
}

export async function generateHeap(): Promise<HeapModule> {
  const { files } = await generate(SPEC);
  const text = encodeURIComponent(String(files.get("index.js")));
  return import(/* @vite-ignore */ `data:text/javascript,${text}`);
}

/** The first address at or above this one at which a heap may begin. */
export function heapBaseAbove(address: number): number {
  return Math.ceil(address / 4096) * 4096;
}
