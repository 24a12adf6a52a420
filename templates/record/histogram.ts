/**
 * Histogram: per size how many blocks there were and how long they lived. The order of the calls
 * is forgotten.
 *
 * Time is counted in calls. A realloc ends one block's life and begins another's.
 */
import type { Kind } from "./event.ts";
import type { Account } from "./history.ts";
import type { Write } from "./trace-writer.ts";

/** What is known of a size. */
interface Row {
  readonly size: number;
  count: number;
  live: number;
  mostLive: number;
  /** Sum of the lifetimes, in calls; blocks that were kept lived to the end. */
  lived: number;
  /** Blocks by lifetime: at k those that lived at least 2^k calls and fewer than 2^(k+1). */
  readonly lifetimes: number[];
}

const SMALL_SIZES = 1024;

const rowFor = (size: number): Row => ({
  size,
  count: 0,
  live: 0,
  mostLive: 0,
  lived: 0,
  lifetimes: new Array(32).fill(0),
});

/** Of a name that no block has. */
const NO_ROW = rowFor(-1);

export class Histogram implements Account {
  readonly #rows = new Map<number, Row>();
  /** Those of small sizes, again: nothing is hashed for most blocks. */
  readonly #small: (Row | undefined)[] = new Array(SMALL_SIZES);
  /** Per block its row, or NO_ROW, and the call that made it. Names are used again. */
  readonly #rowOfBlock: Row[] = [];
  readonly #born: number[] = [];
  readonly #unused: number[] = [];
  readonly #threads = new Set<number>();
  readonly #write: Write;
  operations = 0;
  blocks = 0;
  #liveBytes = 0;
  #peakLiveBytes = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  get threads(): number {
    return this.#threads.size;
  }

  thread(thread: number): void {
    this.#threads.add(thread);
  }

  allocate(_kind: Kind, size: number): number {
    this.blocks++;
    const block = this.#unused.pop() ?? this.#rowOfBlock.length;
    this.#begin(block, size);
    return block;
  }

  reallocate(block: number, size: number): void {
    this.#end(block);
    this.#begin(block, size);
  }

  free(block: number): void {
    this.#end(block);
    this.#rowOfBlock[block] = NO_ROW;
    this.#unused.push(block);
    this.operations++;
  }

  end(notes: readonly string[]): void {
    this.#write(new TextEncoder().encode(this.#text(notes)));
  }

  #text(notes: readonly string[]): string {
    const kept = new Map<number, number>();
    this.#rowOfBlock.forEach((row, block) => {
      if (row === NO_ROW) return;
      kept.set(row.size, (kept.get(row.size) ?? 0) + 1);
      row.lived += this.operations - (this.#born[block] as number);
    });
    const rows = [...this.#rows].sort(([a], [b]) => a - b);
    const lines = rows.map(([size, { count, mostLive, lived, lifetimes }]) => {
      let end = lifetimes.length;
      while (end > 0 && lifetimes[end - 1] === 0) end--;
      return ["h", size, count, kept.get(size) ?? 0, mostLive, lived, ...lifetimes.slice(0, end)].join(" ");
    });
    const head = ["# malloc histogram v1", `c ${this.operations} ${this.threads} ${this.#peakLiveBytes}`];
    const comments = [...notes, "end"].map((note) => `# ${note}`);
    return [...head, ...lines, ...comments, ""].join("\n");
  }

  #begin(block: number, size: number): void {
    this.#born[block] = this.operations++;
    this.#liveBytes += size;
    if (this.#liveBytes > this.#peakLiveBytes) this.#peakLiveBytes = this.#liveBytes;
    const row = this.#small[size] ?? this.#rowOf(size);
    this.#rowOfBlock[block] = row;
    row.count++;
    if (++row.live > row.mostLive) row.mostLive = row.live;
  }

  #end(block: number): void {
    const row = this.#rowOfBlock[block] as Row;
    this.#liveBytes -= row.size;
    const lifetime = this.operations - (this.#born[block] as number);
    row.live--;
    row.lived += lifetime;
    const bucket = 31 - Math.clz32(lifetime);
    (row.lifetimes[bucket] as number)++;
  }

  #rowOf(size: number): Row {
    let row = this.#rows.get(size);
    if (row === undefined) {
      row = rowFor(size);
      this.#rows.set(size, row);
      if (size < SMALL_SIZES) this.#small[size] = row;
    }
    return row;
  }
}
