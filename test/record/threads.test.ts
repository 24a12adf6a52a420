/** Several threads, one recording: their calls stand in one order, in which no block lives twice. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { createHeap, type Heap, type HeapHandle } from "../../generated/shared/allocator.ts";
import { type Recorded, type RecordingHandle, recordHeap } from "../../templates/record/index.ts";
import { urlOf } from "../support/emitted.ts";
import { exchangeBlocks } from "./exchange.ts";
import { Gathered } from "./sinks.ts";

const OPERATIONS = 40_000;
const BOXES = 64;

/** Node's workers read no TypeScript. */
const urlOfModule = (entry: string): string => {
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  return urlOf(String(outputFiles[0]?.text));
};
const urls = {
  build: urlOfModule("generated/shared/allocator.ts"),
  record: urlOfModule("templates/record/index.ts"),
  work: urlOfModule("test/record/exchange.ts"),
};

function begin() {
  const gathered = new Gathered();
  const heap = recordHeap(createHeap({ maxBytes: 64 << 20 }), gathered.sink);
  const boxes = new SharedArrayBuffer(BOXES * 4);
  return { gathered, heap, boxes };
}

async function start(heap: Recorded<Heap>, boxes: SharedArrayBuffer, seed: number, operations: number) {
  const handle: HeapHandle = heap.reserve();
  const task = { boxes, operations, seed };
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { ...urls, handle, recording: heap.recording.handle, task },
    execArgv: [],
  });
  const ended = once(worker, "exit");
  const [thread] = await once(worker, "message");
  return { worker, ended, handle, thread: thread as number };
}

const freeAll = (heap: Heap, boxes: SharedArrayBuffer) => {
  for (const ptr of new Uint32Array(boxes)) heap.free(ptr);
};

test("three workers and the main thread exchange blocks", async () => {
  const { gathered, heap, boxes } = begin();
  const workers = await Promise.all([1, 2, 3].map((seed) => start(heap, boxes, seed, OPERATIONS)));
  expect(heap.recording.thread).toBe(1);
  expect(workers.map(({ thread }) => thread).sort()).toEqual([2, 3, 4]);
  exchangeBlocks(heap, { boxes, operations: OPERATIONS, seed: 4 });
  await Promise.all(workers.map(({ ended }) => ended));
  freeAll(heap, boxes);
  const summary = await heap.recording.end();
  const { trace } = gathered;
  expect(heap.stats().liveBlocks).toBe(0);
  expect(summary).toMatchObject({ threads: 4, unknownFrees: 0, missedFrees: 0, leftOut: 0 });
  expect(summary.blocks).toBeGreaterThan(4 * OPERATIONS);
  expect([trace.threads, trace.operations]).toEqual([4, summary.operations]);
  // No block was kept: the reader had to add no free.
  expect(trace.lines.includes(0)).toBe(false);
});

test("a worker that is terminated in the middle loses at most the call that it was in", async () => {
  const { gathered, heap, boxes } = begin();
  const { worker, handle } = await start(heap, boxes, 5, 1e9);
  exchangeBlocks(heap, { boxes, operations: OPERATIONS, seed: 6 });
  await worker.terminate();
  heap.reclaim(handle.threadSlot);
  freeAll(heap, boxes);
  const summary = await heap.recording.end();
  const { trace } = gathered;
  expect(trace.threads).toBe(2);
  expect(summary.unknownFrees).toBeLessThanOrEqual(1);
  expect(summary.missedFrees).toBeLessThanOrEqual(1);
  expect([...trace.lines].filter((line) => line === 0).length).toBeLessThanOrEqual(2);
});

test("a heap for several threads that one thread uses needs no handle, and says its number", async () => {
  const { gathered, heap, boxes } = begin();
  exchangeBlocks(heap, { boxes, operations: 20_000, seed: 7 });
  const { operations } = await heap.recording.end();
  expect(gathered.trace).toMatchObject({ threads: 1, ids: expect.any(Number) });
  expect(operations).toBeGreaterThan(30_000);
});

describe("an address that changes hands within a call has one block at a time", () => {
  /** One address, and a second thread that gets it as soon as this one has given it up. */
  function pair() {
    const gathered = new Gathered();
    const calls = {
      malloc: (_size: number) => 64,
      calloc: () => 64,
      memalign: () => 64,
      realloc: (_ptr: number, _size: number) => 128,
      free: (_ptr: number) => {},
      threadSlot: 0,
    };
    const stolen = { ...calls, realloc: steal(128), free: steal(0) } as typeof calls;
    const one = recordHeap(stolen, gathered.sink);
    const other = recordHeap(calls, one.recording.handle as RecordingHandle);
    function steal(result: number) {
      return () => {
        other.malloc(8);
        return result;
      };
    }
    return { one, gathered };
  }

  test.each([
    ["free", "a 0 8; f 0; t 2; a 1 8"],
    ["realloc", "a 0 8; t 2; a 1 8; t 1; r 0 9"],
  ] as const)("%s", async (call, expected) => {
    const { one, gathered } = pair();
    one.malloc(8);
    if (call === "free") one.free(64);
    else one.realloc(64, 9);
    const summary = await one.recording.end();
    const lines = gathered.text.split("\n").filter((line) => /^[^#]/.test(line));
    expect(lines.join("; ")).toBe(expected);
    expect(summary).toMatchObject({ unknownFrees: 0, missedFrees: 0, threads: 2 });
  });
});
