/** Which block lies at an address: its name, a number from 0 on. */

const PAGE_BYTES = 1 << 16;
/** A block lies at a multiple of 8. */
const GRAIN_SHIFT = 3;

const grainOf = (address: number) => (address & (PAGE_BYTES - 1)) >>> GRAIN_SHIFT;

/**
 * A table by address, in pieces for 64 KiB each, made when a block is named in them. Looking up is
 * a load, and nothing is hashed while addresses lie close together.
 */
export class BlockNames {
  /** Per page and grain the name + 1, or 0. */
  readonly #pages = new Map<number, Int32Array>();
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
    for (const [page, names] of this.#pages) {
      for (const [grain, name] of names.entries()) {
        if (name !== 0) yield { address: page * PAGE_BYTES + (grain << GRAIN_SHIFT), name: name - 1 };
      }
    }
  }

  clear(): void {
    this.#pages.clear();
    this.#page = -1;
  }

  #namesAround(address: number): Int32Array {
    const page = Math.floor(address / PAGE_BYTES);
    if (page === this.#page) return this.#names;
    let names = this.#pages.get(page);
    if (names === undefined) {
      names = new Int32Array(PAGE_BYTES >>> GRAIN_SHIFT);
      this.#pages.set(page, names);
    }
    this.#page = page;
    this.#names = names;
    return names;
  }
}
