/**
 * What a heap of one thread follows besides what `check()` walks: looked at when an image is
 * opened (N2).
 */
import { load32 } from "../kernel/intrinsics";
import {
  endSuperSlab,
  firstSuperSlab,
  HEAP,
  NO_SLAB,
  nextSuperSlab,
  pageBitmap,
  pageOf,
  SUPER_SLAB_PAGES,
  thread,
} from "../kernel/memory-map";
import { addressOf, PAGE_SHIFT } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Heap, Slab, SuperSlab, ThreadSlot } from "../kernel/records";
import { pagesOfSlab } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import { endOfSlab, slabs } from "./heap-walk";
import { checkVirgin } from "./leftovers";
import { expect, isSlab } from "./soundness";

export function checkHints(): void {
  checkBitmap();
  if (spec.lru.entries > 0) checkLru();
  for (let c = 1; c <= spec.classCount; c++) {
    if (spec.tlsSll.on) checkVirgin(thread, c, load32(thread + ThreadSlot.current + c));
    if (spec.refill.sticky) checkSticky(c);
  }
  if (spec.pool.emptySlabs > 0) checkEmpties();
}

function isSuperSlab(superSlab: number): boolean {
  const isInTable = superSlab >= firstSuperSlab && superSlab < endSuperSlab;
  return isInTable && (superSlab - firstSuperSlab) % wordsOf(SuperSlab) === 0;
}

/**
 * The bits of pages in use: as many as each SuperSlab counts, and among them all of every slab's.
 */
function checkBitmap(): void {
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const from = pageOf(superSlab);
    let marked = 0;
    for (let page = from; page < from + SUPER_SLAB_PAGES; page += 32) {
      for (let bits = load32(pageBitmap + (page >>> 5)); bits !== 0; bits &= bits - 1) marked++;
    }
    expect(marked === load32(superSlab + SuperSlab.used), "pages in use are marked", addressOf(from));
  }
  for (const slab of slabs()) {
    const end = endOfSlab(slab) >>> PAGE_SHIFT;
    for (let page = load32(slab + Slab.start) >>> PAGE_SHIFT; page < end; page++) {
      const bit = (load32(pageBitmap + (page >>> 5)) >>> (page & 31)) & 1;
      expect(bit === 1, "pages in use are marked", addressOf(page));
    }
  }
}

/** Linked both ways, and as many as are counted: so it is no ring. */
function checkLru(): void {
  const left = load32(HEAP + Heap.lruEntries);
  let pages = 0;
  let entries = 0;
  let newer = 0;
  for (let each = load32(HEAP + Heap.lruNewest); each !== 0; each = load32(each + SuperSlab.older)) {
    expect(entries < left && isSuperSlab(each), "the LRU links SuperSlabs", (HEAP + Heap.lruNewest) * 4);
    const isKept = load32(each + SuperSlab.used) === 0 && load32(each + SuperSlab.touched) > 0;
    expect(
      isKept && load32(each + SuperSlab.newer) === newer,
      "the LRU is linked both ways",
      addressOf(pageOf(each)),
    );
    pages += load32(each + SuperSlab.touched);
    entries++;
    newer = each;
  }
  const isWhole = entries === left && newer === load32(HEAP + Heap.lruOldest);
  expect(
    isWhole && pages === load32(HEAP + Heap.lruPages),
    "the LRU counts what it keeps",
    (HEAP + Heap.lruEntries) * 4,
  );
}

function checkSticky(c: number): void {
  const slab = load32(thread + ThreadSlot.sticky + c);
  const isOfClass = slab === 0 || slab === NO_SLAB || (isSlab(slab) && load32(slab + Slab.class) === c);
  expect(isOfClass, "a sticky slab is one of its class", (thread + ThreadSlot.sticky + c) * 4);
}

function checkEmpties(): void {
  const place = (thread + ThreadSlot.empty) * 4;
  const count = load32(thread + ThreadSlot.empties);
  let seen = 0;
  for (let slab = load32(thread + ThreadSlot.empty); slab !== 0; slab = load32(slab + Slab.next)) {
    const isCommon =
      seen < count && isSlab(slab) && pagesOfSlab(load32(slab + Slab.class)) === spec.slab.pages;
    expect(isCommon, "EMPTY slabs are slabs of the common length", place);
    const out = load32(slab + Slab.left) + load32(slab + Slab.rest);
    expect(out === 0 && load32(slab + Slab.free) === 0, "an EMPTY slab is empty", load32(slab + Slab.start));
    seen++;
  }
  expect(seen === count, "EMPTY slabs are as many as are counted", place);
}
