/** `@thi.ng/malloc`: first fit over linked lists, no alignment on request. */
import { heapContender } from "../contender.ts";
import type { BlockHeap } from "../heap.ts";
import type { Peer } from "./peer.ts";

/** A free takes time linear in the live blocks: beyond so many, one run takes minutes. */
const MOST_LIVE_BLOCKS = 1000;

export const thiNgMalloc: Peer = {
  id: "thi.ng",
  doc: "@thi.ng/malloc, first fit over linked lists, from npm",
  async find() {
    const loaded = await import("@thi.ng/malloc").catch(() => undefined);
    if (!loaded)
      return { unavailable: "not available: install it with npm install --no-save @thi.ng/malloc" };

    const createHeap = (peakLiveBytes: number): BlockHeap => {
      const pool = new loaded.MemPool({ size: 16 * 2 ** 20 + 8 * peakLiveBytes });
      return {
        malloc: (size) => pool.malloc(size),
        calloc: (count, size) => pool.calloc(count * size),
        realloc: (ptr, size) => pool.realloc(ptr, size),
        memalign: (_alignment, size) => pool.malloc(size),
        free: (ptr) => pool.free(ptr),
      };
    };
    return {
      ...heapContender("@thi.ng/malloc", (workload) => createHeap(workload.peakLiveBytes)),
      unfit: ({ peakLiveBlocks }) =>
        peakLiveBlocks > MOST_LIVE_BLOCKS
          ? `its free searches all live blocks, up to ${peakLiveBlocks} here: one run would take minutes`
          : undefined,
    };
  },
};
