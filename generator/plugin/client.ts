/**
 * What a spec that a plug-in turns into its heap exports, for TypeScript to know:
 *
 *     export default defineSpec({ extends: "single" });
 *     export { createHeap } from "slabsmith/client";
 *
 * In a bundle the heap itself takes the place of the whole module.
 */
import type * as all from "../../templates/host/api.ts";

export type { Block, HeapOptions, HeapStats } from "../../templates/host/api.ts";

/** Members that only some specs choose; with the marks `@when` in `templates/host/api.ts`. */
type Chosen = "check" | "blocks" | "reclaim" | "reserve";

export type HeapHandle = Omit<all.HeapHandle, "threadSlot"> & Partial<Pick<all.HeapHandle, "threadSlot">>;

/** The heap of any spec: what not every one has may be missing. */
export type Heap = Omit<all.Heap, Chosen | "handle"> &
  Partial<Pick<all.Heap, Exclude<Chosen, "reserve">>> & {
    readonly handle: HeapHandle;
    reserve?(): HeapHandle;
  };

export function createHeap(_options?: all.HeapOptions): Heap {
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
