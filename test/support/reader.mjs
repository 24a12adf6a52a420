/**
 * Reads damaged heaps, in a thread of its own: whoever waits for it can tell a reading that does not end. The heap is made
 * once and filled by a script; each case is planted into the same bytes.
 */
import { parentPort, workerData } from "node:worker_threads";

const { build, kernel, maxBytes, script } = workerData;
const { createHeap, attachHeap } = await import(build);
const first = createHeap({ maxBytes });
const heaps = kernel.manyThreads ? [first, attachHeap(first.handle)] : [first];
const live = [];
for (const { by, size, free } of script) {
  const heap = heaps[by % heaps.length];
  const [ptr] = live.length > 0 ? live.splice(free % live.length, 1) : [0];
  heap.free(ptr);
  for (let i = 0; i < 2; i++) {
    const block = heap.malloc(size >>> (8 * i));
    if (block !== 0) live.push(block);
  }
}
const whole = first.u32.slice();
/** Free blocks begin with a link to the next one. */
const links = kernel.heapWalk
  ? [...first.blocks()].filter(({ used }) => !used).map(({ ptr }) => ptr / 4)
  : [0];
const wordsIn = { front: 1024, metadata: workerData.metadata / 4, heap: whole.length };
const fractionOf = (length, fraction) => Math.min(Math.floor(fraction * length), length - 1);

const pick = (list, fraction) => list[fractionOf(list.length, fraction)];

/** What a reader comes to: nothing to say, or the name of what it threw. */
function outcome(read) {
  try {
    read();
    return "a result";
  } catch (error) {
    return error.name === "HeapCorruptionError" ? error.name : `${error.name}: ${error.message}`;
  }
}

/** No block is shown for a place that another slab has shown, unless records lie: each then shows one slab more. */
function walk(heap) {
  let left = kernel.slab.pages * 64 * whole.length;
  for (const _ of heap.blocks()) if (--left < 0) throw new Error("blocks() does not end");
}

parentPort.on("message", (damages) => {
  const { u32 } = first;
  u32.set(whole);
  for (const { at, within, value, copied, flipped, block } of damages) {
    const w = within === "links" ? pick(links, at) : fractionOf(wordsIn[within], at);
    if (flipped !== undefined) u32[w] ^= 1 << flipped;
    else if (block !== undefined) u32[w] = 4 * pick(links, block);
    else u32[w] = copied === undefined ? value : pick(whole, copied);
  }
  const readers = [heaps[0], heaps.at(-1)].flatMap((heap) => {
    const walks = kernel.heapWalk ? [() => heap.check(), () => walk(heap)] : [];
    return [() => heap.stats(), ...walks];
  });
  parentPort.postMessage(readers.map(outcome));
});
parentPort.postMessage(live.length);
