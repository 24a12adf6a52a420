/**
 * Accounts: what `stats()` says is what happened, to the byte; and where users' blocks are counted
 * (R5), that is put to use.
 */
import { describe, expect, test } from "vitest";
import { longestSlab } from "../support/footprint.ts";
import { layoutOf } from "../support/layout.ts";
import { Ledger } from "../support/ledger.ts";
import { play, randomScript } from "../support/script.ts";
import { chosenVariants, type Variant, variantOf } from "../support/variants.ts";
import { waves } from "../support/waves.ts";

describe.each(chosenVariants)("$name", (variant) => {
  const { pageBytes, superSlabBytes, classSizes } = variant;
  const { headerBytes } = variant.resolved.kernel;
  const largest = classSizes.at(-1) as number;

  test("committed bytes grow by the pages taken", async () => {
    const heap = await variant.createHeap();
    const pages = Math.ceil((largest + 1 + headerBytes) / pageBytes);
    const superSlabOf = (address: number) => Math.floor(address / superSlabBytes);
    const first = superSlabOf(heap.malloc(pages * pageBytes - headerBytes));
    let { committedBytes } = heap.stats();
    for (const more of [0, 1, 5]) {
      const bytes = (pages + more) * pageBytes - headerBytes;
      const ptr = heap.malloc(bytes);
      expect(ptr).not.toBe(0);
      const { committedBytes: now, peakCommittedBytes } = heap.stats();
      if (superSlabOf(ptr + bytes - 1) === first) expect(now - committedBytes).toBe(bytes + headerBytes);
      expect(peakCommittedBytes).toBe(now);
      committedBytes = now;
    }
    // Another SuperSlab costs its metadata, too.
    expect(heap.malloc(2 * superSlabBytes)).not.toBe(0);
    const grown = heap.stats().committedBytes - committedBytes;
    expect(grown).toBeGreaterThan(2 * superSlabBytes);
    expect(grown).toBeLessThan(3.2 * superSlabBytes);
  });

  test("the peak is the most that was ever committed", async () => {
    const heap = await variant.createHeapOf(6 * superSlabBytes);
    const ledger = new Ledger(heap, variant.alignment);
    let most = heap.stats().committedBytes;
    for (const operation of [
      ...waves(41, [largest, classSizes[3]], 60, 150),
      ...randomScript(42, 90, 8, superSlabBytes).filter(({ call }) => call === "malloc" || call === "free"),
    ]) {
      play(ledger, [operation]);
      most = Math.max(most, heap.stats().committedBytes);
    }
    expect(heap.stats().peakCommittedBytes).toBe(most);
    // No less is committed than is alive, and reserved is what was asked for.
    expect(heap.stats().reservedBytes).toBe(variant.baseBytes + 6 * superSlabBytes);
    ledger.freeAll();
    ledger.auditAccounts();
  });

  test("usable bytes are those of the smallest class, or of the fewest pages", async () => {
    const heap = await variant.createHeap();
    for (let size = 1; size <= largest; size += size < 300 ? 1 : 61) {
      const usable = classSizes.find((bytes) => bytes >= size);
      const ptr = heap.malloc(size);
      expect(heap.usableSize(ptr), `malloc(${size})`).toBe(usable);
      heap.free(ptr);
    }
    for (const size of [largest + 1, largest + pageBytes, 3 * superSlabBytes + 1]) {
      const ptr = heap.malloc(size);
      expect(heap.usableSize(ptr), `malloc(${size})`).toBe(
        Math.ceil((size + headerBytes) / pageBytes) * pageBytes - headerBytes,
      );
      heap.free(ptr);
    }
    expect(heap.stats().liveBytes).toBe(0);
  });
});

const counting = chosenVariants.filter(({ resolved }) => resolved.kernel.activeTracking);

describe.each(counting)("R5: $name", (variant) => {
  test("a slab whose blocks all lie in caches serves another class before new pages are touched", async () => {
    const heap = await variant.createHeap();
    const sizes = variant.classSizes.filter((size) => size >= 64);
    for (let round = 0; round < 2; round++) {
      for (const size of sizes) heap.free(heap.malloc(size));
      heap.check?.();
    }
    const before = heap.stats().peakCommittedBytes;
    const fresh = (await variant.createHeap()).stats().committedBytes;
    expect(before - fresh).toBeLessThan(4 * longestSlab(variant) + variant.superSlabBytes / 16);
  });

  test("while users hold a block of every slab nothing is drained in vain", async () => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    for (const size of variant.classSizes) {
      const [kept, freed] = [ledger.malloc(size), ledger.malloc(size)];
      expect(kept).toBeDefined();
      if (freed !== undefined) ledger.free(freed);
    }
    ledger.audit();
    ledger.freeAll();
    ledger.auditAccounts();
  });
});

const magazines = (["magazine", "shared-unannounced"] as const).map(variantOf);

test.each(magazines.filter(({ resolved }: Variant) => !resolved.kernel.tlsSll.on))(
  "F4: $name: a magazine is filled by half from what was freed into the current slab",
  async (variant) => {
    const { magazine, classBytes, headerBytes } = variant.resolved.kernel;
    const c = magazine.rounds.findIndex((rounds) => rounds > 1);
    const heap = await variant.createHeap();
    const size = classBytes[c] - headerBytes;
    const most = magazine.rounds[c];
    const blocks = Array.from({ length: 4 * most }, () => heap.malloc(size));
    for (const ptr of blocks) heap.free(ptr);
    // Past the magazine's length blocks went home; take all that is left in it, and one more.
    const { cached } = await layoutOf(variant);
    while (cached("ROUNDS", c, heap) > 0) heap.malloc(size);
    expect(heap.malloc(size)).not.toBe(0);
    expect(cached("ROUNDS", c, heap)).toBe(((most + 1) >>> 1) - 1);
    heap.check?.();
  },
);
