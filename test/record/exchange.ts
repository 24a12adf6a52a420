/**
 * Threads that exchange blocks: each puts what it allocated into a box that all share, and frees or
 * resizes what it found there.
 */
import type { Heap } from "../../templates/host/api.ts";

export interface Task {
  /** Addresses that any thread may swap for others of its own. */
  readonly boxes: SharedArrayBuffer;
  readonly operations: number;
  readonly seed: number;
}

type Calls = Pick<Heap, "malloc" | "calloc" | "memalign" | "realloc" | "free">;

export function exchangeBlocks(heap: Calls, { boxes, operations, seed }: Task): void {
  const words = new Int32Array(boxes);
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const allocate = (): number => {
    const size = 1 + below(600);
    const choice = below(10);
    if (choice === 0) return heap.calloc(1, size);
    return choice === 1 ? heap.memalign(64, size) : heap.malloc(size);
  };
  for (let i = 0; i < operations; i++) {
    const found = Atomics.exchange(words, below(words.length), allocate()) >>> 0;
    const resized = below(4) === 0 ? heap.realloc(found, 1 + below(3000)) : found;
    heap.free(resized);
  }
}
