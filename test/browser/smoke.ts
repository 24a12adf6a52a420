/** A heap of one thread: random calls, each held against the contract. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { HeapModule } from "../support/emitted.ts";
import { Ledger } from "../support/ledger.ts";
import { equal } from "../threads/require.ts";

export function smoke({ createHeap }: HeapModule, { alignShift }: KernelSpec): void {
  const ledger = new Ledger(createHeap({ maxBytes: 32 << 20 }), 1 << alignShift);
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = 0; i < 20_000; i++) {
    const size = below(2 ** below(18));
    const live = [...ledger.live];
    const block = live[below(live.length)];
    if (live.length > 300 || (block !== undefined && below(3) === 0)) ledger.free(block);
    else if (block !== undefined && below(4) === 0) ledger.realloc(block, size + 1);
    else if (below(4) === 0) ledger.calloc(1, size);
    else ledger.malloc(size);
  }
  ledger.audit();
  ledger.freeAll();
  ledger.audit();
  equal("blocks alive", ledger.heap.stats().liveBlocks, 0);
}
