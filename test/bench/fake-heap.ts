import type { Heap } from "../../bench/heap.ts";

/** What a test may break in the heap below, to see that the verification notices. */
export interface Faults {
  /** malloc hands out a block that overlaps the one before. */
  overlap?: boolean;
  /** calloc forgets to clear. */
  dirtyCalloc?: boolean;
  /** realloc forgets to copy. */
  forgetsCopy?: boolean;
  /** memalign forgets the alignment. */
  misaligned?: boolean;
  /** free loses the block. */
  leak?: boolean;
}

/**
 * The simplest heap that can replay a trace: power-of-two classes, a stack of free blocks for each.
 */
export function createFakeHeap(
  { maxBytes = 64 << 20 }: { maxBytes?: number } = {},
  faults: Faults = {},
): Heap {
  const u8 = new Uint8Array(maxBytes);
  const classOf = new Map<number, number>();
  const freeBlocks: number[][] = Array.from({ length: 32 }, () => []);
  let top = 64;
  let liveBytes = 0;

  function malloc(size: number): number {
    const index = Math.max(4, 32 - Math.clz32(size - 1));
    let ptr = freeBlocks[index]?.pop();
    if (ptr === undefined) {
      const step = 1 << index;
      ptr = Math.ceil(top / step) * step;
      if (ptr + step > maxBytes) return 0;
      top = ptr + (faults.overlap ? step / 2 : step);
    }
    classOf.set(ptr, index);
    liveBytes += 1 << index;
    return ptr;
  }

  function free(ptr: number): void {
    const index = classOf.get(ptr);
    if (index === undefined) return;
    freeBlocks[index]?.push(ptr);
    if (faults.leak) return;
    classOf.delete(ptr);
    liveBytes -= 1 << index;
  }

  const usableSize = (ptr: number): number => 1 << (classOf.get(ptr) ?? 0);

  return {
    u8,
    malloc,
    free,
    usableSize,
    calloc(count, size) {
      const ptr = malloc(count * size);
      if (!faults.dirtyCalloc) u8.fill(0, ptr, ptr + count * size);
      return ptr;
    },
    realloc(ptr, size) {
      const target = malloc(size);
      if (!faults.forgetsCopy) u8.copyWithin(target, ptr, ptr + Math.min(usableSize(ptr), size));
      free(ptr);
      return target;
    },
    memalign: (alignment, size) => malloc(faults.misaligned ? size : Math.max(size, alignment)),
    stats: () => ({
      reservedBytes: maxBytes,
      committedBytes: top,
      peakCommittedBytes: top,
      liveBytes,
      liveBlocks: classOf.size,
    }),
    check() {},
  };
}
