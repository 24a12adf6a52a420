/**
 * Linear allocation (M4): the virgin part of the current slab belongs to the thread, which takes
 * block after block by moving an address. Nothing is written into a block before a user has it.
 */
import { setHeader } from "./block";
import { load32, store32 } from "./intrinsics";
import { thread } from "./memory-map";
import { Slab, ThreadSlot } from "./records";
import { CLASS_BYTES } from "./size-class";
import { endOf } from "./slab";
import { spec } from "./spec";
import type { ClassIndex, Ptr } from "./types";

/**
 * Makes the virgin part of the class's new current slab the thread's to take block after block.
 */
export function openVirgin(slab: Slab, c: ClassIndex): void {
  const bytes = CLASS_BYTES[c];
  const start = load32(slab + Slab.carved);
  const blocks = ((endOf(slab, c) - start) / bytes) >>> 0;
  const end = start + blocks * bytes;
  // {@when spec.manyThreads} The end first, the slab last: a thread that dies in between leaves a
  // part that nobody has opened. {@end}
  store32(thread + ThreadSlot.virginEnd + c, end);
  store32(thread + ThreadSlot.virgin + c, start + spec.headerBytes);
  store32(slab + Slab.carved, end);
  store32(slab + Slab.left, load32(slab + Slab.left) + blocks);
}

/** The next block of the virgin part, or 0. */
export function takeVirgin(c: ClassIndex): Ptr {
  const block = load32(thread + ThreadSlot.virgin + c);
  if (block >= load32(thread + ThreadSlot.virginEnd + c)) return 0;
  store32(thread + ThreadSlot.virgin + c, block + CLASS_BYTES[c]);
  setHeader(block, c);
  return block;
}

/** @inline The same, or 0 where virgin parts stay with their slabs: refills carve them. */
export function takeFresh(c: ClassIndex): Ptr {
  return spec.tlsSll.on ? takeVirgin(c) : 0;
}

/** The class's virgin part is used up, and its slab no longer current. */
export function forgetVirgin(c: ClassIndex): void {
  store32(thread + ThreadSlot.virgin + c, 0);
  store32(thread + ThreadSlot.virginEnd + c, 0);
}

/** Blocks of the virgin part that are left. */
export function virginBlocks(slot: ThreadSlot, c: ClassIndex): number {
  const bytes =
    load32(slot + ThreadSlot.virginEnd + c) + spec.headerBytes - load32(slot + ThreadSlot.virgin + c);
  return (bytes / CLASS_BYTES[c]) >>> 0;
}

/** Gives what is left of the virgin part back to its slab. */
export function closeVirgin(slab: Slab, c: ClassIndex): void {
  const blocks = virginBlocks(thread, c);
  store32(slab + Slab.left, load32(slab + Slab.left) - blocks);
  store32(slab + Slab.carved, load32(slab + Slab.carved) - blocks * CLASS_BYTES[c]);
  forgetVirgin(c);
}
