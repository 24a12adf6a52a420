/**
 * W7: a recorded trace, operation by operation, on one thread.
 *
 * The loop reads two words per operation and keeps one address per ID: nothing else is between the
 * calls. Numbers stand for the kinds of `trace.ts`, since a copied loop sees no imports. Addresses
 * lie in a Uint32Array: 10 % quicker than a Float64Array or an ordinary array, and room for 4 GiB.
 * Payloads are not touched; `peers/native/replay.c` does the same.
 */
import type { LoopSource } from "../fresh-copy.ts";
import type { Trace } from "../trace.ts";
import type { Workload } from "./workload.ts";

type ReplayLoop = (words: Int32Array, alignments: Int32Array, addresses: Uint32Array) => void;

const replayLoop: LoopSource<ReplayLoop> =
  ({ malloc, calloc, realloc, memalign, free }) =>
  (words, alignments, addresses) => {
    for (let i = 0; i < words.length; i += 2) {
      const word = words[i] as number;
      const id = word >>> 3;
      switch (word & 7) {
        case 0:
          addresses[id] = malloc(words[i + 1] as number);
          break;
        case 1:
          free(addresses[id] as number);
          break;
        case 2:
          addresses[id] = realloc(addresses[id] as number, words[i + 1] as number);
          break;
        case 3:
          addresses[id] = calloc(1, words[i + 1] as number);
          break;
        default:
          addresses[id] = memalign(alignments[id] as number, words[i + 1] as number);
      }
    }
  };

export function traceReplay(trace: Trace): Workload {
  const { words, alignments, operations, ids } = trace;
  return {
    id: `W7/${trace.name}`,
    name: `trace ${trace.name}`,
    doc: "every call of a recorded program, in order",
    operations,
    peakLiveBytes: trace.peakLiveBytes,
    peakLiveBlocks: trace.peakLiveBlocks,
    native: { loop: "replay", input: [Int32Array.of(operations, ids), alignments, words] },
    prepare(heap, copy) {
      const loop = copy(replayLoop, heap);
      const addresses = new Uint32Array(ids);
      return () => loop(words, alignments, addresses);
    },
  };
}
