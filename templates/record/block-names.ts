/** Which block lies at an address: its name, a number from 0 on. */

const PAGE_BYTES = 1 << 16;
/** A block lies at a multiple of 8. */
const GRAIN_SHIFT = 3;

const grainOf = (address: number) => (address & (PAGE_BYTES - 1)) >>> GRAIN_SHIFT;

/** Below 4 GiB, as all addresses of a heap are. */
const NEAR_PAGES = 1 << 16;

/**
 * A table by address, in pieces for 64 KiB each, made when a block is named in them. Looking up is
 * two loads; only far addresses of native programs are hashed, where the page changes.
 */
export class BlockNames {
  /** Per page and grain the name + 1, or 0. */
  readonly #near: (Int32Array | undefined)[] = new Array(NEAR_PAGES);
  readonly #far = new Map<number, Int32Array>();
  #page = -1;
  #names: Int32Array = new Int32Array(0);

  /** Names the block at an address. */
  give(address: number, name: number): void {
    this.#namesAround(address)[grainOf(address)] = name + 1;
  }

  /** Takes the name from an address; returns it, or -1 where there was none. */
  take(address: number): number {
    const names = this.#namesAround(address);
    const grain = grainOf(address);
    const name = (names[grain] as number) - 1;
    names[grain] = 0;
    return name;
  }

  *entries(): Iterable<{ readonly address: number; readonly name: number }> {
    const near = this.#near.flatMap((names, page) => (names === undefined ? [] : [[page, names] as const]));
    for (const [page, names] of [...near, ...this.#far]) {
      for (const [grain, name] of names.entries()) {
        if (name !== 0) yield { address: page * PAGE_BYTES + (grain << GRAIN_SHIFT), name: name - 1 };
      }
    }
  }

  clear(): void {
    this.#near.fill(undefined);
    this.#far.clear();
    this.#page = -1;
  }

  #namesAround(address: number): Int32Array {
    const page = Math.floor(address / PAGE_BYTES);
    if (page === this.#page) return this.#names;
    let names = page < NEAR_PAGES ? this.#near[page] : this.#far.get(page);
    if (names === undefined) {
      names = new Int32Array(PAGE_BYTES >>> GRAIN_SHIFT);
      if (page < NEAR_PAGES) this.#near[page] = names;
      else this.#far.set(page, names);
    }
    this.#page = page;
    this.#names = names;
    return names;
  }
}
