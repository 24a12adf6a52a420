/** stats: the heap's figures. Slabs know how many of their blocks are out; what this thread keeps is not live. */
import { load32 } from "../kernel/intrinsics";
import { HEAP } from "../kernel/memory-map";
import { addressOf } from "../kernel/page";
import { usableIn } from "../kernel/realloc";
import { Heap, Slab } from "../kernel/records";
import { remoteBlocks } from "../kernel/remote-queue";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import { committedBytes } from "../kernel/statistics";
import { virginBlocks } from "../kernel/virgin";
import type { HeapStats } from "./api";
import { cachedBlocks, slabs, threadSlots } from "./heap-walk";
import { endPage } from "./memory";

export function stats(): HeapStats {
  let liveBlocks = 0;
  let liveBytes = 0;
  for (const slab of slabs()) {
    let out = load32(slab + Slab.left) + load32(slab + Slab.rest);
    if (spec.threads > 1) out -= remoteBlocks(load32(slab + Slab.remote));
    const block = spec.headerBytes > 0 ? load32(slab + Slab.next) : load32(slab + Slab.start);
    liveBlocks += out;
    liveBytes += out * usableIn(slab, block);
  }
  if (spec.cacheLast > 0 || spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      for (let c = 1; c <= spec.classCount; c++) {
        const kept = [...cachedBlocks(slot, c)].length + (spec.tlsSll.on ? virginBlocks(slot, c) : 0);
        liveBlocks -= kept;
        liveBytes -= kept * (CLASS_BYTES[c] - spec.headerBytes);
      }
    }
  }
  const figures = {
    reservedBytes: addressOf(endPage),
    committedBytes: committedBytes(),
    peakCommittedBytes: load32(HEAP + Heap.peakCommittedBytes),
    liveBytes,
    liveBlocks,
  };
  if (spec.osStatistics) {
    const superSlabs = {
      created: load32(HEAP + Heap.superSlabsCreated),
      reused: load32(HEAP + Heap.superSlabsReused),
      returned: load32(HEAP + Heap.superSlabsReturned),
    };
    return { ...figures, superSlabs };
  }
  return figures;
}
