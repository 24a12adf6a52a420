/** A worker of Node. */
import { parentPort, workerData } from "node:worker_threads";

const { build, kernel, code, handle, task } = workerData;
const [{ attachHeap }, { work }] = await Promise.all([import(build), import(code)]);
// Only a flagged build takes a spec.
const heap = attachHeap(handle, kernel);
parentPort.postMessage("attached");
const refused = work(heap, task);
heap.detach();
parentPort.postMessage({ refused });
