/** Where a build has its metadata, for tests that look at it or damage it. */
import { layOutMetadata } from "../../generator/explain/metadata.ts";
import type { Heap } from "../../templates/host/api.ts";
import type { Variant } from "./variants.ts";

export interface Layout {
  /**
   * The word of the page map that has an address's slab; behind it, if pages lead to lists (R1),
   * what it is freed to.
   */
  entry(ptr: number): number;
  /** With threads: the slab record of the page an address is in. */
  slab(ptr: number): number;
  /** Offset of a field of the Slab record, in words: `FREE`, `LEFT` … */
  field(name: string): number;
  /** What the first thread's slot has for a class in a field: `ROUNDS`. */
  cached(name: string, c: number, heap: Heap): number;
  /** The word of a field of the first thread's slot; for fields per class, of class 0. */
  slotWord(name: string): number;
  superSlabWord(ptr: number, name: string): number;
  heapWord(name: string): number;
}

export async function layoutOf(variant: Variant): Promise<Layout> {
  const { regions } = layOutMetadata(variant.resolved);
  const wordOf = (region: string) => (regions.find(({ name }) => name === region)?.from as number) / 4;
  const entryWords = variant.resolved.kernel.routes ? 2 : 1;
  const page = (ptr: number) => Math.floor((ptr - variant.baseBytes) / variant.pageBytes);
  const text = String((await variant.files()).get("allocator.ts"));
  const constant = (name: string) =>
    Number(new RegExp(`const ${name} = (\\d+)`).exec(text)?.[1] ?? Number.NaN);
  const field = (name: string) => constant(`SLAB_${name}`);
  const slotWord = (name: string) => wordOf("thread slots") + constant(`THREAD_SLOT_${name}`);
  return {
    entry: (ptr) => wordOf("page map") + page(ptr) * entryWords,
    slab: (ptr) => wordOf("slab records") + page(ptr) * field("WORDS"),
    field,
    cached: (name, c, heap) => heap.u32[slotWord(name) + c],
    slotWord,
    superSlabWord(ptr, name) {
      const first = Math.floor(variant.baseBytes / variant.superSlabBytes);
      const index = Math.floor(ptr / variant.superSlabBytes) - first;
      const field = constant(`SUPER_SLAB_${name}`);
      return wordOf("SuperSlab records") + index * constant("SUPER_SLAB_WORDS") + field;
    },
    heapWord: (name) => wordOf("heap") + constant(`HEAP_${name}`),
  };
}
