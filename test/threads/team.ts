/** Workers on one heap, and the table through which they pass blocks on. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Heap } from "../../templates/host/api.ts";
import type { Host, Member } from "./host.ts";
import { type Task, work } from "./work.ts";

const PLACES = 512;

export class Team {
  readonly #table = new Int32Array(new SharedArrayBuffer(4 * PLACES));
  readonly #moving: Int32Array[] = [];
  #seed = 1;

  constructor(
    readonly heap: Heap,
    private readonly host: Host,
  ) {}

  /** A worker that has attached and runs so many operations. */
  start(operations: number, scale = 1): Promise<Member> {
    return this.host.start(this.heap, this.#task(operations, scale));
  }

  /**
   * Runs so many workers to their end, and this thread beside them; returns how many of the
   * workers' requests found the heap full.
   */
  async run(threads: number, operations: number, scale = 1): Promise<number> {
    const members = await Promise.all(Array.from({ length: threads }, () => this.start(operations, scale)));
    work(this.heap, this.#task(operations / 8, scale));
    const refused = await Promise.all(members.map(({ end }) => end));
    return refused.reduce((sum, each) => sum + each, 0);
  }

  #task(operations: number, scale: number): Task {
    const moving = new Int32Array(new SharedArrayBuffer(4));
    this.#moving.push(moving);
    return { table: this.#table, operations, seed: this.#seed++, scale, moving };
  }

  /** Members that were killed in `realloc`. */
  get killedMoving(): number {
    return this.#moving.filter(([word]) => word === 1).length;
  }

  /** Blocks in the table. */
  get live(): number {
    return this.#table.filter((ptr) => ptr !== 0).length;
  }

  /** Frees the blocks in the table. */
  freeAll(): void {
    for (const ptr of this.#table) this.heap.free(ptr >>> 0);
    this.#table.fill(0);
  }
}

/** What a heap has committed that nobody uses: metadata, and what the LRU may keep. */
export function mostWhenUnused(kernel: KernelSpec, fresh: number): number {
  const { lru, threads, superSlabShift, alignShift, guards } = kernel;
  const superSlabBytes = 1 << superSlabShift;
  // The first SuperSlab holds metadata, so it stays. Metadata of a SuperSlab is far below a tenth
  // of it; states are a word for each place where a block may start.
  const metadata = guards.states ? 0.1 + 4 / (1 << alignShift) : 0.1;
  return fresh + superSlabBytes + Math.min(lru.entries, 1 << 16) * superSlabBytes * (1 + metadata) + threads;
}
