/**
 * What a spec that a plug-in turns into its heap exports, for TypeScript to know:
 *
 *     export default defineSpec({ extends: "single" });
 *     export { createHeap } from "slabsmith/client";
 *
 * In a bundle the heap itself takes the place of the whole module.
 */
import type { Heap, HeapHandle, HeapOptions } from "../../templates/host/api.ts";

export type { Block, Heap, HeapHandle, HeapOptions, HeapStats } from "../../templates/host/api.ts";

export function createHeap(_options?: HeapOptions): Heap {
  return withoutPlugin();
}

/** In another worker; of specs for several threads. */
export function attachHeap(_handle: HeapHandle): Heap {
  return withoutPlugin();
}

function withoutPlugin(): never {
  throw new Error(
    "this spec was imported as it stands: add slabsmith's plug-in to the bundler (slabsmith/vite, /rollup, /webpack, /esbuild)",
  );
}
