/** A worker that opens an image, goes on with it, and says what it found. */
import { parentPort, workerData } from "node:worker_threads";

const { build, image, sizes } = workerData;
const { openHeap } = await import(build);
const heap = openHeap(image);
heap.check();
const { liveBlocks, liveBytes } = heap.stats();
const addresses = sizes.map((size) => heap.malloc(size));
heap.check();
parentPort.postMessage({ liveBlocks, liveBytes, addresses });
