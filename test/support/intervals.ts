/** Disjoint address ranges, sorted by their start. */
export class Intervals {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Adds a range, or returns the start of one that it overlaps; -1: it was added. */
  add(start: number, end: number): number {
    const at = this.firstFrom(start);
    if (at > 0 && this.ends[at - 1] > start) return this.starts[at - 1];
    if (at < this.starts.length && this.starts[at] < end) return this.starts[at];
    this.starts.splice(at, 0, start);
    this.ends.splice(at, 0, end);
    return -1;
  }

  remove(start: number): void {
    const at = this.firstFrom(start);
    this.starts.splice(at, 1);
    this.ends.splice(at, 1);
  }

  /** Index of the first range that starts at `start` or behind it. */
  private firstFrom(start: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
