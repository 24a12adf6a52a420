/**
 * One thread grows the memory, another comes to a block there, and has not looked since. In a
 * memory that does not grow the same must hold, of course.
 */
import type { Heap } from "../../templates/host/api.ts";
import { between, equal } from "./require.ts";
import type { Scenario, Subject } from "./scenarios.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

type Step = (near: Heap, far: Heap, attach: () => Heap) => void;

/** `far` allocates; `near` has seen less of the memory. */
const scenario = (title: string, step: Step): Scenario => ({
  title: `behind what a thread has seen: ${title}`,
  async run({ module: { createHeap, attachHeap } }: Subject) {
    const near = createHeap({ maxBytes: 48 * MiB });
    const far = attachHeap(near.handle);
    step(near, far, () => attachHeap(far.reserve()));
    near.check();
  },
});

const inPlace = (title: string, step: Step): Scenario => ({ ...scenario(title, step), placed: true });

export const growthScenarios: readonly Scenario[] = [
  scenario("blocks are freed", (near, far) => {
    for (const ptr of blocksBehind(near, far, 1000)) near.free(ptr);
    equal("blocks alive", far.stats().liveBlocks, 0);
    // They come home whole.
    take(far, 4000, 1000);
  }),

  scenario("a block moves", (near, far) => {
    near.free(near.malloc(1100));
    const ptr = blocksBehind(near, far, 1000).at(-1) as number;
    const moved = near.realloc(ptr, 1100);
    equal("a word of it", near.u32[moved >>> 2], ptr);
    equal("its last word", near.u32[(moved + 996) >>> 2], ptr);
  }),

  inPlace("a large block grows in place", (near, far) => {
    const ptr = far.malloc(9 * MiB);
    equal("the block", near.realloc(ptr, 10 * MiB), ptr);
    near.u8[ptr + 10 * MiB - 1] = 7;
    equal("its last byte", far.u8[ptr + 10 * MiB - 1], 7);
  }),

  scenario("a block is written", (near, far) => {
    const ptr = blocksBehind(near, far, 1000).at(-1) as number;
    near.f64[ptr >>> 3] = 0.5;
    equal("a number of it", far.f64[ptr >>> 3], 0.5);
    equal("the buffer's length", near.buffer.byteLength, far.buffer.byteLength);
  }),

  scenario("the memory grows, by no more than was asked for", (near, far) => {
    const grows = near.buffer.byteLength < 48 * MiB;
    far.malloc(9 * MiB);
    near.malloc(9 * MiB);
    between("the buffer's length", far.buffer.byteLength, 18 * MiB, (grows ? 22 : 48) * MiB);
  }),

  scenario("the heap is walked", (near, far) => {
    const ptrs = blocksBehind(near, far, 1000);
    for (const ptr of ptrs.slice(10)) far.free(ptr);
    equal("blocks alive", near.stats().liveBlocks, 10);
  }),

  scenario("abandoned slabs are adopted", (near, far) => {
    const ptrs = blocksBehind(near, far, 1000);
    const kept = ptrs.filter((_, i) => i % 10 === 0);
    for (const [i, ptr] of ptrs.entries()) if (i % 10 !== 0) far.free(ptr);
    far.detach();
    take(near, ptrs.length - kept.length, 1000);
    equal("blocks alive", near.stats().liveBlocks, ptrs.length);
  }),

  scenario("empty slabs are taken over", (near, far) => {
    const ptrs = blocksBehind(near, far, 40);
    for (const ptr of ptrs) far.free(ptr);
    for (const ptr of take(near, 2000, 40)) near.free(ptr);
    take(near, 2000, 40);
    equal("blocks alive", near.stats().liveBlocks, 2000);
  }),

  {
    ...scenario("what a dead thread kept is reclaimed", (near, far, attach) => {
      // Where there is no third thread, the second one dies.
      far.detach();
      const mortal = attach();
      const ptrs = blocksBehind(near, mortal, 1000);
      for (const ptr of ptrs.slice(10)) mortal.free(ptr);
      near.reclaim(mortal.threadSlot);
      equal("blocks alive", near.stats().liveBlocks, 10);
    }),
    mortal: true,
  },
];

/**
 * Blocks of so many bytes, the last of them in slabs behind all that `near` has seen, if the memory
 * grows. Each holds its address everywhere.
 */
function blocksBehind(near: Heap, far: Heap, size: number): number[] {
  const seen = near.buffer.byteLength;
  const ptrs: number[] = [];
  for (let bytes = 0; bytes < 4 * MiB; bytes += size) {
    const ptr = far.malloc(size);
    equal("the heap is full", ptr === 0, false);
    far.u32.fill(ptr, ptr >>> 2, (ptr + size) >>> 2);
    ptrs.push(ptr);
    if (ptr > seen + 300 * KiB) break;
  }
  return ptrs;
}

/** So many blocks, all of them different. */
function take(heap: Heap, count: number, size: number): number[] {
  const ptrs = Array.from({ length: count }, () => heap.malloc(size));
  equal("different blocks", new Set(ptrs).size, count);
  return ptrs;
}
