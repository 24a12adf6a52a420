/** Something that can be measured on a workload: a variant, a peer in JavaScript, a peer in C. */
import { freshCopy, type LoopFactory } from "./fresh-copy.ts";
import { type BlockHeap, callsOf } from "./heap.ts";
import { sampleRuns } from "./sample-runs.ts";
import type { Workload } from "./workloads/workload.ts";

export interface SampleOptions {
  readonly samples: number;
  /** How long a sample lasts at least; the run is repeated until then. */
  readonly seconds: number;
}

export interface Contender<Work = Workload> {
  readonly name: string;
  /** Why it should not run a workload; undefined where it can. */
  unfit?(workload: Work): string | undefined;
  open(workload: Work): Promise<OpenContender>;
}

/** Thrown by `open`: the contender cannot run this workload, others may. */
export class UnfitError extends Error {
  override readonly name = "UnfitError";
}

/** A contender with its heap made and its loop compiled. */
export interface OpenContender {
  /** Seconds per run, one number per sample. */
  sample(options: SampleOptions): Promise<number[]>;
  close(): void;
}

/** `createHeap` is called once per workload: no workload inherits another one's heap. */
export function heapContender(
  name: string,
  createHeap: (workload: Workload) => BlockHeap | Promise<BlockHeap>,
  copy: LoopFactory = freshCopy,
): Contender {
  return {
    name,
    async open(workload) {
      const heap = callsOf(await createHeap(workload));
      workload.prepare(neverFull(heap, workload.name), freshCopy)();
      const run = workload.prepare(heap, copy);
      return { sample: (options) => sampleRuns(run, options), close() {} };
    },
  };
}

/**
 * A full heap answers 0, and quickly: it would win. One run through this wrapper proves that the
 * workload fits; the timed loops need not ask.
 */
export function neverFull(heap: BlockHeap, workload: string): BlockHeap {
  const given = (ptr: number): number => {
    if (ptr === 0) throw new UnfitError(`its heap is too small for ${workload}`);
    return ptr;
  };
  return {
    malloc: (size) => given(heap.malloc(size)),
    calloc: (count, size) => given(heap.calloc(count, size)),
    realloc: (ptr, size) => given(heap.realloc(ptr, size)),
    memalign: (alignment, size) => given(heap.memalign(alignment, size)),
    free: (ptr) => heap.free(ptr),
  };
}
