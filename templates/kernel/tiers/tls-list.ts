/**
 * F3, the TLS list: per class a list with a cap; past it, half of the list goes back to each
 * block's own slab.
 */
import { next } from "../block";
import { behindFirst } from "../guards/list-validation";
import { load32, store32, table32 } from "../intrinsics";
import { thread } from "../memory-map";
import { note, SPILLED } from "../observe/trace-ring";
import { ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";
import { drainBehind, drainList, pushFirst, returnList } from "./block-list";

/** Blocks a list may hold, per class; 0: the class has none. */
const TLS_LIST_CAP = table32(spec.tlsList.caps);

/** A block of the class, or 0. */
export function takeFromTlsList(c: ClassIndex): Ptr {
  const block = load32(thread + ThreadSlot.tlsList + c);
  if (block !== 0) {
    store32(thread + ThreadSlot.tlsList + c, behindFirst(c, block));
    store32(thread + ThreadSlot.tlsListCount + c, load32(thread + ThreadSlot.tlsListCount + c) - 1);
  }
  return block;
}

/** Keeps a freed block, if its class has a list; one that is too long by that spills. */
export function keepInTlsList(c: ClassIndex, block: Ptr): boolean {
  const cap = TLS_LIST_CAP[c];
  if (cap === 0) return false;
  const count = load32(thread + ThreadSlot.tlsListCount + c) + 1;
  store32(thread + ThreadSlot.tlsListCount + c, count);
  pushFirst(thread + ThreadSlot.tlsList + c, block);
  // {@when spec.manyThreads} Afterwards: a thread that dies in it has one block in hand, not two.
  // {@end}
  if (count > cap) spill(c, cap >>> 1);
  return true;
}

/** Gives the class's blocks back to their slabs. */
export function drainTlsList(c: ClassIndex): void {
  drainList(thread + ThreadSlot.tlsList + c);
  store32(thread + ThreadSlot.tlsListCount + c, 0);
}

/** The same for a thread that leaves or has died. */
export function returnTlsList(slot: ThreadSlot, c: ClassIndex): void {
  returnList(slot + ThreadSlot.tlsList + c);
  store32(slot + ThreadSlot.tlsListCount + c, 0);
}

/** Sends home what was freed longest ago: all blocks behind the first `keep`. */
function spill(c: ClassIndex, keep: number): void {
  if (keep === 0) {
    drainTlsList(c);
    return;
  }
  let last = load32(thread + ThreadSlot.tlsList + c);
  for (let i = 1; i < keep; i++) last = next(last);
  if (spec.observe.events > 0) note(SPILLED, keep, last);
  store32(thread + ThreadSlot.tlsListCount + c, keep);
  drainBehind(last, TLS_LIST_CAP[c]);
}
