/**
 * Bytes: clearing and copying. Short ranges by a loop, long ones by a bulk operation: that is a
 * call into the engine, which pays from a measured length on. Blocks start at multiples of eight
 * bytes and are as long, so ranges may be rounded up. Nothing is copied as floating-point
 * numbers: those need not keep their bits.
 */
import { copyBytes, load32, store32, zero64, zeroRange64 } from "./intrinsics";
import { spec } from "./spec";
import type { Ptr, Size, Word } from "./types";

export function clearBytes(start: Ptr, size: Size): void {
  let i = start >>> 3;
  const end = (start + size + 7) >>> 3;
  if (spec.fillThreshold === 0 || size >= spec.fillThreshold) {
    if (spec.memory.shared) clearByCopies(i, end);
    else zeroRange64(i, end);
    return;
  }
  while (i + 4 <= end) {
    zero64(i);
    zero64(i + 1);
    zero64(i + 2);
    zero64(i + 3);
    i += 4;
  }
  while (i < end) {
    zero64(i);
    i++;
  }
}

/**
 * Engines fill shared memory word by word, and copy it at once. `from` and `to` count eight
 * bytes.
 */
function clearByCopies(from: number, to: number): void {
  let behind = from + 64 < to ? from + 64 : to;
  zeroRange64(from, behind);
  while (behind < to) {
    const more = behind - from < to - behind ? behind - from : to - behind;
    copyBytes(behind * 8, from * 8, (from + more) * 8);
    behind += more;
  }
}

export function copyBlock(target: Ptr, source: Ptr, size: Size): void {
  if (spec.copyThreshold === 0 || size >= spec.copyThreshold) {
    copyBytes(target, source, source + size);
    return;
  }
  const offset = (target >>> 2) - (source >>> 2);
  const end: Word = (source + size + 3) >>> 2;
  for (let w: Word = source >>> 2; w < end; w++) store32(w + offset, load32(w));
}
