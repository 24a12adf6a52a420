/**
 * What a spec that a plug-in turns into its heap exports, for TypeScript to know:
 *
 *     export default defineSpec({ extends: "single" });
 *     export { createHeap } from "slabsmith/client";
 *
 * In a bundle the heap itself takes the place of the whole module.
 */
import type * as all from "../../templates/host/api.ts";

export type { Block, HeapOptions } from "../../templates/host/api.ts";

/** Members that the heap of every spec has; of the others `templates/host/api.ts` says `@when`. */
type Always =
  | ("buffer" | "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64" | "i64" | "u64")
  | ("malloc" | "calloc" | "realloc" | "memalign" | "free" | "usableSize" | "detach")
  | typeof Symbol.dispose;

export type HeapHandle = Pick<all.HeapHandle, "memory" | "maxBytes"> & Partial<all.HeapHandle>;

/** What not every spec counts may be missing. */
export type HeapStats = Omit<all.HeapStats, Counted> & Partial<all.HeapStats>;
type Counted = "superSlabs" | "guardHits" | "counters";

/** The heap of any spec: what not every one has may be missing. */
export type Heap = Pick<all.Heap, Always> &
  Partial<Omit<all.Heap, Always | "stats" | "handle" | "reserve">> & {
    stats(): HeapStats;
    readonly handle?: HeapHandle;
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
