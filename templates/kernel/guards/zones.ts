/**
 * Zones (G3): what lies behind the bytes that a user asked for, up to the end of the block, is
 * filled, and looked at when the block comes back. {@when spec.headerBytes > 0} So is what lies
 * between the block and its header. {@end}
 */
import { load8, load32, store8, store32 } from "../intrinsics";
import { spec } from "../spec";
import type { ClassIndex, Ptr, Word } from "../types";
import { HEADER_DAMAGE, hit, OVERRUN, UNDERRUN } from "./hit";

/** No character, no small number, no address. */
const ZONE_BYTE = 0xfd;
const ZONE_WORD = 0xfdfdfdfd;
/** What freed blocks are filled with: mimalloc's debug builds have the same. */
const POISON_WORD = 0xdfdfdfdf;

/**
 * Fills the zones of a block that holds `end - ptr` bytes, of which the user has those before
 * `from`.
 */
export function fillZones(ptr: Ptr, from: Ptr, end: Ptr): void {
  let at = from;
  while (at < end && (at & 3) !== 0) store8(at++, ZONE_BYTE);
  fillWords(at >>> 2, end >>> 2, ZONE_WORD);
  if (spec.headerBytes > 0) {
    fillWords((ptr - spec.headerBytes) >>> 2, (ptr - 4) >>> 2, ZONE_WORD);
    for (let i = 4; i > 1; i--) store8(ptr - i, ZONE_BYTE);
  }
}

/** Whether the zones are whole; a hit if they are not. */
export function expectZones(ptr: Ptr, from: Ptr, end: Ptr): boolean {
  const over = firstDamaged(from, end);
  if (over < end) {
    hit(OVERRUN, ptr, over);
    return false;
  }
  if (spec.headerBytes > 0) {
    const under = firstDamaged(ptr - spec.headerBytes, ptr - 1);
    if (under < ptr - 1) {
      hit(UNDERRUN, ptr, under);
      return false;
    }
  }
  return true;
}

/** Whether a block's header holds the class of its slab; a hit if it does not. */
export function expectHeader(ptr: Ptr, c: ClassIndex): boolean {
  if (load8(ptr - 1) === c) return true;
  hit(HEADER_DAMAGE, ptr, ptr - 1);
  return false;
}

/** Fills a freed block. */
export function fillPoison(ptr: Ptr, end: Ptr): void {
  fillWords(ptr >>> 2, end >>> 2, POISON_WORD);
}

/** The first word of a freed block that was written since, or `end`. */
export function firstWritten(from: Ptr, end: Ptr): Ptr {
  let w = from >>> 2;
  const behind = end >>> 2;
  while (w < behind && load32(w) === POISON_WORD) w++;
  return w * 4;
}

function fillWords(from: Word, to: Word, word: number): void {
  for (let w = from; w < to; w++) store32(w, word);
}

/** The first byte of a zone that is not as it was filled, or `end`. */
function firstDamaged(from: Ptr, end: Ptr): Ptr {
  let at = from;
  while (at < end && (at & 3) !== 0 && load8(at) === ZONE_BYTE) at++;
  if ((at & 3) === 0) {
    while (at + 4 <= end && load32(at >>> 2) === ZONE_WORD) at += 4;
    while (at < end && load8(at) === ZONE_BYTE) at++;
  }
  return at;
}
