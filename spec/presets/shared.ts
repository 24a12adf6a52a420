import { defineSpec } from "../define-spec.ts";

/** Many workers over one SharedArrayBuffer, tuned for throughput. */
export default defineSpec({
  threads: 16,
  memory: { kind: "SharedArrayBuffer", maxBytes: 256 << 20 },
  geometry: { superSlabBytes: 1 << 20, slabBytes: 64 << 10, pageBytes: 4 << 10 },
  tiers: { tlsSll: { drainEvery: 2048 } },
  refill: { mailbox: true, adopt: true },
  lifetime: { pinning: "generation", reclaim: true },
});
