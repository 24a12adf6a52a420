/**
 * Live sizes: how many blocks of each size a trace holds when it holds most.
 *
 * The weight of a size is the blocks that are live near the peak, not those that are live on the
 * average over time. What a user pays for is `peakCommittedBytes`, and pages that the peak has
 * touched stay committed while the heap keeps them. A phase that needs half of the memory costs
 * nothing, however long it lasts. One moment alone would be an accident, so the counts are averaged
 * over all operations at which nine tenths of the peak are live.
 *
 * tcmalloc and scudo count allocations instead, and choose greedily: scudo's
 * `compute_size_class_config` takes the class that helps most, again and again (LLVM,
 * `compiler-rt/lib/scudo/standalone/tools`), and tcmalloc accepts the next size that wastes an
 * eighth at most.
 */
import { KIND_BITS, KIND_MASK, Kind, type Trace } from "../../../bench/trace.ts";

/** From this share of the peak on, an operation counts. */
const NEAR_PEAK = 0.9;

export interface LiveSizes {
  /** Blocks by size in bytes. Averages, so no whole numbers. */
  readonly blocks: ReadonlyMap<number, number>;
  readonly peakLiveBytes: number;
}

export function liveSizes({ words, operations, ids, peakLiveBytes }: Trace): LiveSizes {
  const sizeOf = new Int32Array(ids).fill(-1);
  const tallies = new Map<number, Tally>();
  const bound = peakLiveBytes * NEAR_PEAK;
  let live = 0;
  /** Operations near the peak so far. */
  let near = 0;
  const tallyOf = (size: number): Tally => {
    let tally = tallies.get(size);
    if (tally === undefined) {
      tally = { blocks: 0, sum: 0, since: near };
      tallies.set(size, tally);
    }
    return tally;
  };
  const change = (size: number, by: number): void => {
    const tally = tallyOf(size);
    tally.sum += tally.blocks * (near - tally.since);
    tally.since = near;
    tally.blocks += by;
  };
  for (let index = 0; index < operations; index++) {
    const id = words[index * 2]! >>> KIND_BITS;
    const size = words[index * 2 + 1]!;
    const before = sizeOf[id]!;
    const isGone = (words[index * 2]! & KIND_MASK) === Kind.free;
    if (before >= 0) change(before, -1);
    if (!isGone) change(size, 1);
    sizeOf[id] = isGone ? -1 : size;
    live += (isGone ? 0 : size) - Math.max(before, 0);
    if (live >= bound) near++;
  }
  const blocks = new Map<number, number>();
  for (const [size, tally] of [...tallies].sort(([a], [b]) => a - b)) {
    change(size, 0);
    if (tally.sum > 0) blocks.set(size, tally.sum / near);
  }
  return { blocks, peakLiveBytes };
}

interface Tally {
  /** Live now. */
  blocks: number;
  /** Of `blocks` over the operations near the peak, up to `since` of them. */
  sum: number;
  since: number;
}
