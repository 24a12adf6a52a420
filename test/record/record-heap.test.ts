/** `recordHeap`: what is called on a heap is what its trace says, and the heap stays what it was. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { parseTrace, readTrace, type Trace } from "../../bench/trace.ts";
import { traceReplay } from "../../bench/workloads/trace-replay.ts";
import { createHeap, type Heap } from "../../generated/single/allocator.ts";
import { type Recorded, recordHeap } from "../../templates/record/index.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { variantOf } from "../support/variants.ts";
import { Gathered } from "./sinks.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slabsmith-record-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDED = ["cc1", "dot"];
const recorded = (name: string) =>
  readTrace(new URL(`../../bench/traces/${name}.trace.gz`, import.meta.url).pathname);

/** Compared as bytes: element by element takes seconds. */
const contents = ({ words, alignments }: Trace) =>
  [words, alignments].map(({ buffer }) => Buffer.from(buffer));

const own = <Loop, H>(source: (heap: H) => Loop, heap: H): Loop => source(heap);

describe("a trace that is replayed on a heap that records", () => {
  test.each(RECORDED)("%s is written as it was read", async (name) => {
    const trace = recorded(name);
    const gathered = new Gathered();
    const heap = recordHeap(createHeap({ maxBytes: 64 << 20 }), gathered.sink);
    traceReplay(trace).prepare(heap, own)();
    const summary = await heap.recording.end();
    expect(summary).toEqual({
      operations: trace.operations,
      blocks: trace.ids,
      threads: 1,
      unknownFrees: 0,
      missedFrees: 0,
      leftOut: 0,
    });
    expect(contents(gathered.trace).every((bytes, index) => bytes.equals(contents(trace)[index]))).toBe(true);
    expect(gathered.text).toMatch(/^# malloc trace v1, recorded by slabsmith\n/);
    expect(gathered.text).toMatch(
      new RegExp(`\n# end: ids ${trace.ids} ops ${trace.operations} threads 1\n$`),
    );
  });
});

describe.each(["class-form", "wasm", "wasm-class-form", "tiny"] as const)(
  "a heap of the build %s",
  (name) => {
    const make = async () => (await variantOf(name).module()).createHeap({ maxBytes: 16 << 20 });

    test("has the same members, and keeps its contract", async () => {
      const heap = await make();
      const gathered = new Gathered();
      const recording = recordHeap(heap, gathered.sink);
      for (const member of [
        "buffer",
        "u8",
        "f64",
        "stats",
        "usableSize",
        "detach",
        Symbol.dispose,
      ] as const) {
        expect(typeof recording[member]).toBe(typeof heap[member]);
      }
      expect("check" in recording).toBe("check" in heap);
      const ledger = new Ledger(recording, 16);
      play(ledger, randomScript(7, 3000, 200, 20_000));
      ledger.audit();
      expect(recording.u8).toBe(heap.u8);
      expect(recording.stats()).toEqual(heap.stats());
      const { liveBlocks } = heap.stats();
      await recording.recording.end();
      const { trace } = gathered;
      expect([...trace.lines].filter((line) => line === 0).length).toBe(liveBlocks);
    });
  },
);

test("calls that fail leave no line, and the old block stays what it was", async () => {
  const gathered = new Gathered();
  const heap = recordHeap(createHeap({ maxBytes: 1 << 20 }), gathered.sink);
  const kept = heap.malloc(24);
  expect([
    heap.malloc(-1),
    heap.malloc(2 << 20),
    heap.calloc(1 << 20, 2),
    heap.memalign(16, 2 << 20),
  ]).toEqual([0, 0, 0, 0]);
  expect(heap.realloc(kept, 2 << 20)).toBe(0);
  heap.free(0);
  const moved = heap.realloc(kept, 5000);
  const fresh = heap.realloc(0, 7);
  heap.memalign(256, 9);
  heap.calloc(3, 5);
  expect(heap.realloc(fresh, 0)).toBe(0);
  heap.free(moved);
  await heap.recording.end();
  for (let i = 0; i < 40_000; i++) heap.free(heap.malloc(1));
  const lines = gathered.text.split("\n").filter((line) => !line.startsWith("#"));
  expect(lines.join("; ")).toBe("a 0 24; r 0 5000; a 1 7; m 2 9 256; z 3 15; f 1; f 0; ");
});

test("blocks that are live already come first, and reset frees all", async () => {
  const plain = createHeap({ maxBytes: 1 << 20 });
  const before = plain.malloc(100);
  const gathered = new Gathered();
  const heap = recordHeap(plain, gathered.sink);
  heap.malloc(50);
  heap.free(before);
  heap.malloc(60);
  const address = heap.malloc(70);
  heap.reset();
  while (heap.malloc(70) !== address);
  const summary = await heap.recording.end();
  const lines = gathered.text.split("\n").filter((line) => !line.startsWith("#"));
  const [size] = /(?<=a 0 )\d+/.exec(lines[0]) ?? [];
  expect(Number(size)).toBeGreaterThanOrEqual(100);
  expect(lines.slice(1, 8).sort()).toEqual(["a 1 50", "a 2 60", "a 3 70", "f 0", "f 1", "f 2", "f 3"]);
  expect(summary).toMatchObject({ unknownFrees: 0, missedFrees: 0 });
});

test("what the recording cannot know is counted, and said in the file", async () => {
  const plain = createHeap({ maxBytes: 1 << 20 });
  const gathered = new Gathered();
  const heap = recordHeap(plain, gathered.sink);
  const unseen = plain.malloc(8);
  heap.free(unseen);
  const other = plain.malloc(8);
  expect(heap.realloc(other, 4000)).not.toBe(0);
  const seen = heap.malloc(8);
  plain.free(seen);
  const blocks = new Set<number>();
  while (!blocks.has(seen)) blocks.add(heap.malloc(8));
  const summary = await heap.recording.end();
  expect(summary).toMatchObject({ unknownFrees: 1, missedFrees: 1, blocks: 2 + blocks.size });
  expect(gathered.text).toContain("# note: 1 frees of blocks that the recording did not see allocated\n");
  expect(gathered.trace.peakLiveBytes).toBe(4000 + 8 * blocks.size);
});

describe("sinks", () => {
  const work = (heap: Heap) => {
    for (let i = 0; i < 40_000; i++) heap.free(heap.malloc(i & 1023));
  };

  test.each(["plain.trace", "packed.trace.gz"])("the file %s", async (name) => {
    const file = join(folder, name);
    const heap = recordHeap(createHeap({ maxBytes: 1 << 20 }), file);
    work(heap);
    await heap.recording.end();
    expect(readTrace(file)).toMatchObject({ operations: 80_000, ids: 40_000 });
    const bytes = readFileSync(file);
    expect(bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))).toBe(name.endsWith(".gz"));
    // Text of more than one piece.
    expect((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).length).toBeGreaterThan(300_000);
  });

  test("a stream", async () => {
    const gathered = new Gathered();
    let isClosed = false;
    const stream = new WritableStream<Uint8Array>({
      write: gathered.sink,
      close: () => {
        isClosed = true;
      },
    });
    const heap = recordHeap(createHeap({ maxBytes: 1 << 20 }), stream);
    work(heap);
    await heap.recording.end();
    expect(gathered.trace.operations).toBe(80_000);
    expect(isClosed).toBe(true);
  });

  test("a file that cannot be opened is said at once", () => {
    expect(() => recordHeap(createHeap(), join(folder, "nowhere/a.trace"))).toThrow(/ENOENT.*nowhere/);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("the disk is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the disk is full"))],
  ])("a function that %s: the heap goes on, and end() rejects", async (_, sink) => {
    const heap = recordHeap(createHeap({ maxBytes: 1 << 20 }), sink);
    work(heap);
    expect(heap.malloc(8)).not.toBe(0);
    await expect(heap.recording.end()).rejects.toThrow("the disk is full");
  });
});

test("a function may allocate from the heap that it is told of", async () => {
  const gathered = new Gathered();
  const heap: Recorded<Heap> = recordHeap(createHeap({ maxBytes: 1 << 20 }), (bytes) => {
    gathered.sink(bytes);
    heap?.free(heap.malloc(3));
  });
  for (let i = 0; i < 40_000; i++) heap.free(heap.malloc(5));
  const { operations } = await heap.recording.end();
  expect(gathered.trace.operations).toBe(operations);
  expect(operations).toBeGreaterThan(80_000);
});

test("without a sink, outside of `slabsmith record`, the heap is returned as it is", () => {
  const heap = createHeap();
  const same = recordHeap(heap);
  expect(same).toBe(heap);
  expectTypeOf(same.recording).toEqualTypeOf<Recorded<Heap>["recording"] | undefined>();
  expectTypeOf(recordHeap<Heap>).returns.toExtend<Heap>();
});

test("two recordings do not know of each other", async () => {
  const [one, two] = [new Gathered(), new Gathered()];
  const a = recordHeap(createHeap({ maxBytes: 1 << 20 }), one.sink);
  const b = recordHeap(createHeap({ maxBytes: 1 << 20 }), two.sink);
  a.malloc(1);
  b.free(b.malloc(2));
  await Promise.all([a.recording.end(), b.recording.end()]);
  expect([one, two].map(({ text }) => parseTrace("one", text).operations)).toEqual([2, 2]);
});
