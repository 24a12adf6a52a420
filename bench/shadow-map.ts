/**
 * Who owns which bytes, beside the heap: a word per granule names the owning block. Two live blocks
 * overlap exactly if one claims a granule of the other, because blocks start at multiples of at
 * least 8 bytes.
 */
const GRANULE_SHIFT = 3;

export class ShadowMap {
  private owners = new Uint32Array(1 << 16);

  /**
   * Gives the bytes to `owner` (an ID), or returns the ID that has some of them already; -1: nobody
   * had.
   */
  claim(ptr: number, bytes: number, owner: number): number {
    const [from, to] = granules(ptr, bytes);
    if (to > this.owners.length) this.grow(to);
    for (let granule = from; granule < to; granule++) {
      const other = this.owners[granule] as number;
      if (other !== 0) return other - 1;
    }
    this.owners.fill(owner + 1, from, to);
    return -1;
  }

  release(ptr: number, bytes: number): void {
    const [from, to] = granules(ptr, bytes);
    this.owners.fill(0, from, to);
  }

  private grow(granules: number): void {
    const larger = new Uint32Array(Math.max(granules, this.owners.length * 2));
    larger.set(this.owners);
    this.owners = larger;
  }
}

/** A block without bytes still owns its address. */
function granules(ptr: number, bytes: number): [from: number, to: number] {
  const granule = 1 << GRANULE_SHIFT;
  return [Math.floor(ptr / granule), Math.ceil((ptr + Math.max(bytes, 1)) / granule)];
}
