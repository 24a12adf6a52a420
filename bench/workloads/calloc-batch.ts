import type { LoopSource } from "../fresh-copy.ts";
import type { Workload } from "./workload.ts";

type CallocLoop = (rounds: number, size: number, blocks: Uint32Array) => void;

const callocLoop: LoopSource<CallocLoop> =
  ({ calloc, free }) =>
  (rounds, size, blocks) => {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < blocks.length; i++) blocks[i] = calloc(1, size);
      for (let i = blocks.length - 1; i >= 0; i--) free(blocks[i] as number);
    }
  };

const ROUNDS = 10;

/**
 * M7: zeroed blocks; between the batches all SuperSlabs are empty, so it matters who clears them,
 * and when.
 */
export function callocBatch(bytes: number, batch: number): Workload {
  return {
    id: `M7/${bytes}x${batch}`,
    name: `calloc, ${batch} × ${bytes} B`,
    doc: `${batch} zeroed blocks of ${bytes} bytes are allocated, then freed last in, first out`,
    operations: ROUNDS * batch * 2,
    peakLiveBytes: bytes * batch,
    peakLiveBlocks: batch,
    native: { loop: "calloc", input: [Int32Array.of(ROUNDS, bytes, batch)] },
    prepare(heap, copy) {
      const loop = copy(callocLoop, heap);
      const blocks = new Uint32Array(batch);
      return () => loop(ROUNDS, bytes, blocks);
    },
  };
}
