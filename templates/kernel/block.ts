/**
 * Blocks: what the kernel writes into them. A free block's first word links it to the next one.
 */
import { load32, store8, store32 } from "./intrinsics";
import { spec } from "./spec";
import type { ClassIndex, Ptr } from "./types";

/** @inline The free block behind a free block, or 0. */
export function next(block: Ptr): Ptr {
  return load32(block >>> 2);
}

/** @inline */
export function link(block: Ptr, to: Ptr): void {
  store32(block >>> 2, to);
}

/** M5: notes a block's class in the byte before it. */
export function setHeader(block: Ptr, c: ClassIndex): void {
  if (spec.headerBytes > 0) store8(block - 1, c);
}
