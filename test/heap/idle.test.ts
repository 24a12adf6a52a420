/**
 * Idle memory: it is collected before new pages are touched, and not when none would be; lists are
 * drained when they are to be.
 */
import { describe, expect, test } from "vitest";
import { layoutOf } from "../support/layout.ts";
import { chosenVariants, type Variant } from "../support/variants.ts";

/** Frees blocks of several slabs in turn, takes them again, and says in which order they came. */
async function orderOf(variant: Variant, between: (run: () => number) => void): Promise<number[]> {
  const { pageBytes, classSizes } = variant;
  const heap = await variant.createHeap();
  const largest = classSizes.at(-1) as number;
  const size = classSizes.find((bytes) => bytes >= 250) as number;
  const blocks = Array.from({ length: 60 }, () => heap.malloc(size));
  // Pages that have been touched, and a block behind them, so that their SuperSlab stays in use.
  const run = largest + 2 * pageBytes;
  const room = heap.malloc(3 * (run + 2 * pageBytes));
  heap.malloc(largest + pageBytes);
  heap.free(room);
  for (let i = 0; i < 20; i++) for (const at of [i, i + 20, i + 40]) heap.free(blocks[at]);
  between(() => heap.malloc(run));
  return Array.from({ length: 50 }, () => blocks.indexOf(heap.malloc(size)));
}

describe.each(chosenVariants)("$name", (variant) => {
  test("for pages that were touched before nothing is collected", async () => {
    const undisturbed = await orderOf(variant, () => {});
    const disturbed = await orderOf(variant, (run) => {
      for (let i = 0; i < 3; i++) expect(run()).not.toBe(0);
    });
    expect(disturbed).toEqual(undisturbed);
  });
});

const draining = chosenVariants.filter(({ resolved: { kernel } }) => {
  const { drainEvery, last } = kernel.tlsSll;
  return drainEvery > 0 && drainEvery <= 5000 && last > 0 && !kernel.fast.on && !kernel.listRoutes;
});

test.each(draining)(
  "F2: $name: every so many frees the lists are drained, and not before",
  async (variant) => {
    const { tlsSll, classBytes, headerBytes } = variant.resolved.kernel;
    const heap = await variant.createHeap();
    const { cached } = await layoutOf(variant);
    const c = tlsSll.last;
    // A class whose list may hold a block.
    expect(tlsSll.caps[c]).toBeGreaterThan(0);
    const size = classBytes[c] - headerBytes;
    for (let round = 0; round < 2; round++) {
      for (let free = 1; free <= tlsSll.drainEvery; free++) {
        heap.free(heap.malloc(size));
        if (free >= tlsSll.drainEvery - 1) {
          expect(cached("HEADS", c, heap) === 0, `after ${free} frees`).toBe(free === tlsSll.drainEvery);
        }
      }
    }
    heap.check?.();
  },
);
