/** The simulator against builds that replay the same traces. */
import { describe, expect, test } from "vitest";
import { buildOf } from "../../bench/build.ts";
import type { CreateHeap } from "../../bench/heap.ts";
import { KIND_BITS, KIND_MASK, Kind, parseTrace, type Trace } from "../../bench/trace.ts";
import { createHeapFor, variantOf } from "../../bench/variant.ts";
import { xorshift32 } from "../../bench/workloads/random.ts";
import { recordedTrace, TRACE_NAMES } from "../../bench/workloads/recorded.ts";
import { simulate } from "../../generator/tune/simulator/footprint.ts";
import { whyNotSimulated } from "../../generator/tune/simulator/heap.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";

/** What the presets leave out: capped tiers, drains, remembered slabs, few and uneven classes. */
const odd: Spec = {
  extends: "single",
  sizeClasses: [48, 80, 272, 1040, 2736, 12288],
  geometry: { superSlabBytes: 2 << 20, slabBytes: 16384, pageBytes: 8192 },
  tiers: { fast: { cap: 8 }, tlsSll: { cap: 32, drainEvery: 1000 } },
  slab: { rejoinShift: 2 },
  refill: { sticky: true, hotSlot: true, benchSlot: true },
  lru: { entries: 1 },
  zero: { knowledge: false },
};

const builds: Record<string, { spec: Spec; load: () => Promise<CreateHeap> }> = {
  single: { spec: { extends: "single" }, load: () => emitted("single") },
  coarse: { spec: { extends: "coarse" }, load: () => emitted("coarse") },
  tiny: { spec: { extends: "tiny" }, load: () => emitted("tiny") },
  "a spec of many choices": {
    spec: odd,
    load: async () => variantOf(await buildOf(resolveSpec(odd))).instantiate(),
  },
};

/** Of the builds that lie in `generated/`. */
async function emitted(name: string): Promise<CreateHeap> {
  const module = (await import(`../../generated/${name}/allocator.ts`)) as { createHeap: CreateHeap };
  return module.createHeap;
}

describe.each(Object.entries(builds))("the simulator on %s", (_, { spec, load }) => {
  const resolved = resolveSpec(spec);

  test("tells the peak of the recorded traces within 2 %", async () => {
    const createHeap = await load();
    for (const trace of TRACE_NAMES.map(recordedTrace)) {
      const real = peakOf(trace, createHeap);
      const told = simulate(trace, resolved)?.peakCommittedBytes ?? 0;
      expect(Math.abs(told / real - 1), `${trace.name}: ${told} for ${real}`).toBeLessThan(0.02);
    }
  });

  test("tells it of random programs to the byte", async () => {
    const createHeap = await load();
    for (let seed = 1; seed <= 5; seed++) {
      const trace = parseTrace(`seed ${seed}`, program(seed));
      expect(simulate(trace, resolved)?.peakCommittedBytes, trace.name).toBe(peakOf(trace, createHeap));
    }
  });
});

test("what the simulator does not know it names", () => {
  const why = (spec: Spec) => whyNotSimulated(resolveSpec(spec).kernel);
  expect(why({ extends: "shared" })).toBe("the simulator does not know several threads");
  expect(why({ extends: "single", tiers: { magazine: {}, tlsSll: false } })).toContain("magazines");
  expect(why(odd)).toBeUndefined();
});

/** Calls of every kind, with blocks from a byte to several SuperSlabs. */
function program(seed: number): string {
  const random = xorshift32(seed * 7919);
  const pick = (below: number) => random() % below;
  const size = () => [3 << 20, 70_000, 70_000, 9000, 9000, 9000, 600, 600][pick(30)] ?? 64;
  const live: number[] = [];
  const lines: string[] = [];
  let ids = 0;
  for (let i = 0; i < 2000; i++) {
    const action = pick(live.length > 400 ? 10 : 7);
    if (action < 4 || live.length === 0) {
      lines.push(`${action === 0 ? "z" : "a"} ${ids} ${1 + pick(size())}`);
      live.push(ids++);
    } else if (action === 4) {
      lines.push(`m ${ids} ${1 + pick(5000)} ${1 << pick(15)}`);
      live.push(ids++);
    } else if (action === 5) {
      lines.push(`r ${live[pick(live.length)]} ${1 + pick(size())}`);
    } else {
      lines.push(`f ${live.splice(pick(live.length), 1)[0]}`);
    }
  }
  return lines.join("\n");
}

function peakOf(trace: Trace, createHeap: CreateHeap): number {
  const heap = createHeapFor(createHeap, trace);
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
    if (kind !== Kind.free && addresses[id] === 0) throw new Error(`${trace.name}: the heap is full`);
  }
  return heap.stats().peakCommittedBytes;
}
