/**
 * Staging memory for a GPU, as WebGPU programs have it: uploads at multiples of 256 bytes, each
 * given back when the queue is done with the frame that it belongs to. Frames end in their order,
 * blocks do not: hence a heap, not a ring buffer that a long-lived upload would block.
 */
import type { Heap } from "slabsmith/client";

/** What WebGPU asks of offsets of uniform buffers and of rows of textures. */
const ALIGNMENT = 256;

export interface Upload {
  /** Where it begins in the staging buffer. */
  readonly offset: number;
  /** The bytes to fill. */
  readonly bytes: Uint8Array;
}

export class StagingRing {
  readonly #heap: Heap;
  /** Blocks of the frames in flight, oldest first. */
  readonly #frames: number[][] = [[]];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /**
   * Room for an upload of this frame; undefined where frames in flight hold it all: wait for the
   * oldest.
   */
  stage(byteLength: number): Upload | undefined {
    const offset = this.#heap.memalign(ALIGNMENT, byteLength);
    if (offset === 0) return undefined;
    this.#frames.at(-1)?.push(offset);
    return { offset, bytes: this.#heap.u8.subarray(offset, offset + byteLength) };
  }

  /** The frame is handed to the queue: what is staged now belongs to the next one. */
  submit(): void {
    this.#frames.push([]);
  }

  /** `queue.onSubmittedWorkDone()`: the oldest frame in flight needs its uploads no more. */
  retire(): void {
    if (this.#frames.length < 2) throw new RangeError("no frame is in flight");
    for (const offset of this.#frames.shift() ?? []) this.#heap.free(offset);
  }
}
