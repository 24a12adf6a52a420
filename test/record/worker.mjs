/** A worker of Node that allocates from a shared heap and records into the main thread's recording. */
import { parentPort, workerData } from "node:worker_threads";

const { build, record, work, handle, recording, task } = workerData;
const [{ attachHeap }, { recordHeap }, { exchangeBlocks }] = await Promise.all(
  [build, record, work].map((url) => import(url)),
);
const heap = recordHeap(attachHeap(handle), recording);
parentPort.postMessage(heap.recording.thread);
exchangeBlocks(heap, task);
heap.detach();
