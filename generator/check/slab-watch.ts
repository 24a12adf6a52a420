/**
 * Slab watch: what is true of slabs at every moment, whoever is at work. Released slabs, and with
 * them released SuperSlabs, are poison: the pages of a slab that is nobody's are touched by nobody,
 * not even to read. And generations only grow.
 */
import type { SharedMemory } from "./shared-memory.ts";
import { Violation } from "./violation.ts";

/** Where slabs and their records lie, in words. */
export interface SlabLayout {
  readonly firstPage: number;
  readonly pageShift: number;
  /** The record of page 0's slab, were it there. */
  readonly origin: number;
  readonly recordWords: number;
  /** Offsets of words in a record. */
  readonly owner: number;
  readonly generation: number;
}

/** States of an owner word in which a slab is nobody's, by its bits 28 … 31. */
const NOBODYS: Readonly<Record<number, string>> = { 0: "UNUSED", 2: "EMPTY" };

export class SlabWatch {
  readonly #wordShift: number;
  readonly #endOfRecords: number;

  constructor(
    private readonly memory: SharedMemory,
    private readonly layout: SlabLayout,
    /** Words of the heap. */
    private readonly end: number,
  ) {
    this.#wordShift = layout.pageShift - 2;
    this.#endOfRecords = layout.origin + (end >>> this.#wordShift) * layout.recordWords;
  }

  /** A plain access: of the memory of a slab that somebody owns. */
  expectOwned(thread: number, word: number): void {
    const { firstPage, origin, recordWords, owner } = this.layout;
    const page = word >>> this.#wordShift;
    if (page < firstPage || word >= this.end) return;
    const state = NOBODYS[this.memory.read(origin + page * recordWords + owner) >>> 28];
    if (state !== undefined) throw new Violation(`thread ${thread} touches a slab that is ${state}`);
  }

  /** A plain write: if it is a generation's, to a larger one. */
  expectGrowing(thread: number, word: number, value: number): void {
    const { firstPage, origin, recordWords, generation } = this.layout;
    const offset = word - origin - generation;
    if (offset < firstPage * recordWords || offset % recordWords !== 0 || word >= this.#endOfRecords) return;
    const before = this.memory.read(word);
    if (value > before) return;
    throw new Violation(`thread ${thread} takes a slab's generation from ${before} to ${value}`);
  }
}
