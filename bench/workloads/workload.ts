import type { LoopFactory } from "../fresh-copy.ts";
import type { BlockHeap } from "../heap.ts";

/** The loop of `peers/native/` and the words that it reads, one array after the other. */
export interface NativeInput {
  readonly loop: "replay" | "slots" | "batch" | "calloc" | "script" | "clock";
  readonly input: readonly Int32Array[];
}

export interface Workload {
  /** What `--workloads` accepts: the system's id and, after a slash, the parameters. */
  readonly id: string;
  readonly name: string;
  readonly doc: string;
  /** Calls of the allocator in one run. */
  readonly operations: number;
  /** Most bytes that are requested and not yet freed at one time. */
  readonly peakLiveBytes: number;
  /**
   * Most blocks that are live at one time; peers whose calls take time linear in it bow out early.
   */
  readonly peakLiveBlocks: number;
  /** The same work in C. */
  readonly native: NativeInput;
  /** A run that can be repeated; it ends with as many live blocks as it began with. */
  prepare(heap: BlockHeap, copy: LoopFactory): () => void;
}
