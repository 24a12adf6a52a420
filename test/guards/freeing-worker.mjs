/** Frees the blocks that it finds in a list at the same moment as others, and counts the hits. */
import { parentPort, workerData } from "node:worker_threads";

const { build, handle, list, gate, threads } = workerData;
const { attachHeap, HeapCorruptionError } = await import(build);
const heap = attachHeap(handle);
let hits = 0;
for (let round = 0; round < list.length; round++) {
  // All wait for the last one to come, and go at once.
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < (round + 1) * threads) {}
  try {
    heap.free(list[round]);
  } catch (error) {
    if (!(error instanceof HeapCorruptionError) || !error.message.includes("double free")) throw error;
    hits++;
  }
}
heap.detach();
parentPort.postMessage(hits);
