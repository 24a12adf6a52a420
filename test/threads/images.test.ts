/**
 * Images of heaps with threads (N2): taken while threads are attached, and after some were
 * terminated anywhere.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import type { Heap } from "../../templates/host/api.ts";
import { urlOf } from "../support/emitted.ts";
import { variantOf } from "../support/variants.ts";
import type { Task } from "./work.ts";

const MiB = 1 << 20;

const source = readFileSync(new URL("./work.ts", import.meta.url), "utf8");
const code = urlOf(transformSync(source, { loader: "ts" }).code);

const variants = (
  ["shared", "hakmem", "shared-header", "shared-wasm", "shared-cleared", "guarded"] as const
).map(variantOf);

/** The opened heap has room for blocks of many sizes, and is whole. */
function expectUsable(heap: Heap): void {
  for (let size = 8; size < MiB; size *= 2) expect(heap.malloc(size)).not.toBe(0);
  heap.check();
}

describe.each(variants)("$name", (variant) => {
  test("an image taken while several threads are attached is opened", async () => {
    const { attachHeap, openHeap } = await variant.module();
    const heap = await variant.createHeapOf(24 * MiB);
    const other = attachHeap(heap.handle);
    const blocks: number[] = [];
    for (let i = 0; i < 3000; i++) {
      blocks.push((i % 2 === 0 ? heap : other).malloc((i * 37) % 2000));
      // Every third is freed, by whom it may be.
      if (i % 3 === 0) (i % 5 < 3 ? heap : other).free(blocks.splice((i * 7) % blocks.length, 1)[0]);
    }
    const opened = openHeap(heap.u8.slice());
    opened.check();
    // The slots that were taken are free again.
    expect(opened.threadSlot).toBe(0);
    expect(opened.stats().liveBlocks).toBe(blocks.length);
    expect(opened.stats().liveBlocks).toBe(heap.stats().liveBlocks);
    for (const ptr of blocks) opened.free(ptr);
    expect(opened.stats().liveBlocks).toBe(0);
    expectUsable(opened);
  });

  test("an image taken after workers died in the middle of a call is opened", {
    timeout: 120_000,
  }, async () => {
    const { openHeap } = await variant.module();
    const { kernel } = variant.resolved;
    const build = urlOf(String((await variant.files()).get("index.js")));
    for (let round = 0; round < 3; round++) {
      const heap = await variant.createHeapOf(48 * MiB);
      const table = new Int32Array(new SharedArrayBuffer(4 * 500));
      const workers = [1, 2].map((seed) => {
        const moving = new Int32Array(new SharedArrayBuffer(4));
        const task: Task = { table, operations: 1e9, seed: 10 * round + seed, scale: 1, moving };
        return new Worker(new URL("./worker.mjs", import.meta.url), {
          workerData: { build, kernel, code, handle: heap.handle, task },
          execArgv: [],
        });
      });
      await Promise.all(workers.map((worker) => once(worker, "message")));
      await new Promise((resolve) => setTimeout(resolve, 20 + 15 * round));
      await Promise.all(workers.map((worker) => worker.terminate()));

      const opened = openHeap(heap.u8.slice());
      const held = [...table].filter((ptr) => ptr !== 0).map((ptr) => ptr >>> 0);
      const { liveBlocks } = opened.stats();
      // In hand: what was about to be put into the table, what had been taken out of it, and a
      // block that moved.
      expect(liveBlocks).toBeGreaterThanOrEqual(held.length);
      expect(liveBlocks).toBeLessThanOrEqual(held.length + 2 * workers.length * 2);
      for (const ptr of held) {
        const bytes = opened.u32[(ptr >>> 2) + 1];
        expect(opened.u32[ptr >>> 2]).toBe((ptr ^ bytes) >>> 0);
        expect(opened.u32[(ptr + bytes - 4) >>> 2]).toBe(~ptr >>> 0);
        opened.free(ptr);
      }
      opened.check();
      expectUsable(opened);
    }
  });
});

test("without reclaim, an image is opened only if no thread was attached", async () => {
  const variant = variantOf("shared-immortal");
  const { openHeap } = await variant.module();
  const heap = await variant.createHeapOf(8 * MiB);
  const ptr = heap.malloc(100);
  expect(() => openHeap(heap.u8.slice())).toThrow(
    "thread 0 was attached when the image was taken, and this build recovers none: detach before",
  );
  heap.detach();
  const opened = openHeap(heap.u8.slice());
  expect(opened.stats().liveBlocks).toBe(1);
  opened.free(ptr);
  expect(opened.stats().liveBlocks).toBe(0);
  opened.check();
});
