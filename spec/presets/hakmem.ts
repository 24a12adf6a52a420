import { defineSpec } from "../define-spec.ts";

/**
 * The full historical stack: every tier and refill stage that can stand together. The hot heap
 * serves slabs with no list between and ultra has nothing but its list, so neither can stand beside
 * the others.
 */
export default defineSpec({
  threads: 8,
  memory: { kind: "SharedArrayBuffer", maxBytes: 512 << 20 },
  alignment: 16,
  // The historical classes end at 2,048 bytes; the medium ones behind them (M6) spare a request of
  // 2,049 a page of 64 KiB.
  sizeClasses: [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768],
  geometry: { superSlabBytes: 2 << 20, slabBytes: 64 << 10, pageBytes: 64 << 10, spans: false },
  tiers: {
    fast: { cap: 64 },
    tlsSll: { cap: 256, drainEvery: 2048 },
    unifiedCache: { cap: 64, capFor: { 128: 2048, 256: 2048 } },
    magazine: { rounds: 64 },
    tlsList: { cap: 256 },
    tlsHint: true,
  },
  activeTracking: true,
  refill: { sticky: true, hotSlot: true, benchSlot: true, mailbox: true, adopt: true, mmapGate: {} },
  pool: { stage05: {}, stage1: true },
  lifetime: { pinning: "generation", reclaim: true },
});
