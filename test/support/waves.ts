/**
 * Waves: scripts that fill a heap with blocks of few sizes and empty it again, in every order and
 * to every degree. Slabs become full, partial, empty and current again and again, which scripts of
 * many sizes seldom bring about.
 */
import { type Operation, randomNumbers } from "./script.ts";

/** How a wave ebbs: which of the live blocks are freed, the oldest one first in the list. */
const EBBS: readonly ((live: readonly number[], random: () => number) => readonly number[])[] = [
  (live) => live,
  (live) => [...live].reverse(),
  (live) => live.slice(1),
  (live) => live.slice(0, -1),
  (live) => live.slice(0, 1),
  (live) => live.filter((_, i) => i % 2 === 0),
  (live, random) => live.filter(() => random() < 0.9),
  (live, random) => live.filter(() => random() < 0.3),
  // One of those allocated last: its slab is the current one, or was a moment ago.
  (live, random) => live.slice(-1 - Math.floor(random() * 40)).slice(0, 1),
  (live, random) => live.slice(-1 - Math.floor(random() * 40)).slice(0, 1),
  (live) => live.slice(0, live.length >>> 1),
  (live) => live.slice(live.length >>> 1),
];

/** `most`: blocks alive at most. In each wave all blocks are of one of the sizes, or of any. */
export function waves(
  seed: number,
  sizes: readonly number[],
  most: number,
  operations: number,
  mixed = false,
): Operation[] {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const script: Operation[] = [];
  let live: number[] = [];
  let slot = 0;
  while (script.length < operations) {
    const ofWave = sizes[below(sizes.length)];
    const highest = below(3) === 0 ? Math.min(40, most - live.length) : most - live.length;
    for (let rise = 1 + below(highest); rise > 0; rise--) {
      const size = mixed ? sizes[below(sizes.length)] : ofWave;
      live.push(slot);
      script.push(
        below(8) === 0
          ? { call: "calloc", slot: slot++, count: 1, size }
          : { call: "malloc", slot: slot++, size },
      );
    }
    const ebb = live.length > most * 0.9 ? EBBS[below(2)] : EBBS[below(EBBS.length)];
    const freed = ebb(live, random);
    for (const each of freed) script.push({ call: "free", slot: each });
    const gone = new Set(freed);
    live = live.filter((each) => !gone.has(each));
  }
  return script;
}
