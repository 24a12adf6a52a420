import { defineSpec } from "../define-spec.ts";

/** Many workers over one SharedArrayBuffer, tuned for throughput. */
export default defineSpec({
  threads: 16,
  memory: { kind: "SharedArrayBuffer", maxBytes: 256 << 20 },
  sizeClasses: { last: 16 << 10, stepsPerDoubling: 8 },
  geometry: { superSlabBytes: 1 << 20, slabBytes: 32 << 10, pageBytes: 32 << 10, spans: false },
  tiers: { tlsSll: { from: 65 } },
  pool: { stage05: false },
  refill: { mailbox: true, adopt: true },
  bulk: { fillFrom: 4096 },
  lifetime: { pinning: "generation", reclaim: true },
});
