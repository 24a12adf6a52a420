import type { Choices } from "./schema.ts";

/** A slab holds at least this many blocks … */
const MIN_BLOCKS = 4;
/** … of at most this size; of larger ones, one may fill a slab. */
const SEVERAL_UP_TO = 8 * 1024;
/** Blocks of which a slab of the usual size holds so many are tiny. */
const TINY_PER_SLAB = 8;
/** At most this share of a slab may be left over behind its last block. */
const TAIL_SHARE = 1 / 16;

/**
 * A slab is at most this share of a SuperSlab: others must find room beside it, and its pages fit a
 * byte.
 */
const SUPER_SLAB_SHARE = 1 / 4;

/**
 * M6: pages of a slab of one class. Tiny blocks get a slab of the usual size; larger ones the
 * fewest pages that hold enough of them and leave little over. Where no number of pages is good,
 * the one that leaves the smallest share over is taken.
 */
export function slabPages(blockBytes: number, geometry: Choices["geometry"]): number {
  const { slabBytes, pageBytes, spans } = geometry;
  if (!spans || blockBytes * TINY_PER_SLAB <= slabBytes) return slabBytes / pageBytes;

  const minBlocks = blockBytes <= SEVERAL_UP_TO ? MIN_BLOCKS : 1;
  const mostPages = largestSlab(geometry) / pageBytes;
  let best = 0;
  let bestTail = Number.POSITIVE_INFINITY;
  for (let pages = Math.ceil((blockBytes * minBlocks) / pageBytes); pages <= mostPages; pages++) {
    const tail = ((pages * pageBytes) % blockBytes) / (pages * pageBytes);
    if (tail <= TAIL_SHARE) return pages;
    if (tail < bestTail) {
      best = pages;
      bestTail = tail;
    }
  }
  return best;
}

/** The most bytes a slab may have. */
export function largestSlab({ superSlabBytes }: Pick<Choices["geometry"], "superSlabBytes">): number {
  return superSlabBytes * SUPER_SLAB_SHARE;
}
