/**
 * What size classes cost, in bytes of memory: the slabs that hold their blocks with the tails
 * behind the last one, the part of the current slab that is not in use, the metadata of all these
 * pages, the words that a thread has for each class, and the tables that `malloc` looks up.
 */
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { resolveSpec } from "../../../spec/resolve.ts";
import { slabPages } from "../../../spec/slab-spans.ts";
import { layOutMetadata } from "../../explain/metadata.ts";

/** Half of a class's current slab is unused in the mean. */
const UNUSED_OF_CURRENT = 0.5;
/** Beside the heap: a word of `CLASS_BYTES`, a byte of `CLASS_PAGES`. */
const TABLE_BYTES_PER_CLASS = 5;

export class ClassPrices {
  readonly alignment: number;
  readonly pageBytes: number;
  /** A page, and what its metadata costs. */
  readonly #pageCost: number;
  readonly #classCost: number;
  readonly #slabs = new Map<number, { readonly cost: number; readonly perBlock: number }>();

  constructor(private readonly base: ResolvedSpec) {
    const { alignment, geometry } = base.spec;
    this.alignment = alignment;
    this.pageBytes = geometry.pageBytes;
    const { committed } = layOutMetadata(base);
    this.#pageCost =
      geometry.pageBytes + (committed.perSuperSlab * geometry.pageBytes) / geometry.superSlabBytes;
    this.#classCost = TABLE_BYTES_PER_CLASS + this.#wordsPerClass();
  }

  /** Of `blocks` live blocks of a class of `bytes`. */
  class(bytes: number, blocks: number): number {
    if (blocks === 0) return 0;
    const { cost, perBlock } = this.#slabOf(bytes);
    return blocks * perBlock + Math.min(1, blocks) * UNUSED_OF_CURRENT * cost;
  }

  /** Of a live block above the classes. */
  run(bytes: number): number {
    return Math.ceil(bytes / this.pageBytes) * this.#pageCost;
  }

  /** Of a class, whether it has blocks or not. */
  get perClass(): number {
    return this.#classCost;
  }

  /** Of the table from sizes to classes, a byte for each unit of the alignment. */
  table(lastClass: number): number {
    return lastClass / this.alignment + 1;
  }

  #slabOf(bytes: number) {
    let slab = this.#slabs.get(bytes);
    if (slab === undefined) {
      const pages = slabPages(bytes, this.base.spec.geometry);
      const cost = pages * this.#pageCost;
      slab = { cost, perBlock: cost / Math.floor((pages * this.pageBytes) / bytes) };
      this.#slabs.set(bytes, slab);
    }
    return slab;
  }

  /** Bytes of a thread's slot that a class more takes. */
  #wordsPerClass(): number {
    const fixed = (sizes: number[]) =>
      layOutMetadata(resolveSpec({ ...this.base.spec, sizeClasses: sizes })).committed.fixed;
    const [smallest] = [this.alignment * 2];
    return fixed([smallest, smallest * 2]) - fixed([smallest]);
  }
}
