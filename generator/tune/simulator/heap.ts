/**
 * A heap without a memory. A block is known by nothing but its slab: blocks of one slab are alike
 * as far as the footprint goes, so a free list is a stack of slabs, and no address is ever made.
 *
 * The rules are those of `templates/kernel` for one thread: `refill.ts`, `slab.ts`, `stages/`,
 * `tiers/fast.ts`, `tiers/tls-sll.ts`. A heap that is nearly full keeps its lists short; that is
 * left out, since a heap that is tuned has room.
 */
import type { KernelSpec } from "../../../spec/kernel-spec.ts";
import { sizeClassTable } from "../../../templates/host/size-class-table.ts";
import { FreeLists } from "./free-lists.ts";
import { type MetadataCost, Pages } from "./pages.ts";
import { SlabLists } from "./slab-lists.ts";

/** A slab, by its first page. 0 is none. */
export type SlabPage = number;

/** Blocks that lists give back before new pages are touched, and before the heap is full. */
const BLOCKS_BEFORE_NEW_PAGES = 1024;
const BLOCKS_OF_A_FULL_HEAP = 2048;

/** Why the simulator does not know a spec; undefined: it does. */
export function whyNotSimulated(kernel: KernelSpec): string | undefined {
  const unknown = {
    "several threads": kernel.manyThreads,
    headers: kernel.headerBytes > 0,
    "the unified cache": kernel.unifiedCache.on,
    magazines: kernel.magazine.on,
    "the TLS list": kernel.tlsList.on,
    "the hot heap": kernel.hotHeap,
    "active tracking": kernel.activeTracking,
  };
  const names = Object.entries(unknown).flatMap(([name, isOn]) => (isOn ? [name] : []));
  return names.length === 0 ? undefined : `the simulator does not know ${names.join(", ")}`;
}

export class SimulatedHeap {
  readonly pages: Pages;
  readonly #slabs: SlabLists;
  readonly #classOfUnits: Uint8Array;
  /** Per class: blocks of a full slab. */
  readonly #capacity: Int32Array;
  readonly #lists: FreeLists;
  /** Per class: the current slab, and the blocks of its virgin part that are left. */
  readonly #current: Int32Array;
  readonly #virgin: Int32Array;
  readonly #sticky: Int32Array;
  #empty: SlabPage[] = [];

  constructor(
    private readonly kernel: KernelSpec,
    metadata: MetadataCost,
  ) {
    this.pages = new Pages(kernel, metadata);
    this.pages.releaseIdle = () => this.#releaseIdle();
    this.#slabs = new SlabLists(kernel);
    this.#classOfUnits = sizeClassTable(Uint32Array.from(kernel.classBytes), kernel.alignShift);
    const { classBytes, classPages, pageShift, classCount } = kernel;
    this.#capacity = Int32Array.from(classBytes, (bytes, c) =>
      c === 0 ? 1 : Math.floor((classPages[c]! << pageShift) / bytes),
    );
    this.#lists = new FreeLists(kernel, (slab) => this.#freeToSlab(slab));
    this.#current = new Int32Array(classCount + 1);
    this.#virgin = new Int32Array(classCount + 1);
    this.#sticky = new Int32Array(classCount + 1);
  }

  /** A block of at least `size` bytes: its slab, or 0: the heap is full. */
  malloc(size: number): SlabPage {
    if (size > this.kernel.maxClassBytes) return this.#pageBlock(size, 1);
    return this.#allocate(this.#classOf(size));
  }

  memalign(alignment: number, size: number): SlabPage {
    const { alignShift, pageShift, maxClassBytes, classBytes, classCount } = this.kernel;
    if (alignment <= 1 << alignShift) return this.malloc(size);
    if (alignment <= 1 << pageShift && size <= maxClassBytes) {
      let c = this.#classOf(size);
      while (c <= classCount && (classBytes[c]! & (alignment - 1)) !== 0) c++;
      if (c <= classCount) return this.#allocate(c);
    }
    return this.#pageBlock(size, Math.max(1, alignment >>> pageShift));
  }

  free(slab: SlabPage): void {
    if (!this.#lists.keep(this.#slabs.classOf[slab]!, slab)) this.#freeToSlab(slab);
  }

  /** The slab in which the block lies afterwards; 0: the heap is full. */
  realloc(slab: SlabPage, size: number): SlabPage {
    const { classBytes, maxClassBytes, pageShift } = this.kernel;
    const c = this.#slabs.classOf[slab]!;
    const usable = c === 0 ? this.#slabs.pagesOf[slab]! << pageShift : classBytes[c]!;
    if (c === 0) {
      if (size > maxClassBytes && this.#resizeRun(slab, size)) return slab;
    } else if (size <= usable && size >= usable >>> 1) {
      return slab;
    }
    let target = size > maxClassBytes && size > usable ? this.#pageBlock(size + (size >>> 3), 1) : 0;
    if (target === 0) target = this.malloc(size);
    if (target === 0) return size <= usable ? slab : 0;
    this.free(slab);
    return target;
  }

  #classOf(size: number): number {
    const { alignShift } = this.kernel;
    return this.#classOfUnits[(size + (1 << alignShift) - 1) >>> alignShift]!;
  }

  #allocate(c: number): SlabPage {
    return this.#lists.take(c) || this.#takeFreed(c) || this.#takeVirgin(c) || this.#refill(c);
  }

  /** With no list that refills fill, what was freed into the current slab. */
  #takeFreed(c: number): SlabPage {
    const current = this.#current[c]!;
    const { free, left } = this.#slabs;
    if (this.kernel.tlsSll.on || current === 0 || free[current] === 0) return 0;
    free[current]!--;
    left[current]!++;
    return current;
  }

  #takeVirgin(c: number): SlabPage {
    if (this.#virgin[c] === 0) return 0;
    this.#virgin[c]!--;
    return this.#current[c]!;
  }

  #refill(c: number): SlabPage {
    let slab = this.#source(c);
    if (slab === 0) {
      this.#releaseSome(BLOCKS_OF_A_FULL_HEAP);
      slab = this.#source(c);
      if (slab === 0) return 0;
    }
    const { free, left, carved } = this.#slabs;
    if (!this.kernel.tlsSll.on) {
      if (free[slab]! > 0) free[slab]!--;
      else carved[slab]!++;
      left[slab]!++;
      return slab;
    }
    if (free[slab] === 0) return this.#takeVirgin(c);
    this.#lists.fill(c, slab, free[slab]! - 1);
    free[slab] = 0;
    left[slab] = carved[slab]!;
    return slab;
  }

  /** The class's current slab, after it was replaced should it have no blocks left. */
  #source(c: number): SlabPage {
    const last = this.#current[c]!;
    const { free, carved, left, rest } = this.#slabs;
    if (last !== 0) {
      const isVirgin = !this.kernel.tlsSll.on && carved[last]! < this.#capacity[c]!;
      if (free[last]! > 0 || isVirgin) return last;
      rest[last] = left[last]! - 1;
      left[last] = 1;
      this.#current[c] = 0;
    }
    const slab = this.#nextSlab(c, last);
    this.#current[c] = slab;
    if (slab !== 0 && this.kernel.tlsSll.on) {
      const blocks = this.#capacity[c]! - carved[slab]!;
      this.#virgin[c] = blocks;
      carved[slab]! += blocks;
      left[slab]! += blocks;
    }
    return slab;
  }

  #nextSlab(c: number, last: SlabPage): SlabPage {
    const { refill, slab } = this.kernel;
    return (
      (refill.sticky ? this.#takeSticky(c, last) : 0) ||
      this.#slabs.takeOwn(c) ||
      this.#takeKept(c) ||
      this.#newSlab(c) ||
      (slab.waits ? this.#slabs.takeWaiting(c) : 0)
    );
  }

  #takeSticky(c: number, usedUp: SlabPage): SlabPage {
    if (usedUp === 0) return 0;
    const slab = this.#sticky[c]!;
    this.#sticky[c] = usedUp;
    if (slab === 0 || slab === usedUp || this.#slabs.free[slab] === 0) return 0;
    this.#slabs.unlist(slab, c);
    this.#slabs.offerAll(slab);
    return slab;
  }

  #takeKept(c: number): SlabPage {
    if (this.kernel.classPages[c] !== this.kernel.slab.pages) return 0;
    const slab = this.#empty.pop() ?? 0;
    if (slab !== 0) this.#slabs.begin(slab, c, this.kernel.slab.pages);
    return slab;
  }

  #newSlab(c: number): SlabPage {
    const count = this.kernel.classPages[c]!;
    const slab = this.pages.take(count, 1);
    if (slab !== 0) this.#slabs.begin(slab, c, count);
    return slab;
  }

  #pageBlock(size: number, align: number): SlabPage {
    const count = Math.ceil(Math.max(size, 1) / 2 ** this.kernel.pageShift);
    let slab = this.pages.take(count, align);
    if (slab === 0) {
      this.#releaseSome(BLOCKS_OF_A_FULL_HEAP);
      slab = this.pages.take(count, align);
      if (slab === 0) return 0;
    }
    this.#slabs.begin(slab, 0, count);
    this.#slabs.left[slab] = 1;
    return slab;
  }

  #resizeRun(slab: SlabPage, size: number): boolean {
    const { pagesOf } = this.#slabs;
    const pages = pagesOf[slab]!;
    const wanted = Math.ceil(size / 2 ** this.kernel.pageShift);
    if (wanted > pages) {
      if (!this.pages.extend(slab + pages, wanted - pages)) return false;
    } else {
      if (pages - wanted <= pages >>> 2) return true;
      this.pages.release(slab + wanted, pages - wanted);
    }
    pagesOf[slab] = wanted;
    return true;
  }

  #freeToSlab(slab: SlabPage): void {
    const { free, left, rest, classOf, pagesOf } = this.#slabs;
    free[slab]!++;
    if (--left[slab]! > 0) return;
    const c = classOf[slab]!;
    if (rest[slab] !== 0) {
      this.#slabs.rejoin(slab, c);
    } else if (c === 0) {
      this.pages.release(slab, pagesOf[slab]!);
    } else if (slab !== this.#current[c]) {
      this.#slabs.unlist(slab, c);
      this.#forgetSticky(slab, c);
      const isKept =
        pagesOf[slab] === this.kernel.slab.pages && this.#empty.length < this.kernel.pool.emptySlabs;
      if (isKept) this.#empty.push(slab);
      else this.pages.release(slab, pagesOf[slab]!);
    }
  }

  #forgetSticky(slab: SlabPage, c: number): void {
    if (this.#sticky[c] === slab) this.#sticky[c] = 0;
  }

  #releaseIdle(): boolean {
    if (this.kernel.cacheLast === 0) return this.#releaseIdleSlabs();
    this.#releaseSome(BLOCKS_BEFORE_NEW_PAGES);
    return true;
  }

  #releaseSome(most: number): void {
    this.#lists.drain(most);
    this.#releaseIdleSlabs();
  }

  /** Releases the slabs that are empty but kept. */
  #releaseIdleSlabs(): boolean {
    const empties = this.#empty;
    this.#empty = [];
    for (const slab of empties.reverse()) this.pages.release(slab, this.#slabs.pagesOf[slab]!);
    let released = empties.length > 0;
    for (let c = 1; c <= this.kernel.classCount; c++) {
      const slab = this.#current[c]!;
      if (slab === 0 || this.#slabs.left[slab] !== this.#virgin[c]) continue;
      this.#virgin[c] = 0;
      this.#current[c] = 0;
      this.#forgetSticky(slab, c);
      this.pages.release(slab, this.#slabs.pagesOf[slab]!);
      released = true;
    }
    return released;
  }
}
