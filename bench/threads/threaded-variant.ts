/**
 * A build under several threads: the heap is made here, and every thread attaches to it. Of a build
 * for one thread each has a heap of its own: nothing is shared then, so what more threads gain is
 * what the machine gives.
 */
import { type Contender, UnfitError } from "../contender.ts";
import { type Build, createHeapFor, heapModule, maxBytesFor } from "../variant.ts";
import { openTeam } from "./team.ts";
import type { ThreadedWorkload } from "./threaded-workload.ts";

export function threadedVariant({ name, code }: Build): Contender<ThreadedWorkload> {
  return {
    name,
    async open(workload) {
      const { createHeap, attachHeap } = await heapModule(code);
      if (attachHeap) return openTeam(workload, { code, handle: createHeapFor(createHeap, workload).handle });
      if (workload.threads > 1 && workload.cells > 0)
        throw new UnfitError("its heap is for one thread (no attachHeap), and blocks change hands");
      return openTeam(workload, { code, maxBytes: maxBytesFor(workload) });
    },
  };
}
