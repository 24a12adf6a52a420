/** check: the invariants of the heap, one by one. */
import { load32 } from "../kernel/intrinsics";
import {
  endSuperSlab,
  firstPage,
  firstSuperSlab,
  HEAP,
  NO_SLAB,
  nextSuperSlab,
  pageOf,
  SUPER_SLAB_PAGES,
  slabOf,
  superSlabOf,
  thread,
} from "../kernel/memory-map";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "../kernel/page";
import { Heap, Slab, SuperSlab, ThreadSlot } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { carvedBlocks } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { HeapCorruptionError } from "./api";
import { endOfSlab, linked, slabs } from "./heap-walk";

/** Walks the heap; throws at the first invariant that does not hold. */
export function check(): void {
  const cached = checkThreadLists();
  const used = new Map<number, number>();
  for (const slab of slabs()) {
    checkSlab(slab, cached.get(slab) ?? 0);
    const end = endOfSlab(slab) >>> PAGE_SHIFT;
    for (let page = load32(slab + Slab.start) >>> PAGE_SHIFT; page < end; page++) {
      const superSlab = superSlabOf(page);
      used.set(superSlab, (used.get(superSlab) ?? 0) + 1);
    }
  }
  checkSuperSlabs(used);
  checkPartialLists();
}

/** Blocks in the thread's lists, by slab. */
function checkThreadLists(): Map<number, number> {
  const cached = new Map<number, number>();
  if (spec.tlsSll.on) {
    for (let c = 1; c <= spec.classCount; c++) {
      const count = checkThreadList(c, cached);
      if (spec.tlsSll.counted) {
        const listed = load32(thread + ThreadSlot.counts + c);
        expect(listed === count, "a thread's list is as long as its count says", 0);
      }
    }
  }
  return cached;
}

/** The length of a class's list. Adds its blocks to their slabs' in `cached`. */
function checkThreadList(c: number, cached: Map<number, number>): number {
  let count = 0;
  for (const block of linked(load32(thread + ThreadSlot.heads + c))) {
    const slab = slabOf(block);
    expect(load32(slab + Slab.class) === c, "a thread's list holds blocks of its class", block);
    const seen = (cached.get(slab) ?? 0) + 1;
    expect(seen <= carvedBlocks(slab, c), "a thread's list holds a block once", block);
    cached.set(slab, seen);
    count++;
  }
  return count;
}

function checkSlab(slab: number, cached: number): void {
  const c = load32(slab + Slab.class);
  const start = load32(slab + Slab.start);
  const end = endOfSlab(slab);
  expect(slabOf(start) === slab, "the page map leads to the slab of a page", start);
  if (c === 0) return;
  for (let page = start; page < end; page += PAGE_BYTES) {
    expect(slabOf(page) === slab, "the page map leads to the slab of a page", page);
  }
  const carved = load32(slab + Slab.carved);
  expect(carved >= start && carved <= end, "a slab is carved inside its pages", start);
  let free = 0;
  for (const block of linked(load32(slab + Slab.free))) {
    const offset = block - start - spec.headerBytes;
    expect(
      block < carved && offset >= 0 && offset % CLASS_BYTES[c] === 0,
      "a slab's list holds its own blocks",
      block,
    );
    expect(++free <= carvedBlocks(slab, c), "a slab's list holds a block once", block);
  }
  const out = load32(slab + Slab.left) + load32(slab + Slab.rest);
  expect(out + free === carvedBlocks(slab, c), "blocks out and blocks free are the blocks carved", start);
  expect(cached <= out, "blocks in threads' lists count as out", start);
}

function checkSuperSlabs(used: Map<number, number>): void {
  let committed = 0;
  let known = 0;
  let empty = 0;
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const page = pageOf(superSlab);
    const own = Math.min(Math.max(firstPage - page, 0), SUPER_SLAB_PAGES);
    const pages = load32(superSlab + SuperSlab.used);
    const touched = load32(superSlab + SuperSlab.touched);
    expect(
      pages === own + (used.get(superSlab) ?? 0),
      "a SuperSlab's pages in use are its slabs'",
      addressOf(page),
    );
    expect(pages <= touched, "pages in use are committed", addressOf(page));
    if (touched !== 0) known++;
    if (pages === 0 && touched !== 0) empty++;
    committed += touched - own;
  }
  expect(committed === load32(HEAP + Heap.committedPages), "committed pages are the SuperSlabs' together", 0);
  expect(known === load32(HEAP + Heap.committedSuperSlabs), "committed SuperSlabs have committed pages", 0);
  const kept = spec.lru.entries > 0 ? load32(HEAP + Heap.lruEntries) : 0;
  expect(empty === kept, "the LRU keeps the empty SuperSlabs", 0);
}

function checkPartialLists(): void {
  for (let c = 1; c <= spec.classCount; c++) {
    const current = load32(thread + ThreadSlot.current + c);
    let previous = 0;
    for (let slab = load32(thread + ThreadSlot.partial + c); slab !== 0; slab = load32(slab + Slab.next)) {
      const start = load32(slab + Slab.start);
      expect(load32(slab + Slab.class) === c, "a partial list holds slabs of its class", start);
      expect(load32(slab + Slab.previous) === previous, "a partial list is linked both ways", start);
      expect(slab !== current, "the current slab is in no list", start);
      expect(load32(slab + Slab.free) !== 0, "a partial slab has free blocks", start);
      previous = slab;
    }
    if (current !== NO_SLAB) {
      expect(
        load32(current + Slab.class) === c,
        "a current slab serves its class",
        load32(current + Slab.start),
      );
    }
  }
}

function expect(holds: boolean, invariant: string, address: number): void {
  if (!holds) throw new HeapCorruptionError(invariant, address);
}
