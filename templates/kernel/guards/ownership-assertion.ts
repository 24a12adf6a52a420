/** Ownership assertion (R4): whoever changes a slab owns it. */
import { loadRacy32 } from "../intrinsics";
import { pageOfSlab, self } from "../memory-map";
import { addressOf } from "../page";
import { Slab } from "../records";
import { FOREIGN_SLAB, hit } from "./hit";

/** Only this thread makes a slab its own, and its own writes it sees: what is read is not stale. */
export function assertOwned(slab: Slab): void {
  if (loadRacy32(slab + Slab.owner) !== self) {
    const start = addressOf(pageOfSlab(slab));
    hit(FOREIGN_SLAB, start, start);
  }
}
