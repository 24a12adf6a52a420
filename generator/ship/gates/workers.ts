/**
 * Workers on one heap: most blocks are freed by another thread than the one that asked for them,
 * each with a cookie in it.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { heapModule } from "../../../bench/variant.ts";
import { demand, type Gate, GateClosed, roomyHeap } from "../gate.ts";

const OPERATIONS = 300_000;
const MOST_WORKERS = 4;
/** Places where a worker leaves a block for whoever comes by next. */
const PLACES = 2000;

interface SharedHeap {
  readonly handle: unknown;
  free(ptr: number): void;
  detach(): void;
}

export const workers: Gate = {
  name: "workers",
  async pass({ minified, resolved }) {
    const count = Math.min(MOST_WORKERS, resolved.kernel.threads - 1);
    const heap = roomyHeap(await heapModule(minified), resolved, 0);
    const { handle, free, detach } = heap as typeof heap & SharedHeap;
    const table = new Int32Array(new SharedArrayBuffer(PLACES * 4));
    const team = Array.from({ length: count }, (_, index) => {
      const workerData = { code: minified, handle, table, operations: OPERATIONS, seed: index + 1 };
      return new Worker(new URL("../stress-worker.mjs", import.meta.url), { workerData });
    });
    try {
      await Promise.all(team.map(ended));
    } catch (error) {
      throw new GateClosed((error as Error).message);
    } finally {
      for (const worker of team) await worker.terminate();
    }
    for (const ptr of table) if (ptr !== 0) free.call(heap, ptr >>> 0);
    detach.call(heap);
    heap.check?.();
    const { liveBlocks } = heap.stats();
    demand(liveBlocks === 0, `${liveBlocks} blocks are live after all were freed`);
    return `${count} workers, ${OPERATIONS} calls each, most blocks freed by another worker, every cookie checked`;
  },
};

/** Resolves when a worker has ended by itself; rejects with its error. */
async function ended(worker: Worker): Promise<void> {
  const [code] = await once(worker, "exit");
  if (code !== 0) throw new Error(`a worker ended with code ${code}`);
}
