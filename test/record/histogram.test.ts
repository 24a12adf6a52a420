/** Histograms: sizes and lifetimes of a heap's blocks, without the order of the calls. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseHistogram } from "../../bench/histogram.ts";
import { createHeap } from "../../generated/single/allocator.ts";
import { answersOf } from "../../generator/init/trace-answers.ts";
import { recordHeap } from "../../templates/record/index.ts";
import { randomNumbers } from "../support/script.ts";
import { Gathered } from "./sinks.ts";

async function recorded(work: (heap: ReturnType<typeof createHeap>) => void) {
  const gathered = new Gathered();
  const heap = recordHeap(createHeap({ maxBytes: 16 << 20 }), gathered.sink, { histogram: true });
  work(heap);
  const summary = await heap.recording.end();
  return { summary, histogram: parseHistogram({ name: "some", text: gathered.text }), text: gathered.text };
}

test("a few calls, by hand", async () => {
  const { summary, histogram } = await recorded((heap) => {
    const a = heap.malloc(8); // call 0
    const b = heap.calloc(2, 4); // 1
    heap.free(a); // 2: lived 2 calls
    const c = heap.realloc(b, 100); // 3: 8 bytes lived 2 calls
    heap.malloc(8); // 4: kept, lives 3
    heap.free(c); // 5: lived 2
    heap.memalign(64, 7); // 6: kept, lives 1
  });
  expect(summary).toMatchObject({ operations: 7, blocks: 4, threads: 1 });
  expect(histogram).toEqual({
    name: "some",
    calls: 7,
    threads: 1,
    peakLiveBytes: 108,
    rows: [
      { size: 7, count: 1, kept: 1, mostLive: 1, lived: 1, lifetimes: [] },
      { size: 8, count: 3, kept: 1, mostLive: 2, lived: 7, lifetimes: [0, 2] },
      { size: 100, count: 1, kept: 0, mostLive: 1, lived: 2, lifetimes: [0, 1] },
    ],
  });
});

test("random calls: every block is counted once, and the lifetimes are those of its calls", async () => {
  let calls = 0;
  let lived = 0;
  const count = new Map<number, number>();
  const { histogram } = await recorded((heap) => {
    const random = randomNumbers(3);
    const live: { ptr: number; born: number }[] = [];
    for (let i = 0; i < 20_000; i++) {
      const size = Math.floor(random() * 50);
      live.push({ ptr: heap.malloc(size), born: calls++ });
      count.set(size, (count.get(size) ?? 0) + 1);
      if (live.length < 100) continue;
      const [block] = live.splice(Math.floor(random() * 100), 1);
      lived += calls - (block?.born as number);
      calls++;
      heap.free(block?.ptr as number);
    }
    for (const { born } of live) lived += calls - born;
  });
  const sum = (of: (row: (typeof histogram.rows)[number]) => number) =>
    histogram.rows.reduce((all, row) => all + of(row), 0);
  expect(new Map(histogram.rows.map((row) => [row.size, row.count]))).toEqual(
    new Map([...count].sort(([a], [b]) => a - b)),
  );
  expect([histogram.calls, sum((row) => row.lived), sum((row) => row.kept)]).toEqual([calls, lived, 99]);
  expect(sum((row) => row.kept + row.lifetimes.reduce((all, blocks) => all + blocks, 0))).toBe(20_000);
});

test("init takes memory and sizes from it; one that is cut short is refused", async () => {
  const { text } = await recorded((heap) => {
    for (let i = 0; i < 90; i++) heap.malloc(i % 2 === 0 ? 24 : 48);
    heap.free(heap.malloc(8_000_000));
  });
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-histogram-"));
  const file = join(folder, "some.histogram");
  try {
    writeFileSync(file, text);
    expect(answersOf(file)).toEqual({ memory: "32 MiB", sizes: "24,48" });
    writeFileSync(file, text.slice(0, -3));
    expect(() => answersOf(file)).toThrow("histogram some: it is cut short; record it again");
    writeFileSync(file, text.replace("h 24", "x 24"));
    expect(() => answersOf(file)).toThrow(/^histogram some, line 3: expected c CALLS .*: "x 24 45 45/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
