import { describe, expect, test } from "vitest";
import { freshCopy, sharedCopy } from "../../bench/fresh-copy.ts";
import { type BlockHeap, callsOf } from "../../bench/heap.ts";
import { chooseWorkloads, WORKLOAD_IDS } from "../../bench/workloads/index.ts";
import { createFakeHeap } from "./fake-heap.ts";

/** Counts calls, and what is live. */
function countingHeap() {
  const heap = createFakeHeap();
  const sizes = new Map<number, number>();
  const seen = { calls: 0, liveBytes: 0, peakLiveBytes: 0, peakLiveBlocks: 0 };
  const give = (ptr: number, size: number): number => {
    seen.calls++;
    sizes.set(ptr, size);
    seen.liveBytes += size;
    seen.peakLiveBytes = Math.max(seen.peakLiveBytes, seen.liveBytes);
    seen.peakLiveBlocks = Math.max(seen.peakLiveBlocks, sizes.size);
    return ptr;
  };
  const take = (ptr: number): void => {
    seen.liveBytes -= sizes.get(ptr) ?? 0;
    sizes.delete(ptr);
  };
  const counted: BlockHeap = {
    malloc: (size) => give(heap.malloc(size), size),
    calloc: (count, size) => give(heap.calloc(count, size), count * size),
    memalign: (alignment, size) => give(heap.memalign(alignment, size), size),
    realloc(ptr, size) {
      take(ptr);
      return give(heap.realloc(ptr, size), size);
    },
    free(ptr) {
      seen.calls++;
      take(ptr);
      heap.free(ptr);
    },
  };
  return { heap, counted, seen };
}

describe.each(WORKLOAD_IDS)("%s", (id) => {
  const [workload] = chooseWorkloads([id]);
  if (!workload) throw new Error(id);

  test("makes as many calls and holds as much as it says, and ends as it began", () => {
    const { heap, counted, seen } = countingHeap();
    const run = workload.prepare(counted, freshCopy);
    run();
    const { operations, peakLiveBytes, peakLiveBlocks } = workload;
    expect(seen).toEqual({ calls: operations, liveBytes: 0, peakLiveBytes, peakLiveBlocks });
    expect(heap.stats().liveBlocks).toBe(0);
  });
});

test("a kind names all its workloads, a full id one, in any case of letters", () => {
  expect(chooseWorkloads(["w3"]).map(({ id }) => id)).toEqual(["W3/256", "W3/8192"]);
  expect(chooseWorkloads(["W3/256", "W3/256"]).map(({ id }) => id)).toEqual(["W3/256"]);
  expect(() => chooseWorkloads(["W1"])).toThrow('unknown workload "W1"; known: W7/cc1, ');
});

test("calls do without their heap, those of a class too", () => {
  class ClassHeap implements BlockHeap {
    last = 0;
    malloc(size: number): number {
      this.last += size;
      return this.last;
    }
    calloc(count: number, size: number): number {
      return this.malloc(count * size);
    }
    realloc(ptr: number, size: number): number {
      return this.malloc(ptr + size);
    }
    memalign(alignment: number, size: number): number {
      return this.malloc(alignment * size);
    }
    free(ptr: number): void {
      this.last -= ptr;
    }
  }
  const heap = new ClassHeap();
  const { malloc, calloc, realloc, memalign, free } = callsOf(heap);
  expect([malloc(1), calloc(2, 3), realloc(1, 4), memalign(2, 4)]).toEqual([1, 7, 12, 20]);
  free(5);
  expect(heap.last).toBe(15);
  const fake = createFakeHeap();
  expect(callsOf(fake)).toBe(fake);
});

test("copies are private, shared ones are not", () => {
  const loop = (heap: BlockHeap) => () => heap;
  const heap = createFakeHeap();
  expect(freshCopy(loop, heap)()).toBe(heap);
  expect(String(freshCopy(loop, heap))).toBe(String(freshCopy(loop, heap)));
  const copy = sharedCopy();
  expect(copy(loop, heap)()).toBe(heap);
});
