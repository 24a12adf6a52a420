/** check: the invariants of the heap, one by one. */
import { isAsideList } from "../kernel/aside";
import { heapEnd, seeMemory } from "../kernel/growth";
import { load32 } from "../kernel/intrinsics";
import {
  ABANDONED_BOX,
  BASE_PAGE,
  boxSummaryWords,
  endSuperSlab,
  FULL_BITS,
  firstPage,
  firstSuperSlab,
  HEAP,
  KEPT_BITS,
  LIVE_BITS,
  NO_SLAB,
  nextSuperSlab,
  pageBitmap,
  pageOf,
  roomLeaves,
  routeOf,
  SUPER_SLAB_PAGES,
  self,
  slabAt,
  slabOf,
  superSlabOf,
  thread,
  usedSuperSlabs,
} from "../kernel/memory-map";
import { ABANDONED, ASIDE, isFree, LARGE, stateOf, TAIL } from "../kernel/ownership";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "../kernel/page";
import { longestFree } from "../kernel/page-bitmap";
import { isKept, isLive, touchedPages } from "../kernel/pool/superslab-state";
import { wordsOf } from "../kernel/record";
import { Heap, Slab, SuperSlab, ThreadSlot } from "../kernel/records";
import { remoteBlocks } from "../kernel/remote-queue";
import { ROOM_GONE, ROOM_IN_USE, ROOM_KEPT } from "../kernel/rooms";
import { CLASS_BYTES } from "../kernel/size-class";
import { carvedBlocks, isVirgin } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { endIn } from "../kernel/superslab";
import { listOf, routeFor } from "../kernel/tiers/tls-sll";
import { keptBlocks, markFreeBlocks, newMarks } from "./free-blocks";
import { checkStates } from "./guarded-blocks";
import { endOfSlab, linked, slabs, threadSlots, unopenedBlocks } from "./heap-walk";
import { endPage } from "./memory";
import { expect, expectEnd, expectSlab, isSlab } from "./soundness";

/** Walks the heap; throws at the first invariant that does not hold. */
export function check(): void {
  seeMemory();
  expectEnd();
  const kept = keptBlocks();
  const marks = newMarks();
  let behind = 0;
  for (const slab of slabs()) {
    expectSlab(slab);
    behind += checkSlab(slab, marks, kept, behind);
  }
  expect(behind === kept.length, "a thread's list holds blocks of slabs in use", kept[behind]);
  if (spec.threads > 1) checkSharedSuperSlabs();
  else checkSuperSlabs();
  for (const slot of threadSlots()) {
    if (spec.cacheLast > 0 || spec.tlsSll.on) {
      for (let c = 1; c <= spec.classCount; c++) checkCounts(slot, c);
    }
    checkOffers(slot);
  }
  if (spec.threads === 1) checkNoneIsLost();
  if (spec.guards.states) checkStates();
}

/** Lists are as long as their counts say. */
function checkCounts(slot: number, c: number): void {
  if (spec.fast.on) checkCount(slot, c, slot + ThreadSlot.fast + c, slot + ThreadSlot.fastCount + c);
  if (spec.tlsSll.counted) checkCount(slot, c, listOf(slot, c), slot + ThreadSlot.counts + c);
  if (spec.tlsList.on) checkCount(slot, c, slot + ThreadSlot.tlsList + c, slot + ThreadSlot.tlsListCount + c);
}

function checkCount(slot: number, c: number, list: number, count: number): void {
  let blocks = 0;
  for (const _ of linked(load32(list), slot, c)) blocks++;
  expect(blocks === load32(count), "a thread's list is as long as its count says", load32(list));
}

/** Returns how many of the blocks that threads keep, from `kept[from]` on, are the slab's. */
function checkSlab(slab: number, marks: Uint32Array, kept: Uint32Array, from: number): number {
  const c = load32(slab + Slab.class);
  const start = load32(slab + Slab.start);
  const end = endOfSlab(slab);
  checkPage(start, slab, c);
  if (spec.threads > 1) {
    const blocks = c === 0 ? 0 : ((end - start) / CLASS_BYTES[c]) >>> 0;
    expect(load32(slab + Slab.blocks) === blocks, "a slab tells others how many blocks it has", start);
  }
  if (c === 0) return 0;
  for (let page = start; page < end && spec.threads === 1; page += PAGE_BYTES) checkPage(page, slab, c);
  const free = markFreeBlocks(slab, c, marks, kept, from);
  const out = load32(slab + Slab.left) + load32(slab + Slab.rest);
  expect(out + free.own === carvedBlocks(slab, c), "blocks out and blocks free are the blocks carved", start);
  if (spec.threads > 1) {
    const count = remoteBlocks(load32(slab + Slab.remote));
    expect(count === free.remote, "a remote list says how many blocks it holds", start);
  }
  const cached = free.kept + unopenedBlocks(slab, c);
  const what = spec.threads > 1 ? "blocks in threads' lists and in the remote list" : "blocks in lists";
  expect(cached + free.remote <= out, `${what} count as out`, start);
  if (spec.activeTracking) {
    expect(load32(slab + Slab.active) === out - cached, "active blocks are those out and not cached", start);
  }
  return free.kept;
}

/** `page`: its byte address. */
function checkPage(page: number, slab: number, c: number): void {
  expect(slabOf(page) === slab, "a page leads to its slab", page);
  if (spec.routes) {
    const isOwn = spec.threads === 1 || load32(slab + Slab.owner) === self;
    // Blocks of a slab that was set aside go to a list of their own, and may still when it is
    // another thread's.
    const isAside = spec.threads > 1 && spec.pool.handOver && !isOwn && isAsideList(routeOf(page));
    expect(
      isAside || routeOf(page) === (isOwn ? routeFor(slab, c) : 0),
      "a page leads to where its blocks are freed to",
      page,
    );
  }
}

function checkSuperSlabs(): void {
  const used = pagesInUse();
  let committed = 0;
  let known = 0;
  let empty = 0;
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const page = pageOf(superSlab);
    const reserved = Math.min(Math.max(firstPage - page, 0), SUPER_SLAB_PAGES);
    const pages = load32(superSlab + SuperSlab.used);
    const touched = load32(superSlab + SuperSlab.touched);
    expect(
      pages === reserved + (used.get(superSlab) ?? 0),
      "a SuperSlab's pages in use are its slabs'",
      addressOf(page),
    );
    expect(pages <= touched, "pages in use are committed", addressOf(page));
    if (spec.pool.wordSearch) checkRoom(superSlab, pages, touched);
    if (touched !== 0) known++;
    if (pages === 0 && touched !== 0) empty++;
    committed += touched - reserved;
  }
  expect(committed === load32(HEAP + Heap.committedPages), "committed pages are the SuperSlabs' together", 0);
  expect(known === load32(HEAP + Heap.committedSuperSlabs), "committed SuperSlabs have committed pages", 0);
  const kept = spec.lru.entries > 0 ? load32(HEAP + Heap.lruEntries) : 0;
  expect(empty === kept, "empty SuperSlabs are committed while they are kept", 0);
}

/**
 * The trees say where runs fit: in that of its state a SuperSlab has its longest run, and no node
 * has less than below it.
 */
function checkRoom(superSlab: number, pages: number, touched: number): void {
  const from = pageOf(superSlab);
  const tree = pages !== 0 ? ROOM_IN_USE : spec.lru.entries > 0 && touched !== 0 ? ROOM_KEPT : ROOM_GONE;
  const leaf = roomLeaves + (superSlab - firstSuperSlab) / wordsOf(SuperSlab);
  // {@when spec.memory.kind === "growable"} Behind the place where the memory refused to grow
  // nothing is measured anew. {@end}
  const isThere = from < heapEnd();
  const room = isThere ? longestFree(from, endIn(superSlab, heapEnd())) : load32(tree + leaf);
  for (let each = ROOM_IN_USE; each <= ROOM_GONE; each += 2 * roomLeaves) {
    let most = each === tree ? room : 0;
    expect(load32(each + leaf) === most, "a SuperSlab's room is its longest run", addressOf(from));
    for (let node = leaf; node > 1; node >>>= 1) {
      most = Math.max(most, load32(each + (node ^ 1)));
      expect(load32(each + (node >>> 1)) === most, "a node has the larger of its rooms", addressOf(from));
    }
  }
}

/** Pages of each SuperSlab that belong to a slab. */
function pagesInUse(): Map<number, number> {
  const pages = new Map<number, number>();
  for (const slab of slabs()) {
    const end = endOfSlab(slab) >>> PAGE_SHIFT;
    for (let page = load32(slab + Slab.start) >>> PAGE_SHIFT; page < end; page++) {
      const superSlab = superSlabOf(page);
      pages.set(superSlab, (pages.get(superSlab) ?? 0) + 1);
    }
  }
  return pages;
}

/** The words of SuperSlabs and of their slabs agree. */
function checkSharedSuperSlabs(): void {
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    const state = load32(superSlab + SuperSlab.state);
    const from = pageOf(superSlab);
    let inUse = 0;
    let hasFree = false;
    for (let page = Math.max(from, BASE_PAGE); page < Math.min(from + SUPER_SLAB_PAGES, endPage); page++) {
      const slab = slabAt(page);
      const owner = load32(slab + Slab.owner);
      if (isFree(owner)) {
        hasFree = true;
        expect(load32(slab + Slab.start) === 0, "a free slab is not set up", addressOf(page));
        expect(!isMarkedUsed(page), "a free slab can be found", addressOf(page));
      } else {
        inUse++;
        expect(isLive(state), "a SuperSlab with a slab in use is in use", addressOf(page));
        expect(superSlab < usedSuperSlabs(), "walks come to every slab in use", addressOf(page));
        expect(touchedPages(state) > page - from, "a slab in use is committed", addressOf(page));
      }
      if (spec.pool.handOver && stateOf(owner) === ASIDE) {
        expect(
          remoteBlocks(load32(slab + Slab.remote)) !== load32(slab + Slab.blocks),
          "a slab that was set aside is handed over with its last block",
          addressOf(page),
        );
      }
      if (stateOf(owner) === ABANDONED) {
        expect(isBoxed(ABANDONED_BOX, page), "a slab that nobody owns is announced", addressOf(page));
      }
      if (stateOf(owner) === TAIL) {
        const head = load32(slabAt(owner - TAIL) + Slab.owner);
        expect(stateOf(head) === LARGE, "a slab that continues a run has a first one", addressOf(page));
      }
    }
    expect(inUse > 0 || !isLive(state), "a SuperSlab in use has a slab in use", addressOf(from));
    expect(
      !(hasFree && isHinted(FULL_BITS, superSlab)),
      "a SuperSlab with a free slab is not full",
      addressOf(from),
    );
    expect(
      isHinted(LIVE_BITS, superSlab) === isLive(state) && isHinted(KEPT_BITS, superSlab) === isKept(state),
      "hints of a SuperSlab say what its word says",
      addressOf(from),
    );
  }
}

/** G6: SuperSlabs counted as created and not as returned, less those that are in use or kept. */
export function miscountedSuperSlabs(): number {
  let known = 0;
  for (let superSlab = firstSuperSlab; superSlab < endSuperSlab; superSlab = nextSuperSlab(superSlab)) {
    if (touchedPages(load32(superSlab + SuperSlab.state)) !== 0) known++;
  }
  return spec.osStatistics
    ? load32(HEAP + Heap.superSlabsCreated) - load32(HEAP + Heap.superSlabsReturned) - known
    : 0;
}

/** Whether the bit of a SuperSlab is set among the hints of a kind. */
function isHinted(bits: number, superSlab: number): boolean {
  const index = (superSlab - firstSuperSlab) / wordsOf(SuperSlab);
  return ((load32(bits + (index >>> 5)) >>> (index & 31)) & 1) !== 0;
}

/** Whether a page's bit is set in a mailbox, and that of its word. */
function isBoxed(box: number, page: number): boolean {
  const w = page >>> 5;
  const isSet = ((load32(box + boxSummaryWords + w) >>> (page & 31)) & 1) !== 0;
  return isSet && ((load32(box + (w >>> 5)) >>> (w & 31)) & 1) !== 0;
}

function isMarkedUsed(page: number): boolean {
  return ((load32(pageBitmap + (page >>> 5)) >>> (page & 31)) & 1) !== 0;
}

/** The slabs that the thread's refills look at. */
function checkOffers(slot: number): void {
  for (let c = 1; c <= spec.classCount; c++) {
    const current = load32(slot + ThreadSlot.current + c);
    if (spec.refill.hotSlot) checkRemembered(slot + ThreadSlot.hotSlot + c, c, current);
    if (spec.refill.benchSlot) checkRemembered(slot + ThreadSlot.benchSlot + c, c, current);
    checkPartialList(slot + ThreadSlot.partial + c, c, current, false);
    if (spec.slab.waits) checkPartialList(slot + ThreadSlot.waiting + c, c, current, true);
    if (current !== NO_SLAB) {
      expect(
        isSlab(current) && load32(current + Slab.class) === c,
        "a current slab serves its class",
        (slot + ThreadSlot.current + c) * 4,
      );
    }
  }
}

/** A slab that has free blocks is one that refills look at. */
function checkNoneIsLost(): void {
  for (const slab of slabs()) {
    const c = load32(slab + Slab.class);
    const isOffering = c !== 0 && load32(slab + Slab.free) !== 0;
    const start = load32(slab + Slab.start);
    if (isOffering) expect(isOffered(slab, c), "a slab with free blocks is where refills look", start);
  }
}

/** Whether a slab follows another in a list, or is one that the thread's slot names. */
function isOffered(slab: number, c: number): boolean {
  const previous = load32(slab + Slab.previous);
  if (previous !== 0) return isSlab(previous) && load32(previous + Slab.next) === slab;
  return (
    load32(thread + ThreadSlot.current + c) === slab ||
    load32(thread + ThreadSlot.partial + c) === slab ||
    (spec.slab.waits && load32(thread + ThreadSlot.waiting + c) === slab) ||
    (spec.refill.hotSlot && load32(thread + ThreadSlot.hotSlot + c) === slab) ||
    (spec.refill.benchSlot && load32(thread + ThreadSlot.benchSlot + c) === slab)
  );
}

/** Slabs of a class that offer their blocks, or those that wait to. */
function checkPartialList(list: number, c: number, current: number, waits: boolean): void {
  let previous = 0;
  let place = list;
  // A ring ends at the slab it goes back to: that has another one before it.
  for (let slab = load32(place); slab !== 0; slab = load32(place)) {
    expect(isSlab(slab), "a partial list holds slabs in use", place * 4);
    const start = load32(slab + Slab.start);
    expect(load32(slab + Slab.class) === c, "a partial list holds slabs of its class", start);
    expect(load32(slab + Slab.previous) === previous, "a partial list is linked both ways", start);
    expect(slab !== current, "the current slab is in no list", start);
    expect(hasBlocks(slab, c), "a partial slab has free blocks", start);
    expect(waits || load32(slab + Slab.rest) === 0, "a slab that offers its blocks counts every free", start);
    previous = slab;
    place = slab + Slab.next;
  }
}

/** {@when spec.manyThreads} An adopted slab may be offered for its virgin part alone. {@end} */
function hasBlocks(slab: number, c: number): boolean {
  return load32(slab + Slab.free) !== 0 || (spec.threads > 1 && isVirgin(slab, c));
}

/** A slab remembered outside the list (P2{@when spec.refill.benchSlot}, P3{@end}). */
function checkRemembered(place: number, c: number, current: number): void {
  const slab = load32(place);
  if (slab === 0) return;
  expect(isSlab(slab), "a remembered slab is in use", place * 4);
  const start = load32(slab + Slab.start);
  expect(load32(slab + Slab.class) === c && slab !== current, "a remembered slab is one of its class", start);
  expect(load32(slab + Slab.previous) === 0, "a remembered slab is in no list", start);
  expect(hasBlocks(slab, c), "a remembered slab has free blocks", start);
}
