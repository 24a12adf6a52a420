/** Used ranges (N2): which parts of the memory an image must hold. */
import { seeMemory } from "../kernel/growth";
import { load32 } from "../kernel/intrinsics";
import { blockStates, firstPage, HEAP, NO_SLAB, pageEntry, slabAt, usedPages } from "../kernel/memory-map";
import { addressOf } from "../kernel/page";
import { Slab, ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import { forgetHint } from "../kernel/tiers/tls-hint";
import { virginBlocks } from "../kernel/virgin";
import type { UsedRanges } from "./api";
import { slabs, threadSlots } from "./heap-walk";
import { buffer, endPage, heapMemory } from "./memory";

export function usedRanges(): UsedRanges {
  seeMemory();
  const used = usedPages();
  const end = used > firstPage ? used : firstPage;
  const ranges: number[] = [];
  const add = (from: number, to: number) => {
    if (ranges[ranges.length - 1] === from) ranges[ranges.length - 1] = to;
    else if (from < to) ranges.push(from, to);
  };
  // Of the tables with an entry per page, that part which was ever written.
  if (spec.threads > 1) {
    add(HEAP * 4, slabAt(end) * 4);
  } else {
    add(HEAP * 4, pageEntry(end) * 4);
    add(pageEntry(endPage) * 4, slabAt(end) * 4);
  }
  if (spec.guards.states) {
    const states = (page: number) => (blockStates + (addressOf(page) >>> spec.alignShift)) * 4;
    add(states(firstPage), states(end));
  }
  const untaken = untakenBytes();
  for (const slab of slabs()) {
    const carved = load32(slab + Slab.carved);
    add(load32(slab + Slab.start), carved - (untaken.get(slab) ?? 0));
  }
  // What an image is put back over may have this slab no more.
  if (spec.tlsHint) forgetHint();
  return {
    ranges: Uint32Array.from(ranges),
    end: Math.min(addressOf(end), buffer.byteLength),
    memory: heapMemory(),
    maxBytes: addressOf(endPage),
  };
}

/** Bytes at the end of current slabs' carved parts that their threads have not handed out yet. */
function untakenBytes(): Map<number, number> {
  const bytes = new Map<number, number>();
  if (spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      for (let c = 1; c <= spec.classCount; c++) {
        const slab = load32(slot + ThreadSlot.current + c);
        if (slab !== NO_SLAB) bytes.set(slab, virginBlocks(slot, c) * CLASS_BYTES[c]);
      }
    }
  }
  return bytes;
}
