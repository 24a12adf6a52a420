/**
 * The slabs of a simulated heap: their counters, and per class those that have blocks to offer and
 * those that wait until more have come back. The rules are those of `templates/kernel/slab.ts` and
 * `stages/partial.ts`.
 */
import type { KernelSpec } from "../../../spec/kernel-spec.ts";
import type { SlabPage } from "./heap.ts";

export class SlabLists {
  /** Per first page: class, pages, and the counters of a slab's record, in blocks. */
  readonly classOf: Uint8Array;
  readonly pagesOf: Int32Array;
  readonly free: Int32Array;
  readonly left: Int32Array;
  readonly rest: Int32Array;
  readonly carved: Int32Array;

  /** Per class: the first slab of each list; slabs are linked by `#next` and `#previous`. */
  readonly #partial: Int32Array;
  readonly #waiting: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Per class: slabs remembered outside the list (P2, P3). */
  readonly #hot: Int32Array;
  readonly #bench: Int32Array;

  constructor(private readonly kernel: KernelSpec) {
    const pages = kernel.memory.maxPages;
    this.classOf = new Uint8Array(pages);
    this.pagesOf = new Int32Array(pages);
    this.free = new Int32Array(pages);
    this.left = new Int32Array(pages);
    this.rest = new Int32Array(pages);
    this.carved = new Int32Array(pages);
    this.#next = new Int32Array(pages);
    this.#previous = new Int32Array(pages);
    const perClass = () => new Int32Array(kernel.classCount + 1);
    this.#partial = perClass();
    this.#waiting = perClass();
    this.#hot = perClass();
    this.#bench = perClass();
  }

  /** A slab of nothing but virgin blocks. */
  begin(slab: SlabPage, c: number, pages: number): void {
    this.classOf[slab] = c;
    this.pagesOf[slab] = pages;
    this.free[slab] = 0;
    this.left[slab] = 0;
    this.rest[slab] = 0;
    this.carved[slab] = 0;
    this.#previous[slab] = 0;
  }

  takeOwn(c: number): SlabPage {
    return (
      this.#takeFrom(this.#hot, c) || this.#takeFrom(this.#bench, c) || this.#takeFirst(this.#partial, c)
    );
  }

  takeWaiting(c: number): SlabPage {
    const slab = this.#takeFirst(this.#waiting, c);
    if (slab !== 0) this.offerAll(slab);
    return slab;
  }

  offerAll(slab: SlabPage): void {
    this.left[slab]! += this.rest[slab]!;
    this.rest[slab] = 0;
  }

  /** Blocks have come back to a full slab: it is offered again, or waits for more. */
  rejoin(slab: SlabPage, c: number): void {
    const { rejoinShift } = this.kernel.slab;
    const rest = this.rest[slab]!;
    const carved = this.carved[slab]!;
    const missing = Math.max(carved >>> rejoinShift, 1) + rest - carved;
    if (missing > 0) {
      this.left[slab] = missing;
      this.rest[slab] = rest - missing;
      if (!this.#isListed(slab, c)) this.#addFirst(this.#waiting, c, slab);
      return;
    }
    this.left[slab] = rest;
    this.rest[slab] = 0;
    this.unlist(slab, c);
    this.#addPartial(slab, c);
  }

  unlist(slab: SlabPage, c: number): void {
    if (!this.#isListed(slab, c)) return;
    if (this.#hot[c] === slab) this.#hot[c] = 0;
    else if (this.#bench[c] === slab) this.#bench[c] = 0;
    else this.#remove(this.#waiting[c] === slab ? this.#waiting : this.#partial, c, slab);
  }

  #addPartial(slab: SlabPage, c: number): void {
    const { hotSlot, benchSlot } = this.kernel.refill;
    if (hotSlot && this.#hot[c] === 0) this.#hot[c] = slab;
    else if (benchSlot && this.#bench[c] === 0) this.#bench[c] = slab;
    else this.#addFirst(this.#partial, c, slab);
  }

  #isListed(slab: SlabPage, c: number): boolean {
    return (
      this.#previous[slab] !== 0 ||
      [this.#partial, this.#waiting, this.#hot, this.#bench].some((places) => places[c] === slab)
    );
  }

  #takeFrom(places: Int32Array, c: number): SlabPage {
    const slab = places[c]!;
    places[c] = 0;
    return slab;
  }

  #takeFirst(list: Int32Array, c: number): SlabPage {
    const slab = list[c]!;
    if (slab !== 0) this.#remove(list, c, slab);
    return slab;
  }

  #addFirst(list: Int32Array, c: number, slab: SlabPage): void {
    const first = list[c]!;
    this.#next[slab] = first;
    this.#previous[slab] = 0;
    if (first !== 0) this.#previous[first] = slab;
    list[c] = slab;
  }

  /** `list` is looked at only if the slab is the first of one. */
  #remove(list: Int32Array, c: number, slab: SlabPage): void {
    const previous = this.#previous[slab]!;
    const following = this.#next[slab]!;
    if (previous !== 0) this.#next[previous] = following;
    else list[c] = following;
    if (following !== 0) this.#previous[following] = previous;
    this.#previous[slab] = 0;
  }
}
