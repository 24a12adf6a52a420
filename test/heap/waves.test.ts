/**
 * Waves: blocks of one class, of a few, and of one size after the other, in every variant. What is
 * freed serves again.
 */
import { describe, expect, test } from "vitest";
import { mostAtPeak, mostWhenEmpty, requireAtMost } from "../support/footprint.ts";
import { Ledger } from "../support/ledger.ts";
import { type Operation, play } from "../support/script.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";
import { waves } from "../support/waves.ts";

const KiB = 1024;

/** What is alive at once at most, above the classes in whole pages. */
function mostAlive({ classSizes, pageBytes }: Variant, script: readonly Operation[]): number {
  const largest = classSizes.at(-1) as number;
  const bytesOf = (size: number) => (size > largest ? Math.ceil(size / pageBytes + 1) * pageBytes : size);
  const sizes = new Map<number, number>();
  let live = 0;
  let most = 0;
  for (const operation of script) {
    if (operation.call === "detach") continue;
    live -= sizes.get(operation.slot) ?? 0;
    sizes.delete(operation.slot);
    if ("size" in operation) {
      const bytes = bytesOf(operation.size);
      sizes.set(operation.slot, bytes);
      live += bytes;
    }
    most = Math.max(most, live);
  }
  return most;
}

/** Plays a script on a heap of its own, and holds its footprint against what was alive. */
async function surge(variant: Variant, script: readonly Operation[], classes: number, slack: number) {
  const heap = await variant.createHeap();
  const fresh = heap.stats().committedBytes;
  const ledger = new Ledger(heap, variant.alignment);
  const answers = play(ledger, script, 150);
  script.forEach((operation, i) => {
    if ("size" in operation && answers[i] === 0) expect.fail(`operation ${i} found no room`);
  });
  ledger.audit();
  const live = mostAlive(variant, script);
  requireAtMost(`${live} bytes at once`, heap, mostAtPeak(variant, fresh, { live, classes, slack }));
  ledger.freeAll();
  heap.detach();
  ledger.audit();
  expect(heap.stats().committedBytes).toBeLessThanOrEqual(mostWhenEmpty(variant, fresh));
}

describe.each(chosenVariants)("$name", (variant) => {
  const { classSizes, pageBytes, alignment } = variant;
  const largest = classSizes.at(-1) as number;
  const middle = classSizes[classSizes.length >>> 1];
  const header = variant.resolved.kernel.headerBytes;

  test.each([
    ["small", classSizes[0], 300],
    ["of a kilobyte", Math.min(KiB, largest), 180],
    ["of the middle", middle, 120],
    ["of the largest class", largest, 40],
    ["of pages", largest + pageBytes - header, 24],
  ])("one size: %s", async (_, size, most) => {
    await surge(variant, waves(size, [size], most, 5 * most), 2, 1.7);
  });

  test("a few sizes, a wave each", async () => {
    const sizes = [alignment, classSizes[2], middle, largest, largest + 1];
    await surge(variant, waves(7, sizes, 120, 1500), sizes.length, 1.7);
  });

  test("a few sizes, mixed", async () => {
    const sizes = [classSizes[1], classSizes[3], middle, largest];
    await surge(variant, waves(8, sizes, 150, 1200, true), sizes.length, 1.7);
  });

  test("one block of every size in turn needs hardly more than one block", async () => {
    const heap = await variant.createHeap();
    const fresh = heap.stats().committedBytes;
    for (let size = 16; size <= 8 * KiB; size += 16) heap.free(heap.malloc(size));
    // Which classes may keep a slab is the spec's affair: not all of them.
    requireAtMost(
      "one block at a time",
      heap,
      mostAtPeak(variant, fresh, { live: 8 * KiB, classes: 3, slack: 2 }),
    );
    heap.check?.();
  });

  test("every size in turn, twenty blocks of it", async () => {
    const script = classSizes.flatMap((size, which): Operation[] =>
      [...Array(20).keys()].flatMap((i): Operation[] => [
        { call: "malloc", slot: 20 * (which % 2) + i, size },
        ...(i === 19
          ? [...Array(20).keys()].map((j): Operation => ({ call: "free", slot: 20 * ((which + 1) % 2) + j }))
          : []),
      ]),
    );
    await surge(variant, script, 4, 2.5);
  });
});
