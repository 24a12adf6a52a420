import type { LoopSource } from "../fresh-copy.ts";
import type { Workload } from "./workload.ts";

type BatchLoop = (rounds: number, size: number, blocks: Uint32Array) => void;

const batchLoop: LoopSource<BatchLoop> =
  ({ malloc, free }) =>
  (rounds, size, blocks) => {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < blocks.length; i++) blocks[i] = malloc(size);
      for (let i = blocks.length - 1; i >= 0; i--) free(blocks[i] as number);
    }
  };

const ROUNDS = 1000;

/** W5: one small class, a batch allocated and freed in reverse. */
export function tinyHot(bytes: number, batch: number): Workload {
  return {
    id: `W5/${bytes}x${batch}`,
    name: `tiny hot, ${batch} × ${bytes} B`,
    doc: `${batch} blocks of ${bytes} bytes are allocated, then freed last in, first out`,
    operations: ROUNDS * batch * 2,
    peakLiveBytes: bytes * batch,
    peakLiveBlocks: batch,
    native: { loop: "batch", input: [Int32Array.of(ROUNDS, bytes, batch)] },
    prepare(heap, copy) {
      const loop = copy(batchLoop, heap);
      const blocks = new Uint32Array(batch);
      return () => loop(ROUNDS, bytes, blocks);
    },
  };
}
