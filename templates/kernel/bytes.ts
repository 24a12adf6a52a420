/**
 * Bytes: clearing and copying. Word loops for short ranges, bulk operations for long ones: a bulk operation
 * costs a call into the engine, which pays from a measured length on. Blocks are whole words long, so
 * ranges may be rounded up to words.
 */
import { copyBytes, fillBytes, load32, store32 } from "./intrinsics";
import { spec } from "./spec";
import type { Ptr, Size } from "./types";

export function clearBytes(start: Ptr, size: Size): void {
  if (size >= spec.fillThreshold) {
    fillBytes(start, start + size, 0);
    return;
  }
  const end = (start + size + 3) >>> 2;
  for (let w = start >>> 2; w < end; w++) store32(w, 0);
}

export function copyBlock(target: Ptr, source: Ptr, size: Size): void {
  if (size >= spec.copyThreshold) {
    copyBytes(target, source, source + size);
    return;
  }
  const offset = (target >>> 2) - (source >>> 2);
  const end = (source + size + 3) >>> 2;
  for (let w = source >>> 2; w < end; w++) store32(w + offset, load32(w));
}
