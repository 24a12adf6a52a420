import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scriptLoop, type ThreadHeap } from "../../bench/threads/run-script.ts";
import { forThreads } from "../../bench/threads/threaded-workload.ts";
import { parseTrace } from "../../bench/trace.ts";
import { chooseThreaded, THREADED_IDS, threadedWorkload } from "../../bench/workloads/threaded/index.ts";
import { larsonCommand } from "../../bench/workloads/threaded/larson.ts";
import { threadedReplay } from "../../bench/workloads/threaded/trace-replay.ts";
import { playScripts } from "./play-scripts.ts";

const COUNTS = [1, 2, 5];
/** The long profile takes seconds to follow, and is tput with other numbers. */
const FOLLOWED = THREADED_IDS.filter((id) => id !== "W1/guard");

describe.each(FOLLOWED)("%s", (id) => {
  test.each(COUNTS)("on %i threads: every block has one holder at a time, and is freed", (threads) => {
    const workload = threadedWorkload({ id, threads });
    expect(workload.scripts).toHaveLength(threads);
    for (const seed of [1, 2]) {
      const outcome = playScripts(workload, seed);
      expect(outcome).toMatchObject({ liveBlocks: 0, raisedFlags: 0 });
      expect(outcome.operations).toBe(workload.operations);
      expect(outcome.counted).toBe(workload.operations);
      expect(outcome.peakLiveBytes).toBeLessThanOrEqual(workload.peakLiveBytes);
      expect(outcome.peakLiveBlocks).toBeLessThanOrEqual(workload.peakLiveBlocks);
    }
  });
});

test("the clock ends a run where threads need not wait for each other", () => {
  const byTheClock = (id: string): boolean => threadedWorkload({ id, threads: 2 }).byTheClock;
  for (const id of ["W1/guard", "W1/tput", "W2/16x64", "W3/256", "W5/32x100", "W6/alloc-test"]) {
    expect(byTheClock(id), id).toBe(true);
  }
  for (const id of ["W4/sh8bench", "W6/xmalloc", "W6/mstress", "W7/dot", "W8/r90"]) {
    expect(byTheClock(id), id).toBe(false);
  }
});

describe("a run by the clock", () => {
  const { scripts, flags, cells, operations } = threadedWorkload({ id: "W1/repro", threads: 1 });
  const [script] = scripts as [(typeof scripts)[number]];

  /** Time is over at the call with this number. */
  function runUntil(lastCall: number): { calls: number; live: number; counted: number } {
    const over = new Int32Array(1);
    const made = { calls: 0, live: 0 };
    const call = (blocks: number): number => {
      made.live += blocks;
      if (++made.calls === lastCall) over[0] = 1;
      return made.calls;
    };
    const heap = { u8: new Uint8Array(1), malloc: () => call(1), free: () => call(-1) };
    const run = scriptLoop({ calls: heap as unknown as ThreadHeap, heap });
    const [raised, passed] = [new Int32Array(flags), new Uint32Array(cells)];
    const counted = run(script.words, new Uint32Array(script.slots), raised, passed, over, 0);
    return { ...made, counted };
  }

  test.each([1500, operations * 2.5])("goes on until call %i, which ends it", (lastCall) => {
    const { calls, live, counted } = runUntil(lastCall);
    expect(live).toBe(0);
    expect(calls).toBeGreaterThan(lastCall);
    expect(calls).toBeLessThanOrEqual(lastCall + operations);
    expect(counted).toBeLessThan(lastCall);
    expect(counted).toBeGreaterThan(lastCall - 1001);
  });
});

const moved = (id: string, threads: number): number =>
  playScripts(threadedWorkload({ id, threads }), 1).movedBlocks;

test("blocks change hands where the workload says so", () => {
  for (const id of ["W2/16x64", "W3/256", "W4/sh6bench", "W6/alloc-test", "W8/r0"]) {
    expect(moved(id, 2), id).toBe(0);
  }
  for (const id of ["W1/tput", "W4/sh8bench", "W6/mstress", "W6/rptest", "W7/dot"]) {
    expect(moved(id, 2), id).toBeGreaterThan(100);
  }
  expect(moved("W6/cache-scratch", 3)).toBe(2);
  const blocks = threadedWorkload({ id: "W8/r50", threads: 2 }).operations / 2;
  expect(moved("W8/r50", 2) / blocks).toBeCloseTo(0.5, 1);
  expect(moved("W8/r90", 2) / blocks).toBeCloseTo(0.9, 1);
  const { operations } = threadedWorkload({ id: "W6/xmalloc", threads: 2 });
  expect(moved("W6/xmalloc", 2)).toBe(operations / 2);
});

describe("a trace on its threads", () => {
  const text = "a 0 8\nt 2\na 1 16\nr 0 32\nt 7\nm 2 64 64\nf 0\nf 1\nt 1\nz 3 8\nf 2\nf 3\n";

  test.each(COUNTS)("is replayed on %i", (threads) => {
    const trace = parseTrace("three", text);
    expect(trace.threads).toBe(3);
    expect([...trace.threadOf]).toEqual([0, 1, 1, 2, 2, 2, 0, 0, 0]);
    const workload = forThreads(threadedReplay(trace), threads);
    const busy = workload.scripts.filter(({ words }) => words.length > 0);
    expect(busy).toHaveLength(Math.min(threads, 3));
    for (let seed = 1; seed < 50; seed++) {
      expect(playScripts(workload, seed)).toMatchObject({ operations: 9, liveBlocks: 0, raisedFlags: 0 });
    }
  });
});

describe("the twin in C", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slabsmith-test-"));
    const sources = fileURLToPath(new URL("../../bench/peers/native/", import.meta.url));
    const files = readdirSync(sources).filter((file) => file.endsWith(".c"));
    writeFileSync(join(folder, "count.c"), COUNTING);
    const counted = ["malloc", "calloc", "realloc", "memalign", "free"].map(
      (name) => `-D${name}=counted_${name}`,
    );
    execFileSync("cc", ["-O1", "-c", "-o", "count.o", "count.c"], { cwd: folder });
    const paths = files.map((file) => join(sources, file));
    execFileSync("cc", ["-O1", "-pthread", ...counted, "-o", "twin", ...paths, "count.o"], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Counts the calls, and the blocks that are live, while the workload runs once. */
  const COUNTING = `
    #include <malloc.h>
    #include <stdio.h>
    #include <stdlib.h>
    static long calls, live;
    static void note(long blocks) { __sync_fetch_and_add(&calls, 1); __sync_fetch_and_add(&live, blocks); }
    void *counted_malloc(size_t size) { note(1); return malloc(size); }
    void *counted_calloc(size_t count, size_t size) { note(1); return calloc(count, size); }
    void *counted_realloc(void *block, size_t size) { note(0); return realloc(block, size); }
    void *counted_memalign(size_t alignment, size_t size) { note(1); return memalign(alignment, size); }
    void counted_free(void *block) { note(-1); free(block); }
    __attribute__((destructor)) static void tell(void) { printf("%ld %ld\\n", calls, live); }
  `;

  test.each(THREADED_IDS)("makes the calls of %s, and frees every block", (id) => {
    const { native, operations, byTheClock } = threadedWorkload({ id, threads: 3 });
    const file = join(folder, "words");
    writeFileSync(file, Buffer.concat(native.input.map((words) => Buffer.from(words.buffer))));
    const seconds = 0.005;
    const input = `2 ${byTheClock ? seconds : 0}\n`;
    const output = execFileSync(join(folder, "twin"), [native.loop, file], { input });
    const [answer, counts] = output.toString().trim().split("\n") as [string, string];
    const [calls, live] = counts.split(" ").map(Number) as [number, number];
    expect(live).toBe(0);
    if (!byTheClock) return expect(calls).toBe(2 * operations);
    // It claims no more calls than it made.
    const claimed = answer
      .trim()
      .split(" ")
      .map((perRun) => (seconds * operations) / Number(perRun));
    expect(Math.min(...claimed)).toBeGreaterThan(0);
    expect(claimed.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(calls);
  });
});

describe("choosing", () => {
  test("each workload under each number of threads", () => {
    expect(chooseThreaded(["w8/R0", "W8/r0", "W4"], [1, 2])).toEqual([
      { id: "W8/r0", threads: 1 },
      { id: "W8/r0", threads: 2 },
      { id: "W4/sh6bench", threads: 1 },
      { id: "W4/sh6bench", threads: 2 },
      { id: "W4/sh8bench", threads: 1 },
      { id: "W4/sh8bench", threads: 2 },
    ]);
  });

  test("a command of larson's says its number of threads itself, unless that is N", () => {
    const [first, ...others] = chooseThreaded(
      ["larson 2 8 128 1024 1 12345 4", "W1/2 8 128 1024 1 12345 N"],
      [1, 2],
    );
    expect(first).toEqual({ id: "larson 2 8 128 1024 1 12345 4", threads: 4 });
    expect(others.map(({ threads }) => threads)).toEqual([1, 2]);
    const { id, operations } = threadedWorkload(first as NonNullable<typeof first>);
    expect(id).toBe("W1/2 8 128 1024 1 12345 4");
    expect(operations).toBe(threadedWorkload({ id: "W1/tput", threads: 4 }).operations);
  });

  test("larson's parameters, in their order", () => {
    expect(larsonCommand("5 8 1000 5000 100 4141 N")).toEqual({
      min: 8,
      max: 1000,
      blocks: 5000,
      rounds: 100,
      seed: 4141,
    });
  });

  test.each([
    ["W9", [1], 'unknown workload "W9"; known: W1/guard, W1/repro, W1/tput, W2/'],
    [
      "larson 2 8 128",
      [1],
      'larson "2 8 128": give SECONDS MIN MAX BLOCKS ROUNDS SEED THREADS, whole numbers',
    ],
    ["larson 2 8 128 N 1 12345 4", [1], 'larson "2 8 128 N 1 12345 4": give '],
    ["larson 2 0 128 10 1 12345 4", [1], 'larson "2 0 128 10 1 12345 4": give '],
    ["W1/tput", [], "W1/tput is for several threads: say how many, such as --threads 1,2,4"],
  ])("%s on %j is refused", (name, counts, message) => {
    expect(() => chooseThreaded([name], counts)).toThrow(message);
  });
});
