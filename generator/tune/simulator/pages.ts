/**
 * The pages of a simulated heap: which are in use, which are committed, and where a run fits. The
 * rules are those of `templates/kernel/page-run.ts`, `superslab.ts` and `lru.ts`, for one thread.
 */
import type { KernelSpec } from "../../../spec/kernel-spec.ts";

/** What the pages of a heap cost besides themselves, in bytes. */
export interface MetadataCost {
  /** Of every heap, … */
  readonly fixed: number;
  /** … of each SuperSlab that has committed pages, … */
  readonly perSuperSlab: number;
  /** … and the first page behind all metadata. Pages before it are never handed out. */
  readonly firstPage: number;
}

export class Pages {
  /** Called before pages are touched for the first time. True: it may have freed some. */
  releaseIdle: () => boolean = () => false;

  peakCommittedBytes = 0;

  readonly #perSuperSlab: number;
  readonly #endPage: number;
  readonly #firstSuperSlab: number;
  readonly #superSlabs: number;
  readonly #used: Uint8Array;
  /** Per SuperSlab: pages in use, committed pages, longest free run. */
  readonly #usedCount: Int32Array;
  readonly #touched: Int32Array;
  readonly #longest: Int32Array;
  /** Empty SuperSlabs that stay committed, the one emptied longest ago first. */
  #kept: number[] = [];
  #committedPages = 0;
  #committedSuperSlabs = 0;

  constructor(
    private readonly kernel: KernelSpec,
    private readonly metadata: MetadataCost,
  ) {
    const { basePage, maxPages } = kernel.memory;
    this.#perSuperSlab = 1 << (kernel.superSlabShift - kernel.pageShift);
    this.#endPage = maxPages;
    this.#firstSuperSlab = Math.floor(basePage / this.#perSuperSlab);
    this.#superSlabs = Math.ceil(maxPages / this.#perSuperSlab);
    this.#used = new Uint8Array(maxPages);
    this.#usedCount = new Int32Array(this.#superSlabs);
    this.#touched = new Int32Array(this.#superSlabs);
    this.#longest = new Int32Array(this.#superSlabs);
    this.#reserveMetadata();
  }

  /** Slabs and page runs in use or kept, and the metadata that they need. */
  get committedBytes(): number {
    const { fixed, perSuperSlab, firstPage } = this.metadata;
    const { pageShift, memory } = this.kernel;
    const metadata = fixed + this.#committedSuperSlabs * perSuperSlab;
    const most = (firstPage - memory.basePage) * 2 ** pageShift;
    return Math.min(metadata, most) + this.#committedPages * 2 ** pageShift;
  }

  /** The first of `count` pages at a multiple of `align` pages; 0: no room. */
  take(count: number, align: number): number {
    let page = this.#find(count, align);
    const mayFitIdle = this.kernel.cacheLast === 0 || count <= this.#perSuperSlab;
    if (page !== 0 && mayFitIdle && !this.#isCommitted(page + count - 1) && this.releaseIdle()) {
      page = this.#find(count, align);
    }
    if (page !== 0) this.#claim(page, page + count);
    return page;
  }

  /** Takes the `count` pages from `page` on, if all of them are free. */
  extend(page: number, count: number): boolean {
    if (page + count > this.#endPage || !this.#isFree(page, page + count)) return false;
    this.#claim(page, page + count);
    return true;
  }

  release(page: number, count: number): void {
    this.#used.fill(0, page, page + count);
    this.#eachSuperSlab(page, page + count, (index, from, to) => {
      this.#usedCount[index]! -= to - from;
      this.#measure(index);
      if (this.#usedCount[index] === 0) this.#retire(index);
    });
  }

  #reserveMetadata(): void {
    const { firstPage } = this.metadata;
    this.#used.fill(1, this.#firstSuperSlab * this.#perSuperSlab, firstPage);
    for (let index = this.#firstSuperSlab; index < this.#superSlabs; index++) {
      const pages = Math.min(firstPage - index * this.#perSuperSlab, this.#perSuperSlab);
      if (pages > 0) {
        this.#usedCount[index] = pages;
        this.#touched[index] = pages;
        this.#committedSuperSlabs++;
      }
      this.#measure(index);
    }
    this.peakCommittedBytes = this.committedBytes;
  }

  #claim(from: number, to: number): void {
    this.#used.fill(1, from, to);
    this.#eachSuperSlab(from, to, (index, first, end) => {
      const touched = this.#touched[index]!;
      const behind = end - index * this.#perSuperSlab;
      if (this.#usedCount[index] === 0 && touched > 0)
        this.#kept = this.#kept.filter((each) => each !== index);
      if (behind > touched) {
        this.#touched[index] = behind;
        this.#committedPages += behind - touched;
        if (touched === 0) this.#committedSuperSlabs++;
        this.peakCommittedBytes = Math.max(this.peakCommittedBytes, this.committedBytes);
      }
      this.#usedCount[index]! += end - first;
      this.#measure(index);
    });
  }

  /** A SuperSlab has become empty: it stays committed while the LRU has room. */
  #retire(index: number): void {
    const { entries, pages } = this.kernel.lru;
    this.#kept.push(index);
    const keptPages = () => this.#kept.reduce((sum, each) => sum + this.#touched[each]!, 0);
    while (this.#kept.length > entries || keptPages() > pages) {
      const oldest = this.#kept.shift()!;
      this.#committedPages -= this.#touched[oldest]!;
      this.#committedSuperSlabs--;
      this.#touched[oldest] = 0;
    }
  }

  #find(count: number, align: number): number {
    if (count > this.#perSuperSlab || align > this.#perSuperSlab) {
      return this.#findLong(count, Math.max(align, this.#perSuperSlab));
    }
    if (!this.kernel.pool.wordSearch)
      return this.#firstFit(count, align, 1) || this.#firstFit(count, align, 0);
    // A run of so many pages more holds an aligned one wherever it begins.
    const roomy = this.#firstWith((index) => this.#usedCount[index]! > 0, count + align - 1);
    if (roomy !== undefined) return this.#findIn(roomy, count, align);
    const page = align > 1 ? this.#firstFit(count, align, 1) : 0;
    if (page !== 0) return page;
    const empty = (index: number) => this.#usedCount[index] === 0;
    const found =
      this.#firstWith((index) => empty(index) && this.#touched[index]! > 0, count) ??
      this.#firstWith((index) => empty(index) && this.#touched[index] === 0, count);
    return found === undefined ? 0 : found * this.#perSuperSlab;
  }

  #firstWith(isRight: (index: number) => boolean, pages: number): number | undefined {
    for (let index = this.#firstSuperSlab; index < this.#superSlabs; index++) {
      if (this.#longest[index]! >= pages && isRight(index)) return index;
    }
    return undefined;
  }

  /** In the first SuperSlab that has at least so many committed pages. */
  #firstFit(count: number, align: number, committed: number): number {
    for (let index = this.#firstSuperSlab; index < this.#superSlabs; index++) {
      if (this.#touched[index]! < committed || this.#longest[index]! < count) continue;
      const page = this.#findIn(index, count, align);
      if (page !== 0) return page;
    }
    return 0;
  }

  #findIn(index: number, count: number, align: number): number {
    const from = index * this.#perSuperSlab;
    const to = Math.min(from + this.#perSuperSlab, this.#endPage);
    for (let page = Math.ceil(from / align) * align; page + count <= to; page += align) {
      if (this.#isFree(page, page + count)) return page;
    }
    return 0;
  }

  /** A run of whole SuperSlabs and the first pages of the next. */
  #findLong(count: number, align: number): number {
    const first = this.#firstSuperSlab * this.#perSuperSlab;
    for (let page = Math.ceil(first / align) * align; page + count <= this.#endPage; page += align) {
      if (this.#isFree(page, page + count)) return page;
    }
    return 0;
  }

  #isFree(from: number, to: number): boolean {
    const used = this.#used.indexOf(1, from);
    return used < 0 || used >= to;
  }

  #isCommitted(page: number): boolean {
    const index = Math.floor(page / this.#perSuperSlab);
    return page - index * this.#perSuperSlab < this.#touched[index]!;
  }

  /** Measures the longest free run of a SuperSlab. */
  #measure(index: number): void {
    const end = Math.min((index + 1) * this.#perSuperSlab, this.#endPage);
    let longest = 0;
    let run = 0;
    for (let page = index * this.#perSuperSlab; page < end; page++) {
      run = this.#used[page] === 0 ? run + 1 : 0;
      if (run > longest) longest = run;
    }
    this.#longest[index] = longest;
  }

  #eachSuperSlab(from: number, to: number, visit: (index: number, from: number, to: number) => void): void {
    for (let first = from; first < to; ) {
      const index = Math.floor(first / this.#perSuperSlab);
      const end = Math.min((index + 1) * this.#perSuperSlab, to);
      visit(index, first, end);
      first = end;
    }
  }
}
