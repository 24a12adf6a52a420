/**
 * Growth (M8): a memory that grows is asked for more only when a page is first used.
 *
 * Of many threads each has views of its own, as long as the memory was when it looked last.
 * Metadata lies in front, so all have it; a thread's own slabs it has too, because it looked when
 * it took them. Before it touches a block of a slab that is not its own it looks again:
 * `seeGrowth`. Whoever sees more pages raises `Heap.grownPages` before he puts one to use, so who
 * was passed a block there finds it raised.
 *
 * Two threads that grow the memory at once add up: it is longer than either asked for. Nothing is
 * lost by that, because nobody asks for more before he has looked how long it is; and a thread
 * that was refused, which may be because of that, looks and asks again.
 */
import { endPage, growMemory, isDetached, lookAtMemory, memoryPages } from "../host/memory";
import { atomicCas, atomicLoad, loadRacy32 } from "./intrinsics";
import { HEAP, SUPER_SLAB_PAGES } from "./memory-map";
import { addressOf } from "./page";
import { Heap } from "./records";
import { spec } from "./spec";
import { forgetHint } from "./tiers/tls-hint";
import type { Page } from "./types";

/** Pages that this thread's views show. */
let seenPages: Page = 0;
/**
 * The heap ends before this page, as far as this thread knows: so far the memory refused to grow.
 */
let limit: Page = endPage;

/** @inline The page behind the last one that the heap can have. */
export function heapEnd(): Page {
  return spec.memory.kind === "growable" ? limit : endPage;
}

/**
 * Makes the pages before `page` usable. If the memory refuses to grow so far, the heap ends
 * before `page` from now on.
 */
export function growTo(page: Page): boolean {
  if (page <= seenPages) return true;
  if (spec.threads > 1) look();
  let grown = growOnce(page);
  if (spec.threads > 1) {
    // Another thread that grew the memory meanwhile may be why it refused.
    while (!grown && hasGrown()) grown = growOnce(page);
    noteGrowth();
  }
  if (!grown) limit = Math.max(page - 1, seenPages);
  return grown;
}

/**
 * The memory grows by half of its length at a time, at least by a SuperSlab and at most by what
 * the spec says; or by as little as it has left.
 */
function growOnce(page: Page): boolean {
  const step = Math.max(SUPER_SLAB_PAGES, Math.min(seenPages >>> 1, spec.memory.growPages));
  const ahead = Math.min(seenPages + step, heapEnd());
  return page <= seenPages || (ahead > page && grow(ahead)) || grow(page);
}

/** Whether the memory is longer than this thread has seen. */
function hasGrown(): boolean {
  const before = seenPages;
  look();
  return seenPages > before;
}

/** @inline Whether the memory has the pages before `page`, or has grown by them now. */
export function hasPages(page: Page): boolean {
  return spec.memory.kind !== "growable" || growTo(page);
}

/**
 * Before this thread touches a block that another one may have made: its views reach that far
 * from now on.
 */
export function seeGrowth(): void {
  if (spec.memory.kind === "growable" && spec.threads > 1) {
    // It was raised before the block came here, and what happened before is seen.
    if (loadRacy32(HEAP + Heap.grownPages) > seenPages) {
      look();
      noteGrowth();
    }
  }
}

/**
 * One thread: whether somebody else, a Wasm module say, has grown the memory. Then the buffer was
 * taken from under the views, which show nothing: what is read is undefined. They are renewed,
 * and whoever has read through them begins again. No fast path asks. What they read is no address
 * and no count, so they end where this is asked.
 */
export function haveViewsGone(): boolean {
  if (!spec.viewsMayGo || !isDetached()) return false;
  look();
  if (spec.tlsHint) forgetHint();
  return true;
}

/** Before the heap is looked at as a whole: the views show all of it. */
export function seeMemory(): void {
  if (spec.threads > 1) seeGrowth();
  else haveViewsGone();
}

function grow(page: Page): boolean {
  if (!growMemory(addressOf(page))) return false;
  seenPages = memoryPages();
  return true;
}

function look(): void {
  lookAtMemory();
  seenPages = memoryPages();
}

/**
 * Whoever sees more pages says so before he uses one: the thread that made them may have died
 * before it did.
 */
function noteGrowth(): void {
  let noted = atomicLoad(HEAP + Heap.grownPages);
  while (noted < seenPages) {
    const seen = atomicCas(HEAP + Heap.grownPages, noted, seenPages);
    noted = seen === noted ? seenPages : seen;
  }
}
