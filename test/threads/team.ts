/** Workers on one heap, and the table through which they pass blocks on. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Heap, HeapHandle } from "../../templates/host/api.ts";
import { urlOf } from "../support/emitted.ts";
import type { Variant } from "../support/variants.ts";

const PLACES = 512;

export interface Member {
  readonly worker: Worker;
  readonly end: Promise<number>;
}

export class Team {
  readonly table = new Int32Array(new SharedArrayBuffer(4 * PLACES));
  #seed = 1;

  private constructor(
    readonly heap: Heap,
    private readonly build: string,
  ) {}

  static async of(variant: Variant, maxBytes?: number): Promise<Team> {
    const heap = await variant.createHeap(maxBytes === undefined ? {} : { maxBytes });
    return new Team(heap, urlOf(String((await variant.files()).get("index.js"))));
  }

  /** A worker that has attached and runs so many operations; `end` tells how many found the heap full. */
  async start(operations: number, handle: HeapHandle = this.heap.handle): Promise<Member> {
    const { build, table } = this;
    const seed = (this.#seed++ * 0x9e3779b1) | 1;
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
      workerData: { build, handle, table, operations, seed },
      execArgv: [],
    });
    const end = new Promise<number>((resolve, reject) => {
      worker.on("message", (message: "attached" | { refused: number }) => {
        if (message !== "attached") resolve(message.refused);
      });
      worker.once("error", reject);
    });
    // Whoever waits for the end is told of an error there; here it must not count as unhandled.
    end.catch(() => {});
    await once(worker, "message");
    return { worker, end };
  }

  /** Runs so many workers to their end; returns how many requests found the heap full. */
  async run(threads: number, operations: number): Promise<number> {
    const members = await Promise.all(Array.from({ length: threads }, () => this.start(operations)));
    const refused = await Promise.all(members.map(({ end }) => end));
    return refused.reduce((sum, each) => sum + each, 0);
  }

  /** Blocks in the table. */
  get live(): number {
    return this.table.filter((ptr) => ptr !== 0).length;
  }

  /** Frees the blocks in the table. */
  freeAll(): void {
    for (const ptr of this.table) this.heap.free(ptr >>> 0);
    this.table.fill(0);
  }
}

/** What a heap has committed that nobody uses: metadata, and what the LRU may keep. */
export function mostWhenUnused(variant: Variant, fresh: number): number {
  const { lru, threads } = variant.resolved.kernel;
  const { superSlabBytes } = variant;
  // The first SuperSlab holds metadata, so it stays. Metadata of a SuperSlab is far below a tenth of it.
  return fresh + superSlabBytes + Math.min(lru.entries, 1 << 16) * superSlabBytes * 1.1 + threads;
}
