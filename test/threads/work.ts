/**
 * What a thread of the stress tests does: it allocates blocks of all kinds, puts a cookie into
 * each, and leaves them in a table where every thread finds them; what it finds there it checks and
 * frees. So most blocks are freed by others.
 *
 * At any moment it holds at most one block that is not in the table, and in `realloc` perhaps two:
 * the block that moves, and the one it moves to.
 */
import type { Heap } from "../../templates/host/api.ts";

export interface Task {
  readonly table: Int32Array;
  readonly operations: number;
  readonly seed: number;
  /** Blocks are so many times as large. */
  readonly scale: number;
  /** One word: 1 while this thread is in `realloc`. */
  readonly moving: Int32Array;
}

/** Returns how many requests found the heap full. */
export function work(heap: Heap, { table, operations, seed, scale, moving }: Task): number {
  let state = (seed * 0x9e3779b1) | 1;
  let refused = 0;
  for (let i = 0; i < operations; i += 2) {
    const place = random() % table.length;
    const bytes = randomSize();
    let ptr = random() % 16 === 0 ? heap.calloc(1, bytes) : heap.malloc(bytes);
    if (ptr !== 0 && random() % 16 === 0) {
      sign(ptr, bytes);
      Atomics.store(moving, 0, 1);
      const moved = heap.realloc(ptr, bytes + 100);
      if (moved !== 0) ptr = moved;
      Atomics.store(moving, 0, 0);
    }
    if (ptr === 0) refused++;
    else sign(ptr, bytes);
    const found = Atomics.exchange(table, place, ptr) >>> 0;
    if (found !== 0) checkAndFree(found);
  }
  return refused;

  function random(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  }

  /**
   * Mostly small blocks, some of the larger classes, a few of whole pages; never less than the
   * cookie.
   */
  function randomSize(): number {
    const kind = random() % 1000;
    const bytes = kind < 2 ? random() % 300_000 : kind < 50 ? random() % 20_000 : random() % 512;
    return Math.max(scale * (bytes & ~3), 12);
  }

  function sign(ptr: number, bytes: number): void {
    const { u32 } = heap;
    u32[ptr >>> 2] = ptr ^ bytes;
    u32[(ptr >>> 2) + 1] = bytes;
    u32[(ptr + bytes - 4) >>> 2] = ~ptr;
  }

  function checkAndFree(ptr: number): void {
    const { u32 } = heap;
    const bytes = u32[(ptr >>> 2) + 1];
    if (u32[ptr >>> 2] !== (ptr ^ bytes) >>> 0 || u32[(ptr + bytes - 4) >>> 2] !== ~ptr >>> 0) {
      throw new Error(`the cookie of block ${ptr} (${bytes} bytes) is damaged`);
    }
    heap.free(ptr);
  }
}
