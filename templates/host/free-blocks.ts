/**
 * Free blocks, for who reads the heap: those of one slab at a time are marked, and those that
 * threads keep lie in an array, by address. So what a reader needs is bounded by what a slab and
 * the tiers hold, however many blocks the heap has.
 */
import { next } from "../kernel/block";
import { load32 } from "../kernel/intrinsics";
import { pageOfSlab } from "../kernel/memory-map";
import { addressOf } from "../kernel/page";
import { Slab } from "../kernel/records";
import { firstRemote } from "../kernel/remote-queue";
import { ALIGNMENT, CLASS_BYTES, pagesOfSlab } from "../kernel/size-class";
import { spec } from "../kernel/spec";
import { cachedBlocks, threadSlots } from "./heap-walk";
import { buffer } from "./memory";
import { expect, IN_ONE_PLACE, isBlockIn } from "./soundness";

/** All blocks that threads keep, by address. */
export function keptBlocks(): Uint32Array {
  let kept = new Uint32Array(64);
  let count = 0;
  if (spec.cacheLast > 0 || spec.tlsSll.on) {
    for (const slot of threadSlots()) {
      for (let c = 1; c <= spec.classCount; c++) {
        for (const block of cachedBlocks(slot, c)) {
          if (count === kept.length) {
            // Each list is finite; two that share their blocks are told here at the latest.
            expect(count * ALIGNMENT <= buffer.byteLength, IN_ONE_PLACE, block);
            const longer = new Uint32Array(2 * count);
            longer.set(kept);
            kept = longer;
          }
          kept[count++] = block;
        }
      }
    }
  }
  return kept.subarray(0, count).sort();
}

/** Room for the marks of any slab: a bit for every place where a block may start. */
export function newMarks(): Uint32Array {
  let blocks = 0;
  for (let c = 1; c <= spec.classCount; c++) {
    blocks = Math.max(blocks, addressOf(pagesOfSlab(c)) / CLASS_BYTES[c]);
  }
  return new Uint32Array((blocks >>> 5) + 1);
}

/** Of a slab of a class: how many blocks threads keep, … */
export interface FreeBlocks {
  readonly kept: number;
  /** … lie in its own list, … */
  readonly own: number;
  /** … and in the list of those that others freed. */
  readonly remote: number;
}

/**
 * Marks the free blocks of a slab, those of `kept` from `from` on included. A block that is found
 * twice is damage.
 */
export function markFreeBlocks(
  slab: number,
  c: number,
  marks: Uint32Array,
  kept: Uint32Array,
  from: number,
): FreeBlocks {
  marks.fill(0);
  let behind = from;
  while (behind < kept.length && isBlockIn(slab, c, kept[behind])) markBlock(slab, c, marks, kept[behind++]);
  const own = markList(slab, c, marks, load32(slab + Slab.free), "a slab's list holds its own blocks");
  if (spec.threads > 1) {
    const first = firstRemote(pageOfSlab(slab), load32(slab + Slab.remote));
    const remote = markList(slab, c, marks, first, "a remote list holds its slab's blocks");
    return { kept: behind - from, own, remote };
  } else {
    return { kept: behind - from, own, remote: 0 };
  }
}

/** Whether a block of the slab that was marked last is free. */
export function isMarked(slab: number, c: number, marks: Uint32Array, block: number): boolean {
  const index = indexIn(slab, c, block);
  return ((marks[index >>> 5] >>> (index & 31)) & 1) !== 0;
}

function markList(slab: number, c: number, marks: Uint32Array, first: number, invariant: string): number {
  let blocks = 0;
  for (let block = first; block !== 0; block = next(block)) {
    expect(isBlockIn(slab, c, block), invariant, block);
    markBlock(slab, c, marks, block);
    blocks++;
  }
  return blocks;
}

/** Marks a free block. One that is marked already is damage. */
export function markBlock(slab: number, c: number, marks: Uint32Array, block: number): void {
  expect(!isMarked(slab, c, marks, block), IN_ONE_PLACE, block);
  const index = indexIn(slab, c, block);
  marks[index >>> 5] |= 1 << (index & 31);
}

function indexIn(slab: number, c: number, block: number): number {
  return (block - load32(slab + Slab.start) - spec.headerBytes) / CLASS_BYTES[c];
}
