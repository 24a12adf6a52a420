/**
 * A worker that opens damaged copies of an image: for each change given, a word is another one. It says of each what came of
 * it: the error, or "whole" for a heap that passes check() and goes on without an error.
 */
import { parentPort, workerData } from "node:worker_threads";

const { build, image, changes, blocks } = workerData;
const { openHeap } = await import(build);

for (const change of changes) {
  parentPort.postMessage(outcome(change));
}

function outcome({ word, xor }) {
  const copy = image.slice();
  new Uint32Array(copy.buffer)[word] ^= xor;
  let heap;
  try {
    heap = openHeap(copy);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  try {
    heap.check();
    for (const ptr of blocks) heap.free(ptr);
    for (let size = 8; size < 1 << 21; size = Math.ceil(size * 1.5)) heap.malloc(size);
    return "whole";
  } catch (error) {
    return `opened, then ${error.stack}`;
  }
}
