/** Each guard by itself: it finds its mistake, and what it does then is the spec's choice. */
import { describe, expect, test, vi } from "vitest";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import type { Heap } from "../../templates/host/api.ts";
import { Variant } from "../support/variants.ts";

function build(spec: Spec): Variant {
  const resolved = resolveSpec({ extends: "single", ...spec }, "guard");
  return new Variant("guard", resolved, resolved);
}

const mistakes: Readonly<Record<string, (heap: Heap) => void>> = {
  "double free": (heap) => {
    const block = heap.malloc(100);
    heap.free(block);
    heap.free(block);
  },
  "invalid free": (heap) => heap.free(heap.malloc(100) + 32),
  overrun: (heap) => {
    const block = heap.malloc(100);
    heap.u8[block + 100] = 1;
    heap.free(block);
  },
  "header damage": (heap) => {
    const block = heap.malloc(100);
    heap.u8[block - 1] ^= 1;
    heap.free(block);
  },
  "use after free": (heap) => {
    const block = heap.malloc(100);
    heap.free(block);
    heap.u8[block + 50] = 1;
    for (let i = 0; i < 200; i++) heap.malloc(100);
  },
  "damaged link": (heap) => {
    const blocks = Array.from({ length: 200 }, () => heap.malloc(100));
    for (const ptr of blocks) heap.free(ptr);
    heap.u32[blocks[199]! >>> 2] = 12345;
    for (let i = 0; i < 200; i++) heap.malloc(100);
  },
};

const alone: readonly (readonly [mistake: string, spec: Spec])[] = [
  ["double free", { guards: { doubleFree: true } }],
  ["invalid free", { guards: { pushValidation: true } }],
  ["overrun", { guards: { redZone: 16 } }],
  ["header damage", { header: true, guards: { headerCheck: true } }],
  ["use after free", { guards: { poison: true } }],
  ["damaged link", { guards: { listValidation: true } }],
];

describe.each(alone)("%s, its guard alone", (mistake, spec) => {
  test("is thrown", async () => {
    const heap = await build(spec).createHeap();
    expect(() => mistakes[mistake]!(heap)).toThrow(mistake);
  });

  test("is counted, and the heap goes on, where the spec says so", async () => {
    const guards = { ...spec.guards, onHit: "report" } as const;
    const heap = await build({ ...spec, guards, observe: { logLimit: 2 } }).createHeap();
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    for (let i = 0; i < 3; i++) mistakes[mistake]!(heap);
    expect(heap.stats().guardHits).toBeGreaterThanOrEqual(mistake === "damaged link" ? 1 : 3);
    expect(told.mock.calls.length).toBeLessThanOrEqual(2);
    expect(told.mock.calls[0]![0]).toContain(mistake);
    for (let size = 1; size < 100_000; size *= 3) expect(heap.malloc(size)).not.toBe(0);
    told.mockRestore();
  });

  test("is not noticed at once by a build without it", async () => {
    const heap = await build({ header: true }).createHeap();
    expect(() => mistakes[mistake]!(heap)).not.toThrow(mistake);
  });
});

test("the message that reaches its limit says so", async () => {
  const heap = await build({
    guards: { doubleFree: true, onHit: "report" },
    observe: { logLimit: 3 },
  }).createHeap();
  const told = vi.spyOn(console, "error").mockImplementation(() => {});
  for (let i = 0; i < 5; i++) mistakes["double free"]!(heap);
  expect(told).toHaveBeenCalledTimes(3);
  expect(told.mock.calls[0]![0]).not.toContain("limit");
  expect(told.mock.calls[2]![0]).toContain("reached its limit");
  expect(heap.stats().guardHits).toBe(5);
  told.mockRestore();
});

test("with stacks an error shows where the block was allocated and freed", async () => {
  const heap = await build({ guards: { doubleFree: true, stacks: true } }).createHeap();
  function allocatingFunction() {
    return heap.malloc(10);
  }
  function freeingFunction(ptr: number) {
    heap.free(ptr);
  }
  const block = allocatingFunction();
  freeingFunction(block);
  try {
    heap.free(block);
    expect.unreachable();
  } catch (error) {
    const { history } = error as { history: { allocationStack: string; freeStack: string } };
    expect(history.allocationStack.split("\n")[0]).toContain("allocatingFunction");
    expect(history.freeStack.split("\n")[0]).toContain("freeingFunction");
  }
});

test("the call that finds a freed block written keeps its own block", async () => {
  const heap = await build({ guards: { poison: true, quarantine: 4096, doubleFree: true } }).createHeap();
  const written = heap.malloc(1000);
  heap.free(written);
  heap.u8[written + 10] = 1;
  const others = Array.from({ length: 8 }, () => heap.malloc(1000));
  const found: number[] = [];
  for (const ptr of others) {
    try {
      heap.free(ptr);
    } catch (error) {
      found.push((error as { history: { ptr: number } }).history.ptr);
    }
  }
  expect(found).toEqual([written]);
  heap.check();
  heap.detach();
  // Nothing is out but the block that was dropped.
  heap.free(heap.malloc(1000));
  expect(heap.stats().liveBlocks).toBe(0);
});

test("counters add up to the calls", async () => {
  const heap = await build({ observe: { counters: { classes: [96] } } }).createHeap();
  const blocks = Array.from({ length: 500 }, () => heap.malloc(96));
  for (const ptr of blocks) heap.free(ptr);
  heap.malloc(-1);
  heap.malloc(2 ** 31);
  const { frees, refills, earlyReturns, classes } = heap.stats().counters;
  expect(frees.tier + frees.slab).toBe(500);
  expect(earlyReturns).toEqual({ noSize: 1, heapFull: expect.any(Number) });
  expect(refills.pool).toBeGreaterThan(0);
  expect(classes).toMatchObject([{ size: 96, allocated: 500, freed: 500 }]);
});

test("the trace ring keeps the last events, and no more", async () => {
  const heap = await build({ observe: { traceRing: { events: 16 } } }).createHeap();
  const blocks = Array.from({ length: 40 }, () => heap.malloc(64));
  heap.free(blocks[39]!);
  const events = heap.events();
  expect(events).toHaveLength(16);
  expect(events.at(-1)).toBe(`free 0x${blocks[39]!.toString(16)}`);
  expect(events.at(-2)).toBe(`malloc(64) 0x${blocks[39]!.toString(16)}`);
});
