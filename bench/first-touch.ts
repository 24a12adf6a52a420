/**
 * Heaps that are new: the system gives a page when it is first touched, and that takes longer than
 * `malloc` does. `memory.prefault` moves this to the creation of the heap; here is what it costs
 * there and gains afterwards.
 */
import { type CompareOptions, compare, type WorkloadResult } from "./compare.ts";
import type { Contender } from "./contender.ts";
import type { CreateHeap } from "./heap.ts";
import type { Variant } from "./variant.ts";

const BLOCKS = 4096;
const BLOCK_BYTES = 4096;
const HEAP_BYTES = 2 * BLOCKS * BLOCK_BYTES;

type Part = "create and fill" | "fill";

export function compareFirstTouch(
  variants: readonly Variant[],
  part: Part,
  options: CompareOptions,
): Promise<WorkloadResult> {
  const subject = {
    id: `first-touch/${part.replaceAll(" ", "-")}`,
    name: `a new heap of ${HEAP_BYTES >> 20} MiB: ${part}, ${BLOCKS} × ${BLOCK_BYTES} B`,
    operations: BLOCKS,
  };
  return compare(
    subject,
    variants.map((variant) => newHeaps(variant, part)),
    options,
  );
}

function newHeaps(variant: Variant, part: Part): Contender<unknown> {
  return {
    name: variant.name,
    async open() {
      const createHeap = await variant.instantiate();
      return {
        sample: async ({ samples }) => Array.from({ length: samples }, () => secondsOf(createHeap, part)),
        close() {},
      };
    },
  };
}

/** A heap is new only once, so a sample is a single run, by the clock. */
function secondsOf(createHeap: CreateHeap, part: Part): number {
  const created = performance.now();
  const heap = createHeap({ maxBytes: HEAP_BYTES });
  const start = part === "fill" ? performance.now() : created;
  for (let block = 0; block < BLOCKS; block++) heap.u8[heap.malloc(BLOCK_BYTES)] = 1;
  return (performance.now() - start) / 1000;
}
