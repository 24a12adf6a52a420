/**
 * The loop of W2 and W3: a random slot is freed if it holds a block, else it gets one.
 *
 * Slots and sizes are drawn beforehand, or the generator of random numbers would be measured too;
 * one word holds both. Every slot is visited an even number of times, so each run begins and ends
 * with an empty set.
 */
import type { LoopSource } from "../fresh-copy.ts";
import { xorshift32 } from "./random.ts";
import type { Workload } from "./workload.ts";

type SlotLoop = (visits: Int32Array, slots: Uint32Array) => void;

const slotLoop: LoopSource<SlotLoop> =
  ({ malloc, free }) =>
  (visits, slots) => {
    for (let i = 0; i < visits.length; i++) {
      const visit = visits[i] as number;
      const slot = visit & 0xffff;
      const ptr = slots[slot] as number;
      if (ptr !== 0) {
        free(ptr);
        slots[slot] = 0;
      } else {
        slots[slot] = malloc(visit >>> 16);
      }
    }
  };

/** Long enough that a branch predictor does not learn the sequence by heart. */
const VISITS = 1 << 18;

const SEED = 0x9e3779b9;

interface Draw {
  readonly id: string;
  readonly name: string;
  readonly doc: string;
  /** At most 65,536. */
  readonly slots: number;
  /** A size below 32 KiB from 32 random bits. */
  size(random: number): number;
}

export function randomSlots({ id, name, doc, slots, size }: Draw): Workload {
  const random = xorshift32(SEED);
  const visits: number[] = [];
  const sizes = new Int32Array(slots);
  let peakLiveBytes = 0;
  let peakLiveBlocks = 0;
  let liveBytes = 0;
  let liveBlocks = 0;

  const visit = (slot: number, bytes: number): void => {
    visits.push((bytes << 16) | slot);
    const filled = sizes[slot] === 0;
    liveBytes += filled ? bytes : -(sizes[slot] as number);
    liveBlocks += filled ? 1 : -1;
    sizes[slot] = filled ? bytes : 0;
    peakLiveBytes = Math.max(peakLiveBytes, liveBytes);
    peakLiveBlocks = Math.max(peakLiveBlocks, liveBlocks);
  };
  while (visits.length < VISITS) visit(random() % slots, size(random()));
  for (let slot = 0; slot < slots; slot++) {
    if (sizes[slot] !== 0) visit(slot, 0);
  }

  const stream = Int32Array.from(visits);
  return {
    id,
    name,
    doc,
    operations: stream.length,
    peakLiveBytes,
    peakLiveBlocks,
    native: { loop: "slots", input: [Int32Array.of(stream.length, slots), stream] },
    prepare(heap, copy) {
      const loop = copy(slotLoop, heap);
      const table = new Uint32Array(slots);
      return () => loop(stream, table);
    },
  };
}
