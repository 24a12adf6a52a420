/**
 * Rooms: where a run of free pages fits, found in a bounded number of steps however many
 * SuperSlabs there are.
 *
 * For each state of a SuperSlab there is a tournament tree over all of them. A leaf holds the
 * longest run of free pages of a SuperSlab in that state, and 0 for the others; a node holds the
 * larger of its two. So the way from the root to the first leaf by address with enough room is as
 * long as the tree is high.
 */
import { load32, store32 } from "./intrinsics";
import { firstSuperSlab, roomLeaves, rooms } from "./memory-map";
import { wordsOf } from "./record";
import { SuperSlab } from "./records";
import type { Word } from "./types";

/** Tree of the SuperSlabs in use, */
export const ROOM_IN_USE: Word = rooms;
/** of the empty ones that are kept, */
export const ROOM_KEPT: Word = ROOM_IN_USE + 2 * roomLeaves;
/** of those that are not committed: never used, or given back to the memory. */
export const ROOM_GONE: Word = ROOM_KEPT + 2 * roomLeaves;

/** Says how long the longest run of a SuperSlab is; 0: it is in another state. */
export function setRoom(tree: Word, superSlab: SuperSlab, pages: number): void {
  let node = roomLeaves + (superSlab - firstSuperSlab) / wordsOf(SuperSlab);
  store32(tree + node, pages);
  let most = pages;
  // Bound: the height of the tree, 12 at most.
  while (node > 1) {
    const other = load32(tree + (node ^ 1));
    if (other > most) most = other;
    node >>>= 1;
    if (load32(tree + node) === most) return;
    store32(tree + node, most);
  }
}

/** No SuperSlab has room: whoever lays out a heap, or opens one, says how much each has. */
export function clearRooms(): void {
  for (let w = rooms; w < rooms + 6 * roomLeaves; w++) store32(w, 0);
}

/** The first SuperSlab by address that has a run of so many pages, or 0. */
export function findRoom(tree: Word, pages: number): SuperSlab {
  if (load32(tree + 1) < pages) return 0;
  let node = 1;
  while (node < roomLeaves) {
    node *= 2;
    if (load32(tree + node) < pages) node++;
  }
  return firstSuperSlab + (node - roomLeaves) * wordsOf(SuperSlab);
}
