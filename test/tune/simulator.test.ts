/** The simulator against emitted builds that replay the same traces. */
import { describe, expect, test } from "vitest";
import { buildOf } from "../../bench/build.ts";
import { KIND_BITS, KIND_MASK, Kind, type Trace } from "../../bench/trace.ts";
import { createHeapFor, variantOf } from "../../bench/variant.ts";
import { recordedTrace, TRACE_NAMES } from "../../bench/workloads/recorded.ts";
import { simulate } from "../../generator/tune/simulator/footprint.ts";
import { whyNotSimulated } from "../../generator/tune/simulator/heap.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";

const specs: Record<string, Spec> = {
  single: { extends: "single" },
  "larger pages, every free to its slab": {
    extends: "single",
    geometry: { pageBytes: 8192, slabBytes: 32768 },
    tiers: { tlsSll: { upTo: 0 } },
    slab: { rejoinShift: 0 },
    pool: { stage05: false },
    lru: { entries: 1 },
  },
  "fast tier, caps and remembered slabs": {
    extends: "single",
    geometry: { superSlabBytes: 2 << 20, slabBytes: 16384 },
    tiers: { fast: { cap: 8 }, tlsSll: { cap: 32, drainEvery: 1000 } },
    refill: { sticky: true, hotSlot: true, benchSlot: true },
    zero: { knowledge: false },
  },
};

describe("the footprint simulator", () => {
  for (const [name, spec] of Object.entries(specs)) {
    test(`${name}: peaks of the recorded traces within 2 %`, async () => {
      const resolved = resolveSpec(spec);
      const createHeap = await variantOf(await buildOf(resolved)).instantiate();
      for (const trace of TRACE_NAMES.map(recordedTrace)) {
        const heap = createHeapFor(createHeap, trace);
        replay(trace, heap);
        const real = heap.stats().peakCommittedBytes;
        const told = simulate(trace, resolved)?.peakCommittedBytes ?? 0;
        expect(Math.abs(told / real - 1), `${trace.name}: ${told} for ${real}`).toBeLessThan(0.02);
      }
    });
  }

  test("what it does not know it names", () => {
    expect(whyNotSimulated(resolveSpec({ extends: "shared" }).kernel)).toContain("several threads");
    expect(whyNotSimulated(resolveSpec({ extends: "single" }).kernel)).toBeUndefined();
  });
});

function replay(trace: Trace, heap: ReturnType<typeof createHeapFor>): void {
  const addresses = new Float64Array(trace.ids);
  for (let index = 0; index < trace.operations; index++) {
    const word = trace.words[index * 2] as number;
    const size = trace.words[index * 2 + 1] as number;
    const id = word >>> KIND_BITS;
    const kind = word & KIND_MASK;
    const ptr = addresses[id] as number;
    if (kind === Kind.free) heap.free(ptr);
    else if (kind === Kind.realloc) addresses[id] = heap.realloc(ptr, size);
    else if (kind === Kind.memalign) addresses[id] = heap.memalign(trace.alignments[id] as number, size);
    else addresses[id] = kind === Kind.calloc ? heap.calloc(1, size) : heap.malloc(size);
  }
}
