/** Heap walk: every slab and every block. */
import { ATTACHED_SLOT } from "../kernel/attach";
import { next } from "../kernel/block";
import { seeGrowth } from "../kernel/growth";
import { load32 } from "../kernel/intrinsics";
import {
  arraysOf,
  firstPage,
  pageOfSlab,
  slabAt,
  THREAD_SLOTS,
  thread,
  usedPages,
} from "../kernel/memory-map";
import { PAGE_SHIFT } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Slab, ThreadSlot } from "../kernel/records";
import { firstRemote } from "../kernel/remote-queue";
import { CLASS_BYTES } from "../kernel/size-class";
import { endOf } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { roundWord } from "../kernel/tiers/magazine";
import { listOf } from "../kernel/tiers/tls-sll";
import { ringWord } from "../kernel/tiers/unified-cache";
import { virginBlocks } from "../kernel/virgin";
import type { Block } from "./api";

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
      if (spec.threads > 1) {
        // A run that a thread was extending when it died ends before the end noted. What continues a run has no start.
        page++;
      } else {
        page = endOfSlab(slab) >>> PAGE_SHIFT;
      }
    }
  }
}

/** Address behind the pages of a slab or of a page block. */
export function endOfSlab(slab: number): number {
  const c = load32(slab + Slab.class);
  return c === 0 ? load32(slab + Slab.carved) : endOf(slab, c);
}

/** The slots of all threads that are attached. */
export function* threadSlots(): Generator<number> {
  if (spec.threads > 1) {
    for (let index = 0; index < spec.threads; index++) {
      const slot = THREAD_SLOTS + index * wordsOf(ThreadSlot);
      if (load32(slot + ThreadSlot.state) >= ATTACHED_SLOT) yield slot;
    }
  } else {
    yield thread;
  }
}

/** The blocks linked from `first` on. */
export function* linked(first: number): Generator<number> {
  for (let block = first; block !== 0; block = next(block)) {
    seeGrowth();
    yield block;
  }
}

/** The blocks of a class that a thread's tiers hold. */
export function* cachedBlocks(slot: number, c: number): Generator<number> {
  if (spec.fast.on) yield* linked(load32(slot + ThreadSlot.fast + c));
  if (spec.tlsSll.on) yield* linked(load32(listOf(slot, c)));
  if (spec.unifiedCache.on) {
    const end = load32(slot + ThreadSlot.ringEnd + c);
    for (let i = load32(slot + ThreadSlot.ringFirst + c); i !== end; i = (i + 1) >>> 0) {
      yield load32(ringWord(arraysOf(slot), c, i));
    }
  }
  if (spec.magazine.on) {
    const rounds = load32(slot + ThreadSlot.rounds + c);
    for (let round = 0; round < rounds; round++) yield load32(roundWord(arraysOf(slot), c, round));
  }
  if (spec.tlsList.on) yield* linked(load32(slot + ThreadSlot.tlsList + c));
}

/** Every block carved so far. */
export function* blocks(): Generator<Block> {
  const cached = new Set<number>();
  if (spec.cacheLast > 0 || spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      for (let c = 1; c <= spec.classCount; c++) {
        for (const block of cachedBlocks(slot, c)) cached.add(block);
      }
    }
  }
  for (const slab of slabs()) {
    const c = load32(slab + Slab.class);
    const start = load32(slab + Slab.start);
    const carved = load32(slab + Slab.carved);
    if (c === 0) {
      const ptr = spec.headerBytes > 0 ? load32(slab + Slab.next) : start;
      yield { ptr, size: carved - ptr, used: true };
      continue;
    }
    const free = new Set(linked(load32(slab + Slab.free)));
    if (spec.threads > 1) {
      for (const block of linked(firstRemote(pageOfSlab(slab), load32(slab + Slab.remote)))) free.add(block);
    }
    const size = CLASS_BYTES[c] - spec.headerBytes;
    const end = carved - virginBytes(slab, c);
    for (let ptr = start + spec.headerBytes; ptr < end; ptr += CLASS_BYTES[c]) {
      yield { ptr, size, used: !free.has(ptr) && !cached.has(ptr) };
    }
  }
}

/** Bytes at the end of the carved part that a thread has not handed out yet. */
function virginBytes(slab: number, c: number): number {
  if (spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      if (slab === load32(slot + ThreadSlot.current + c)) return virginBlocks(slot, c) * CLASS_BYTES[c];
    }
  }
  return 0;
}
