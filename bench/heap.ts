/**
 * What the benchmarks ask of an allocator.
 *
 * Workloads need the five calls of `BlockHeap`, so any peer can run them. Verification and
 * footprints need more: the part of an emitted build's `Heap` that is listed here.
 */
export interface BlockHeap {
  malloc(size: number): number;
  calloc(count: number, size: number): number;
  realloc(ptr: number, size: number): number;
  memalign(alignment: number, size: number): number;
  free(ptr: number): void;
}

/**
 * The calls as functions that need no heap: those of a heap that is an object of functions, the
 * bound ones of a class.
 */
export function callsOf(heap: BlockHeap): BlockHeap {
  if (Object.hasOwn(heap, "malloc")) return heap;
  return {
    malloc: heap.malloc.bind(heap),
    calloc: heap.calloc.bind(heap),
    realloc: heap.realloc.bind(heap),
    memalign: heap.memalign.bind(heap),
    free: heap.free.bind(heap),
  };
}

export interface HeapStats {
  readonly reservedBytes: number;
  readonly committedBytes: number;
  readonly peakCommittedBytes: number;
  readonly liveBytes: number;
  readonly liveBlocks: number;
}

export interface Heap extends BlockHeap {
  /** Read it anew after every call: growth replaces the views. */
  readonly u8: Uint8Array;
  usableSize(ptr: number): number;
  stats(): HeapStats;
  /** Absent in builds without the heap walk. */
  check?(): void;
  /** Of builds for several threads: what `attachHeap` takes in another worker. */
  readonly handle?: unknown;
}

export type CreateHeap = (options?: { maxBytes?: number }) => Heap;

/** What an emitted build exports. */
export interface HeapModule {
  readonly createHeap: CreateHeap;
  /** Absent in builds for one thread. */
  readonly attachHeap?: (handle: unknown) => Heap;
}
