// A worker of the gate "workers". Plain JavaScript: a thread has no loader.
import { workerData } from "node:worker_threads";

const { code, handle, table, operations, seed } = workerData;
const { attachHeap } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
const heap = attachHeap(handle);

let state = (seed * 0x9e3779b1) | 1;
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}

/** Mostly small blocks, some of the larger classes, a few of whole pages; never less than the cookie. */
function randomSize() {
  const kind = random() % 1000;
  const bytes = kind < 2 ? random() % 200_000 : kind < 50 ? random() % 20_000 : random() % 512;
  return Math.max(bytes & ~3, 12);
}

function sign(ptr, bytes) {
  const { u32 } = heap;
  u32[ptr >>> 2] = ptr ^ bytes;
  u32[(ptr >>> 2) + 1] = bytes;
  u32[(ptr + bytes - 4) >>> 2] = ~ptr;
}

function checkAndFree(ptr) {
  const { u32 } = heap;
  const bytes = u32[(ptr >>> 2) + 1];
  if (u32[ptr >>> 2] !== (ptr ^ bytes) >>> 0 || u32[(ptr + bytes - 4) >>> 2] !== ~ptr >>> 0) {
    throw new Error(`the cookie of block ${ptr} (${bytes} bytes) is damaged`);
  }
  heap.free(ptr);
}

for (let i = 0; i < operations; i += 2) {
  const bytes = randomSize();
  let ptr = random() % 16 === 0 ? heap.calloc(1, bytes) : heap.malloc(bytes);
  if (ptr !== 0 && random() % 16 === 0) ptr = heap.realloc(ptr, bytes + 100) || ptr;
  if (ptr !== 0) sign(ptr, bytes);
  const found = Atomics.exchange(table, random() % table.length, ptr) >>> 0;
  if (found !== 0) checkAndFree(found);
}
heap.detach();
