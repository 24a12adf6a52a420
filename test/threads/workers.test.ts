/**
 * `reclaimOnExit`: whatever a worker of Node was at when it ended, its slot can be reserved again.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { reclaimOnExit } from "../../templates/workers.ts";
import { urlOf } from "../support/emitted.ts";
import { variantOf } from "../support/variants.ts";

const variant = variantOf("shared");

/** What the worker does with its heap; whether it has to be terminated. */
const ends = {
  "a normal end": ["heap.detach()", false],
  "an end without a detach": ["", false],
  "an uncaught exception": ['throw new Error("on purpose")', false],
  "process.exit": ["process.exit(3)", false],
  "a loop that is terminated": ["for (;;) heap.free(heap.malloc(48))", true],
} as const;

test.each(Object.entries(ends))("%s", async (_, [code, terminate]) => {
  const heap = await variant.createHeap({ maxBytes: 8 << 20 });
  const build = urlOf(String((await variant.files()).get("index.js")));
  const handle = heap.reserve();
  const worker = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.build).then(({ attachHeap }) => {
      const heap = attachHeap(workerData.handle);
      for (let i = 0; i < 100; i++) heap.malloc(48);
      parentPort.postMessage("attached");
      ${code};
    });`,
    { eval: true, workerData: { build, handle }, execArgv: [] },
  );
  reclaimOnExit(heap, handle, worker);
  worker.once("error", () => {});
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  await once(worker, "message");
  if (terminate) await worker.terminate();
  await ended;
  heap.check();
  expect(heap.reserve().threadSlot).toBe(handle.threadSlot);
  // Its blocks are still alive, and anybody may free them.
  const blocks = [...heap.blocks()].filter(({ used }) => used);
  expect(blocks.length).toBeGreaterThanOrEqual(100);
  expect(blocks.length).toBeLessThanOrEqual(101);
  for (const { ptr } of blocks) heap.free(ptr);
  heap.detach();
  expect(heap.stats().liveBlocks).toBe(0);
});

test("a worker that never came to attach", async () => {
  const heap = await variant.createHeap({ maxBytes: 8 << 20 });
  const handle = heap.reserve();
  const worker = new Worker("", { eval: true, execArgv: [] });
  reclaimOnExit(heap, handle, worker);
  await once(worker, "exit");
  expect(heap.reserve().threadSlot).toBe(handle.threadSlot);
});
