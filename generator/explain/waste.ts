/**
 * Internal waste, counted size by size with the table that `malloc` looks classes up in: no formula
 * to believe.
 */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { sizeClassTable } from "../../templates/host/size-class-table.ts";

/** Shares of a block that its user did not ask for; a header counts as such. */
export interface Waste {
  readonly worst: number;
  /** The request that wastes most. */
  readonly worstSize: number;
  readonly mean: number;
}

export interface SizeClass extends Waste {
  readonly index: number;
  readonly blockBytes: number;
  /** Smallest and largest request served. */
  readonly fromSize: number;
  readonly toSize: number;
  readonly slabPages: number;
  readonly blocksPerSlab: number;
  /** Bytes of a slab behind its last block. */
  readonly tailBytes: number;
}

export interface PageRuns extends Waste {
  readonly fromSize: number;
  readonly toSize: number;
}

export interface WasteReport {
  readonly classes: readonly SizeClass[];
  readonly pageRuns: PageRuns;
  /** Of every request from 128 bytes on, page runs included. */
  readonly from128: Waste;
}

/** Counts every request from 1 byte to a SuperSlab, or to the heap if that is smaller. */
export function measureWaste(kernel: KernelSpec): WasteReport {
  const { classBytes, classPages, alignShift, headerBytes, maxClassBytes } = kernel;
  const table = sizeClassTable(Uint32Array.from(classBytes), alignShift);
  const perClass = classBytes.map(() => new Tally());
  const pageRuns = new Tally();
  const from128 = new Tally();

  const pageBytes = 1 << kernel.pageShift;
  const heapBytes = (kernel.memory.maxPages - kernel.memory.basePage) * pageBytes;
  const largest = Math.min(1 << kernel.superSlabShift, heapBytes);
  for (let size = 1; size <= largest; size++) {
    const inClass = size <= maxClassBytes;
    const index = inClass ? table[Math.ceil((size + headerBytes) / (1 << alignShift))] : 0;
    const block = inClass ? classBytes[index] : Math.ceil((size + headerBytes) / pageBytes) * pageBytes;
    if (block < size + headerBytes)
      throw new Error(`class ${index} does not hold a request of ${size} bytes`);
    const waste = (block - size) / block;
    (inClass ? perClass[index] : pageRuns).add(size, waste);
    if (size >= 128) from128.add(size, waste);
  }

  return {
    classes: classBytes.slice(1).map((blockBytes, i) => {
      const slabPages = classPages[i + 1];
      return {
        index: i + 1,
        blockBytes,
        slabPages,
        blocksPerSlab: Math.floor((slabPages * pageBytes) / blockBytes),
        tailBytes: (slabPages * pageBytes) % blockBytes,
        ...perClass[i + 1].range(),
        ...perClass[i + 1].waste(),
      };
    }),
    pageRuns: { ...pageRuns.range(), ...pageRuns.waste() },
    from128: from128.waste(),
  };
}

class Tally {
  #from = 0;
  #to = 0;
  #count = 0;
  #sum = 0;
  #worst = 0;
  #worstSize = 0;

  add(size: number, waste: number): void {
    if (this.#count === 0) this.#from = size;
    this.#to = size;
    this.#count++;
    this.#sum += waste;
    if (waste > this.#worst) {
      this.#worst = waste;
      this.#worstSize = size;
    }
  }

  range(): { fromSize: number; toSize: number } {
    return { fromSize: this.#from, toSize: this.#to };
  }

  waste(): Waste {
    return {
      worst: this.#worst,
      worstSize: this.#worstSize,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
    };
  }
}
