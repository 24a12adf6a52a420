/** Boundaries: the sizes at which another class, another page or another SuperSlab begins. */
import { describe, expect, test } from "vitest";
import { Ledger } from "../support/ledger.ts";
import { chosenAndTwins, type Variant } from "../support/variants.ts";

const MiB = 1 << 20;

/** Usable bytes of a block above the classes. */
function pagesFor(size: number, { pageBytes, resolved }: Variant): number {
  const { headerBytes } = resolved.kernel;
  return Math.ceil((size + headerBytes) / pageBytes) * pageBytes - headerBytes;
}

describe.each(chosenAndTwins)("$name", (variant) => {
  const largestClass = variant.classSizes.at(-1) as number;

  test("a request gets the smallest class that holds it", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    let below = -1;
    for (const size of variant.classSizes) {
      for (const request of new Set([below + 1, size - 1, size])) {
        expect(ledger.malloc(request)?.usable, `malloc(${request})`).toBe(size);
        expect(ledger.calloc(1, request)?.usable, `calloc(1, ${request})`).toBe(size);
      }
      below = size;
    }
    ledger.audit();
  });

  test("above the classes a block is as many pages as it needs", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    const { pageBytes, superSlabBytes } = variant;
    const multiples = [1, 2, 3, 5, 8, 9, 31, 32, 33].map((pages) => largestClass + pages * pageBytes);
    const superSlabs = [1, 2, 3].map((count) => count * superSlabBytes);
    for (const size of [largestClass + 1, ...multiples, ...superSlabs]) {
      for (const request of [size - 1, size, size + 1].filter((bytes) => bytes > largestClass)) {
        const block = ledger.malloc(request);
        expect(block?.usable, `malloc(${request})`).toBe(pagesFor(request, variant));
        if (request > pageBytes * 64) ledger.audit();
        if (request > MiB && block !== undefined) ledger.free(block);
      }
    }
    ledger.audit();
  });

  test("one block can take the whole heap but for its metadata and the start of a SuperSlab", async () => {
    const bytes = 8 * MiB;
    const heap = await variant.createHeapOf(bytes);
    const empty = heap.stats().committedBytes;
    let fits = 0;
    for (let step = bytes; step >= variant.pageBytes; step /= 2) {
      const ptr = heap.malloc(fits + step);
      if (ptr !== 0) fits += step;
      heap.free(ptr);
    }
    expect(fits).toBeGreaterThanOrEqual(bytes - empty - variant.superSlabBytes - variant.pageBytes);
    const ledger = new Ledger(heap, variant.alignment);
    for (let round = 0; round < 2; round++) {
      const block = ledger.calloc(1, fits);
      expect(block?.usable).toBeGreaterThanOrEqual(fits);
      ledger.audit();
      ledger.freeAll();
    }
    expect(ledger.malloc(bytes)).toBeUndefined();
    ledger.audit();
  });
});
