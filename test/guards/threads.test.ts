/** Guards where several threads make the mistake: exactly one of them is told. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { urlOf } from "../support/emitted.ts";
import { variantOf } from "../support/variants.ts";

const guarded = variantOf("guarded");
const ROUNDS = 3000;

test("two workers free each block at the same moment: one of them is told, each time", async () => {
  const build = urlOf(String((await guarded.files()).get("index.js")));
  const heap = await guarded.createHeap();
  const list = Array.from({ length: ROUNDS }, (_, i) => heap.malloc((i % 50) * 40));
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const workers = [1, 2].map(
    () =>
      new Worker(new URL("./freeing-worker.mjs", import.meta.url), {
        workerData: { build, handle: heap.handle, list, gate, threads: 2 },
        execArgv: [],
      }),
  );
  const told = await Promise.all(
    workers.map(async (worker) => ((await once(worker, "message")) as [number])[0]),
  );
  expect(told.reduce((sum, hits) => sum + hits, 0)).toBe(ROUNDS);
  heap.check();
  expect(heap.stats().liveBlocks).toBe(0);
});

test("a block that another thread allocated and freed is told with both", async () => {
  const { attachHeap } = await guarded.module();
  const heap = await guarded.createHeap();
  const other = attachHeap(heap.handle);
  const block = other.malloc(100);
  heap.free(block);
  try {
    other.free(block);
    expect.unreachable();
  } catch (error) {
    expect((error as { history: object }).history).toMatchObject({
      ptr: block,
      size: 100,
      isFreed: true,
      allocatedBy: other.threadSlot,
      freedBy: heap.threadSlot,
    });
  }
});

test("what a worker that ended still holds is found, and by whom", async () => {
  const { attachHeap, formatLeaks } = await guarded.module();
  const heap = await guarded.createHeap();
  const other = attachHeap(heap.handle);
  const mine = heap.malloc(1000);
  for (let i = 0; i < 3; i++) other.malloc(24);
  other.detach();
  expect(heap.leaks()).toMatchObject([
    { size: 1000, blocks: 1, bytes: 1000, first: mine, thread: heap.threadSlot, hasEnded: false },
    { size: 24, blocks: 3, bytes: 72, thread: 1, hasEnded: true },
  ]);
  expect(formatLeaks?.(heap.leaks())).toContain("72 bytes in 3 blocks of 24 by thread 1, which has ended");
});

test("a worker that died leaves its quarantine to whoever reclaims it", async () => {
  const { attachHeap } = await guarded.module();
  const heap = await guarded.createHeap();
  const handle = heap.reserve();
  const other = attachHeap(handle);
  const blocks = Array.from({ length: 500 }, () => other.malloc(200));
  for (const ptr of blocks) other.free(ptr);
  heap.reclaim(handle.threadSlot);
  heap.check();
  expect(heap.stats().liveBlocks).toBe(0);
  heap.detach();
});
