/** A worker of Node. */
import { parentPort, workerData } from "node:worker_threads";

const { build, code, handle, task } = workerData;
const [{ attachHeap }, { work }] = await Promise.all([import(build), import(code)]);
const heap = attachHeap(handle);
parentPort.postMessage("attached");
const refused = work(heap, task);
heap.detach();
parentPort.postMessage({ refused });
