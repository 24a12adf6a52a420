import { describe, expect, test } from "vitest";
import { verifyReplay } from "../../bench/replay-verify.ts";
import { parseTrace } from "../../bench/trace.ts";
import { createFakeHeap, type Faults } from "./fake-heap.ts";

const trace = parseTrace(
  "small",
  ["a 0 100", "a 1 24", "f 0", "z 2 100", "m 3 40 256", "r 1 90", "r 3 5000", "f 2", "f 1", "f 3"].join("\n"),
);

test("a sound heap passes, and its footprint is reported", () => {
  expect(verifyReplay(trace, createFakeHeap(), 16)).toEqual({
    operations: 10,
    peakCommittedBytes: 16384,
    committedPerLive: 16384 / trace.peakLiveBytes,
  });
});

describe("every fault is noticed at its operation", () => {
  test.each<[Faults, string]>([
    [{ overlap: true }, 'trace small, line 2, "a 1 24": block'],
    [{ dirtyCalloc: true }, 'trace small, line 4, "z 2 100": byte 0 of the block at 128 is not zero'],
    [{ misaligned: true }, 'trace small, line 5, "m 3 40 256": address'],
    [{ forgetsCopy: true }, 'trace small, line 6, "r 1 90": byte 0 of the block at'],
    [{ leak: true }, "trace small, after the last operation: stats().liveBlocks is"],
  ])("%j", (faults, message) => {
    expect(() => verifyReplay(trace, createFakeHeap({}, faults))).toThrow(message);
  });

  test("a full heap", () => {
    expect(() => verifyReplay(trace, createFakeHeap({ maxBytes: 512 }))).toThrow(
      'trace small, line 5, "m 3 40 256": the heap is full',
    );
  });

  test("a payload that the heap writes into", () => {
    const heap = createFakeHeap();
    const scribbling = {
      ...heap,
      free(ptr: number) {
        heap.u8.fill(0, 0, 4096);
        heap.free(ptr);
      },
    };
    expect(() => verifyReplay(trace, scribbling)).toThrow("was overwritten");
  });

  test("a heap walk that finds something", () => {
    const broken = {
      ...createFakeHeap(),
      check() {
        throw new Error("slab 3: used is above capacity");
      },
    };
    expect(() => verifyReplay(trace, broken)).toThrow(
      'trace small, line 1, "a 0 100": check() found a broken heap: slab 3: used is above capacity',
    );
  });
});
