/**
 * A pool of workers on one heap. The main thread writes a text into a block and posts its address;
 * a worker writes the answer into a block of its own, and frees the block it was given. One worker
 * is terminated while it works: its slot is reclaimed when it has ended, and the others go on.
 */
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { attachHeap, createHeap, type Heap, type HeapHandle } from "../generated/shared/allocator.ts";
import { reclaimOnExit } from "../generated/shared/workers.js";

/** A text in the heap: its length in bytes, then its bytes. */
function write(heap: Heap, text: string): number {
  const bytes = new TextEncoder().encode(text);
  const ptr = heap.malloc(4 + bytes.length);
  if (ptr === 0) throw new Error("the heap is full");
  heap.u32[ptr >>> 2] = bytes.length;
  heap.u8.set(bytes, ptr + 4);
  return ptr;
}

/** Reads a text, and frees its block, whoever allocated it. */
function take(heap: Heap, ptr: number): string {
  // TextDecoder takes no shared memory in browsers, so the bytes are copied.
  const text = new TextDecoder().decode(heap.u8.slice(ptr + 4, ptr + 4 + heap.u32[ptr >>> 2]));
  heap.free(ptr);
  return text;
}

function work(handle: HeapHandle): void {
  const heap = attachHeap(handle);
  parentPort?.on("message", (ptr: number | "end" | "die") => {
    if (ptr === "end") {
      heap.detach();
      parentPort?.close();
    } else if (ptr === "die") {
      // A worker that hangs in the middle of its work: whoever started it terminates it.
      for (;;) heap.free(heap.malloc(100));
    } else {
      parentPort?.postMessage(write(heap, take(heap, ptr).toUpperCase()));
    }
  });
}

async function main(): Promise<void> {
  const heap = createHeap({ maxBytes: 64 << 20 });
  const workers = Array.from({ length: 3 }, () => {
    const handle = heap.reserve();
    const worker = new Worker(new URL("./worker-pool-worker.mjs", import.meta.url), { workerData: handle });
    reclaimOnExit(heap, handle, worker);
    return worker;
  });

  const [victim, ...others] = workers as [Worker, ...Worker[]];
  victim.postMessage("die");

  const answers: string[] = [];
  for (let round = 0; round < 100; round++) {
    const replies = others.map((worker) => once(worker, "message"));
    others.forEach((worker, index) => {
      worker.postMessage(write(heap, `job ${round} of worker ${index}`));
    });
    for (const [ptr] of await Promise.all(replies)) answers.push(take(heap, ptr as number));
  }

  await victim.terminate();
  const ends = others.map((worker) => once(worker, "exit"));
  for (const worker of others) worker.postMessage("end");
  await Promise.all(ends);

  heap.check();
  const { liveBlocks } = heap.stats();
  console.log(`answers ${answers.length}, the last: ${answers.at(-1)}`);
  console.log(`blocks left ${liveBlocks <= 1 ? "at most one: the terminated worker's" : liveBlocks}`);
}

if (isMainThread) await main();
else work(workerData as HeapHandle);
