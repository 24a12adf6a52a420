/**
 * A worker that opens damaged copies of an image, one for each position given: a word of it is changed. Of each it
 * says what came of it: the error's name, or "whole" for a heap that passes check() and goes on.
 */
import { parentPort, workerData } from "node:worker_threads";

const { build, image, positions, values } = workerData;
const { openHeap } = await import(build);

for (let i = 0; i < positions.length; i++) {
  const copy = image.slice();
  new Uint32Array(copy.buffer)[positions[i]] = values[i];
  parentPort.postMessage(outcome(copy));
}

function outcome(copy) {
  let heap;
  try {
    heap = openHeap(copy);
  } catch (error) {
    return error.name;
  }
  heap.check();
  return "whole";
}
