/**
 * Properties: what holds after any sequence of operations. fast-check shortens the ones that break
 * it.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOutMetadata } from "../../generator/explain/metadata.ts";
import { Ledger } from "../support/ledger.ts";
import { type Operation, play } from "../support/script.ts";
import { chosenAndTwins, guardedVariants, type Variant } from "../support/variants.ts";

const MiB = 1 << 20;
const RUNS = { numRuns: 25, seed: 20 };

const slot = fc.nat(20);
const size = fc.oneof(
  { weight: 5, arbitrary: fc.nat(400) },
  { weight: 3, arbitrary: fc.nat(40_000) },
  { weight: 1, arbitrary: fc.nat(3 * MiB) },
);
const alignment = fc.nat(20).map((shift) => 2 ** shift);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ call: fc.constant("malloc" as const), slot, size }),
  fc.record({ call: fc.constant("calloc" as const), slot, count: fc.nat(3), size }),
  fc.record({ call: fc.constant("memalign" as const), slot, alignment, size }),
  fc.record({ call: fc.constant("realloc" as const), slot, size }),
  fc.record({ call: fc.constant("free" as const), slot }),
  fc.record({ call: fc.constant("detach" as const) }),
);
const script = fc.array(operation, { maxLength: 60, size: "max" });

/**
 * What an empty heap may have committed: metadata, the SuperSlab it ends in, and what the LRU
 * keeps.
 */
function mostWhenEmpty({ resolved, pageBytes, superSlabBytes }: Variant, fresh: number): number {
  const { entries, pages } = resolved.kernel.lru;
  const kept = Math.min(entries * superSlabBytes, pages * pageBytes);
  // Bounds of a build that is not specialised are wider, and so is its metadata.
  const perSuperSlab = 2 * layOutMetadata(resolved).bytesPerSuperSlab;
  return fresh + superSlabBytes + kept + (entries + 1) * perSuperSlab;
}

describe.each([...chosenAndTwins, ...guardedVariants])("$name", (variant) => {
  test("any script leaves a sound heap, and an emptied heap keeps what its LRU may keep", async () => {
    await fc.assert(
      fc.asyncProperty(script, async (operations) => {
        const heap = await variant.createHeapOf(12 * MiB);
        const fresh = heap.stats().committedBytes;
        const ledger = new Ledger(heap, variant.alignment);
        play(ledger, operations, 20);
        ledger.audit();
        ledger.freeAll();
        heap.detach();
        ledger.audit();
        expect(heap.stats().liveBlocks).toBe(0);
        expect(heap.stats().committedBytes).toBeLessThanOrEqual(mostWhenEmpty(variant, fresh));
      }),
      RUNS,
    );
  });

  test("realloc keeps the bytes that both sizes have", async () => {
    const heap = await variant.createHeapOf(32 * MiB);
    fc.assert(
      fc.property(
        fc.array(
          size.map((bytes) => bytes + 1),
          { minLength: 2, maxLength: 8 },
        ),
        (sizes) => {
          const ledger = new Ledger(heap, variant.alignment);
          let block = ledger.malloc(sizes[0]);
          for (const next of sizes.slice(1)) {
            block = block && ledger.realloc(block, next);
            expect(block, `realloc to ${next}`).toBeDefined();
          }
          ledger.freeAll();
          ledger.audit();
        },
      ),
      RUNS,
    );
  });

  test("memalign keeps its word for every power of two up to 1 MiB", async () => {
    const heap = await variant.createHeapOf(32 * MiB);
    const ledger = new Ledger(heap, variant.alignment);
    for (let power = 1; power <= MiB; power *= 2) {
      for (const bytes of [0, 1, power - 1, power, power + 1, 100, 5000, 70_000]) {
        expect(ledger.memalign(power, bytes), `memalign(${power}, ${bytes})`).toBeDefined();
        // Off the beat, so that alignment does not come by itself.
        ledger.malloc(40);
      }
      ledger.audit();
      ledger.freeAll();
    }
  });

  test("whatever is freed is zero when calloc hands it out again", async () => {
    const heap = await variant.createHeapOf(32 * MiB);
    fc.assert(
      fc.property(fc.array(size, { maxLength: 12 }), (sizes) => {
        const ledger = new Ledger(heap, variant.alignment);
        for (const bytes of sizes) ledger.malloc(bytes);
        ledger.freeAll();
        for (const bytes of sizes) ledger.calloc(1, bytes);
        ledger.freeAll();
        ledger.audit();
      }),
      RUNS,
    );
  });
});
