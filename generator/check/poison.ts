/**
 * Poison: the pages of a slab that is nobody's are touched by nobody, not even to read. Slabs that were released are like
 * that, and with them released SuperSlabs.
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
  /** Offset of the owner word in a record. */
  readonly owner: number;
}

/** States of an owner word in which a slab is nobody's, by its bits 28 … 31. */
const NOBODYS: Readonly<Record<number, string>> = { 0: "UNUSED", 2: "EMPTY" };

export class Poison {
  readonly #wordShift: number;

  constructor(
    private readonly memory: SharedMemory,
    private readonly layout: SlabLayout,
    /** Words of the heap. */
    private readonly end: number,
  ) {
    this.#wordShift = layout.pageShift - 2;
  }

  expectOwned(thread: number, word: number): void {
    const { firstPage, origin, recordWords, owner } = this.layout;
    const page = word >>> this.#wordShift;
    if (page < firstPage || word >= this.end) return;
    const state = NOBODYS[this.memory.read(origin + page * recordWords + owner) >>> 28];
    if (state !== undefined) throw new Violation(`thread ${thread} touches a slab that is ${state}`);
  }
}
