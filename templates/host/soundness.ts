/**
 * Soundness: what a reader of the heap must know of a word before it follows it. Any bytes may
 * lie in a damaged heap; who reads it ends all the same, because no link is followed that leads
 * outside of a slab's blocks, and no end is believed that does not lie in the memory.
 */
import { load32 } from "../kernel/intrinsics";
import {
  endSuperSlab,
  firstPage,
  firstSuperSlab,
  HEAP,
  pageOfSlab,
  slabOf,
  usedSuperSlabs,
} from "../kernel/memory-map";
import { addressOf, PAGE_BYTES, PAGE_SHIFT } from "../kernel/page";
import { wordsOf } from "../kernel/record";
import { Heap, Slab, SuperSlab } from "../kernel/records";
import { CLASS_BYTES } from "../kernel/size-class";
import { endOf } from "../kernel/slab";
import { spec } from "../kernel/spec";
import { HeapCorruptionError } from "./api";
import { buffer, endPage } from "./memory";

export const IN_ONE_PLACE = "a free block is in one place";

export function expect(holds: boolean, invariant: string, address: number): void {
  if (!holds) throw new HeapCorruptionError(invariant, address);
}

/** The mark that says how far walks go. */
export function expectEnd(): void {
  const end = usedSuperSlabs();
  expect(
    end >= firstSuperSlab && end <= endSuperSlab && (end - firstSuperSlab) % wordsOf(SuperSlab) === 0,
    "the end of what was ever in use is a SuperSlab's",
    (HEAP + Heap.usedTo) * 4,
  );
}

/** A record of this page says that a slab starts here: it is one that a reader can use. */
export function expectSlab(slab: number): void {
  const flaw = flawOf(slab);
  expect(flaw === "", flaw, addressOf(pageOfSlab(slab)));
}

/** Whether a word of the heap names a slab. */
export function isSlab(slab: number): boolean {
  const page = pageOfSlab(slab);
  return Number.isInteger(page) && page >= firstPage && page < endPage && flawOf(slab) === "";
}

/** What a slab whose record lies where there is one breaks, or nothing. */
function flawOf(slab: number): string {
  const start = load32(slab + Slab.start);
  const c = load32(slab + Slab.class);
  const carved = load32(slab + Slab.carved);
  const limit = Math.min(addressOf(endPage), buffer.byteLength);
  if (start !== addressOf(pageOfSlab(slab))) return "a slab starts at its own page";
  if (c > spec.classCount) return "a slab serves a class that there is";
  if (c === 0) {
    if (carved <= start || carved > limit || carved % PAGE_BYTES !== 0)
      return "a page block ends behind a page of the memory";
    if (spec.headerBytes > 0) {
      const block = load32(slab + Slab.next);
      if (block <= start || block >= carved) return "a page block starts in its own pages";
    }
    return "";
  }
  if (endOf(slab, c) > limit) return "a slab lies in the memory";
  return carved < start || carved > endOf(slab, c) ? "a slab is carved inside its pages" : "";
}

/** Whether a block of a class that a slab serves starts at an address, and was carved. */
export function isBlockIn(slab: number, c: number, block: number): boolean {
  const offset = block - load32(slab + Slab.start) - spec.headerBytes;
  return offset >= 0 && block < load32(slab + Slab.carved) && offset % CLASS_BYTES[c] === 0;
}

/** Whether a block of a class starts at an address of the heap, any. */
export function isBlockOf(c: number, block: number): boolean {
  const page = block >>> PAGE_SHIFT;
  if (page < firstPage || page >= endPage) return false;
  const slab = slabOf(block);
  return isSlab(slab) && load32(slab + Slab.class) === c && isBlockIn(slab, c, block);
}
