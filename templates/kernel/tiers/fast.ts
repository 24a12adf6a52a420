/** F1, the fast tier: per class a list of freed blocks, with a cap. A class of cap 0 has none. */
import { behindFirst } from "../guards/list-validation";
import { load32, store32, table32 } from "../intrinsics";
import { thread } from "../memory-map";
import { ThreadSlot } from "../records";
import { spec } from "../spec";
import type { ClassIndex, Ptr } from "../types";
import { drainList, pushFirst, returnList } from "./block-list";

/** Blocks the tier may hold, per class. */
const FAST_CAP = table32(spec.fast.caps);

/** A block of the class, or 0. */
export function takeFast(c: ClassIndex): Ptr {
  const block = load32(thread + ThreadSlot.fast + c);
  if (block !== 0) {
    store32(thread + ThreadSlot.fast + c, behindFirst(c, block));
    store32(thread + ThreadSlot.fastCount + c, load32(thread + ThreadSlot.fastCount + c) - 1);
  }
  return block;
}

/** Keeps a freed block, unless there are enough of them. */
export function keepFast(c: ClassIndex, block: Ptr): boolean {
  const count = load32(thread + ThreadSlot.fastCount + c);
  if (count >= FAST_CAP[c]) return false;
  store32(thread + ThreadSlot.fastCount + c, count + 1);
  pushFirst(thread + ThreadSlot.fast + c, block);
  return true;
}

/** Gives the class's blocks back to their slabs. */
export function drainFast(c: ClassIndex): void {
  drainList(thread + ThreadSlot.fast + c);
  store32(thread + ThreadSlot.fastCount + c, 0);
}

/** The same for a thread that leaves or has died. */
export function returnFast(slot: ThreadSlot, c: ClassIndex): void {
  returnList(slot + ThreadSlot.fast + c);
  store32(slot + ThreadSlot.fastCount + c, 0);
}
