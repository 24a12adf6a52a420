/**
 * Step order: which steps come before which in every equivalent execution, that is, in every one
 * that differs by the order of independent steps only. Wider than happens-before: it is about what
 * can be rearranged, not about what a thread may rely on.
 */
export class StepOrder {
  /** A row per thread: how many steps of each thread come before its next one; of its own, all. */
  readonly #past: Int32Array;
  readonly #cellOf: Uint32Array;
  readonly #touched: number[] = [];
  /**
   * Per cell: the row of the last write, and the joined rows of the last write and the reads since.
   */
  #written = new Int32Array(0);
  #used = new Int32Array(0);

  constructor(
    private readonly threads: number,
    words: number,
  ) {
    this.#past = new Int32Array(threads * threads);
    this.#cellOf = new Uint32Array(words);
  }

  reset(): void {
    for (const word of this.#touched) this.#cellOf[word] = 0;
    this.#touched.length = 0;
    this.#past.fill(0);
  }

  /** The thread makes a step; returns its number among the thread's. */
  step(thread: number, word: number, writes: boolean): number {
    const { threads } = this;
    const row = thread * threads;
    const cell = this.#cell(word) * threads;
    if (writes) join(this.#past, row, this.#used, cell, threads);
    else join(this.#past, row, this.#written, cell, threads);
    const number = ++this.#past[row + thread];
    join(this.#used, cell, this.#past, row, threads);
    if (writes) join(this.#written, cell, this.#past, row, threads);
    return number;
  }

  /** The thread's next step was made possible by a write of the word. */
  await(thread: number, word: number): void {
    join(this.#past, thread * this.threads, this.#written, this.#cell(word) * this.threads, this.threads);
  }

  /** Whether a step of one thread comes before all further ones of another. */
  isBefore(thread: number, number: number, later: number): boolean {
    return number <= this.#past[later * this.threads + thread];
  }

  #cell(word: number): number {
    const known = this.#cellOf[word];
    if (known !== 0) return known;
    this.#touched.push(word);
    const cell = this.#touched.length;
    const { threads } = this;
    if ((cell + 1) * threads > this.#used.length) {
      const length = Math.max(64 * threads, 2 * this.#used.length);
      this.#used = enlarged(this.#used, length);
      this.#written = enlarged(this.#written, length);
    }
    this.#used.fill(0, cell * threads, (cell + 1) * threads);
    this.#written.fill(0, cell * threads, (cell + 1) * threads);
    this.#cellOf[word] = cell;
    return cell;
  }
}

/** Raises a row to the other one where that is higher. */
function join(rows: Int32Array, row: number, others: Int32Array, other: number, length: number): void {
  for (let t = 0; t < length; t++) if (others[other + t] > rows[row + t]) rows[row + t] = others[other + t];
}

function enlarged(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(old);
  return larger;
}
