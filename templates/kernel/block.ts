/** Blocks: what the kernel writes into them. A free block's first word links it to the next one. */
import { load32, store32 } from "./intrinsics";
import type { Ptr } from "./types";

/** @inline The free block behind a free block, or 0. */
export function next(block: Ptr): Ptr {
  return load32(block >>> 2);
}

/** @inline */
export function link(block: Ptr, to: Ptr): void {
  store32(block >>> 2, to);
}
