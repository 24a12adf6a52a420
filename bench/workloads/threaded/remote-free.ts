/**
 * W8: the matrix r0, r50, r90. Each thread allocates mixed sizes; with 0, 50 or 90 per cent
 * probability a block is freed by the next thread, else by its own. Blocks live until 64 later ones
 * were allocated, and go over in batches.
 */
import type { Parcel, ScriptWriter } from "../../threads/script.ts";
import type { Description } from "../../threads/threaded-workload.ts";
import { xorshift32 } from "../random.ts";

const BATCH = 64;
const BATCHES = 1024;
/** The next thread's batches are taken this many batches later, so that nobody waits for long. */
const LAG = 4;

export function remoteFree(percent: number): Description {
  return {
    id: `W8/r${percent}`,
    name: `${percent} % freed by the next thread`,
    doc: `mixed sizes of 16 … 1039 B; ${percent} % of the blocks are freed by the next thread`,
    write(threads) {
      const randoms = threads.map((_, index) => xorshift32(index + 1));
      const sent: Parcel[][] = [];
      const takeFrom = (batch: number): void => {
        sent[batch]?.forEach((parcel, index) => {
          const next = threads[(index + 1) % threads.length] as ScriptWriter;
          const slots = Array.from({ length: parcel.blocks }, (_, block) => BATCH + block);
          next.take(parcel, slots);
          for (const slot of slots) next.free(slot);
        });
      };
      for (let batch = 0; batch < BATCHES; batch++) {
        sent.push(threads.map((thread, index) => oneBatch(thread, randoms[index] as () => number, percent)));
        takeFrom(batch - LAG);
      }
      for (let batch = BATCHES - LAG; batch < BATCHES; batch++) takeFrom(batch);
    },
  };
}

/** Allocates a batch and frees the part that stays; the other part is in the parcel. */
function oneBatch(thread: ScriptWriter, random: () => number, percent: number): Parcel {
  const leaving: number[] = [];
  const staying: number[] = [];
  for (let slot = 0; slot < BATCH; slot++) {
    thread.malloc(slot, 16 + (random() >>> 22));
    (random() % 100 < percent ? leaving : staying).push(slot);
  }
  for (const slot of staying) thread.free(slot);
  return thread.give(leaving);
}
