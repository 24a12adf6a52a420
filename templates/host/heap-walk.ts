/** Heap walk: every slab, every block, and what is live. */
import { next } from "../kernel/block";
import { load32 } from "../kernel/intrinsics";
import { addressOf, firstPage, HEAP, PAGE_SHIFT, slabAt, thread, usedPages } from "../kernel/memory-map";
import { Heap, Slab, ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { endOf } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { committedBytes } from "../kernel/statistics";
import type { Block, HeapStats } from "./api";
import { endPage } from "./memory";

/** Every slab, page blocks included, by address. A record in use says where its slab starts. */
export function* slabs(): Generator<number> {
  const end = usedPages();
  let page = firstPage;
  while (page < end) {
    const slab = slabAt(page);
    if (load32(slab + Slab.start) === 0) {
      page++;
    } else {
      yield slab;
      page = endOfSlab(slab) >>> PAGE_SHIFT;
    }
  }
}

/** Address behind the pages of a slab or of a page block. */
export function endOfSlab(slab: number): number {
  const c = load32(slab + Slab.class);
  return c === 0 ? load32(slab + Slab.carved) : endOf(slab, c);
}

/** The blocks linked from `first` on. */
export function* linked(first: number): Generator<number> {
  for (let block = first; block !== 0; block = next(block)) yield block;
}

/** Every block carved so far. */
export function* blocks(): Generator<Block> {
  const cached = new Set<number>();
  if (spec.tlsSll.on) {
    for (let c = 1; c <= spec.classCount; c++) {
      for (const block of linked(load32(thread + ThreadSlot.heads + c))) cached.add(block);
    }
  }
  for (const slab of slabs()) {
    const c = load32(slab + Slab.class);
    const start = load32(slab + Slab.start);
    const end = load32(slab + Slab.carved);
    if (c === 0) {
      const ptr = spec.headerBytes > 0 ? load32(slab + Slab.next) : start;
      yield { ptr, size: end - ptr, used: true };
      continue;
    }
    const free = new Set(linked(load32(slab + Slab.free)));
    const size = CLASS_BYTES[c] - spec.headerBytes;
    for (let ptr = start + spec.headerBytes; ptr < end; ptr += CLASS_BYTES[c]) {
      yield { ptr, size, used: !free.has(ptr) && !cached.has(ptr) };
    }
  }
}

export function stats(): HeapStats {
  let liveBytes = 0;
  let liveBlocks = 0;
  for (const block of blocks()) {
    if (block.used) {
      liveBytes += block.size;
      liveBlocks++;
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
