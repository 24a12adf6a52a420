/** Exhaustion: a full heap says 0, loses nothing, and works on as soon as something is freed. */
import { describe, expect, test } from "vitest";
import { Ledger, type LiveBlock } from "../support/ledger.ts";
import { chosenAndTwins, twinOf, variantOf } from "../support/variants.ts";

const MiB = 1 << 20;
const HEAP_BYTES = 3 * MiB;

const mixes: [name: string, sizes: number[]][] = [
  ["small blocks", [400]],
  ["medium blocks", [5000]],
  ["page runs", [40_000]],
  ["long runs", [300_000]],
  ["a mix", [48, 3000, 700, 70_000, 1500, 20_000]],
];

/** Allocates the sizes in turn until the heap is full for each. */
function fill(ledger: Ledger, sizes: readonly number[]): LiveBlock[] {
  const blocks: LiveBlock[] = [];
  let open = [...sizes];
  while (open.length > 0) {
    open = open.filter((size) => {
      const block = ledger.malloc(size);
      if (block !== undefined) blocks.push(block);
      return block !== undefined;
    });
  }
  return blocks;
}

const bytesOf = (blocks: readonly LiveBlock[]) => blocks.reduce((sum, { usable }) => sum + usable, 0);

describe.each(chosenAndTwins)("$name", (variant) => {
  const roundUp = (size: number) => Math.ceil(size / variant.pageBytes) * variant.pageBytes;

  test.each(mixes)("full of %s", async (_, sizes) => {
    const heap = await variant.createHeapOf(HEAP_BYTES);
    const ledger = new Ledger(heap, variant.alignment);
    const first = fill(ledger, sizes);
    ledger.audit();

    const oversize = [HEAP_BYTES, variant.baseBytes + 2 * HEAP_BYTES, 2 ** 32 - 1];
    for (const size of oversize) expect(heap.malloc(size)).toBe(0);
    // Every class and length is exhausted: the block stays what it was, which the ledger looks at.
    for (const block of first.slice(0, 3)) expect(ledger.realloc(block, HEAP_BYTES)).toBeUndefined();
    ledger.audit();

    // One block's room serves the next request of its size.
    for (const at of [0, first.length >>> 1, first.length - 1]) {
      const victim = [...ledger.live][at];
      ledger.free(victim);
      expect(ledger.malloc(victim.size), `malloc(${victim.size}) after a free`).toBeDefined();
    }
    ledger.audit();

    // Every second block leaves holes, and the heap can be filled up again.
    const before = bytesOf([...ledger.live]);
    [...ledger.live].forEach((block, index) => {
      if (index % 2 === 0) ledger.free(block);
    });
    ledger.auditAccounts();
    fill(ledger, sizes);
    // One block may not find a hole of its length: where runs lie depends on which SuperSlabs are
    // in use.
    const longest = Math.max(...sizes.map(roundUp));
    expect(bytesOf([...ledger.live])).toBeGreaterThanOrEqual(Math.min(before * 0.95, before - longest));
    ledger.audit();

    ledger.freeAll();
    ledger.audit();
    const all = bytesOf(first);
    expect(bytesOf(fill(ledger, sizes))).toBeGreaterThanOrEqual(Math.min(all * 0.99, all - longest));
    ledger.audit();
  });

  test("what one class has emptied, any other can have", async () => {
    const heap = await variant.createHeapOf(4 * variant.superSlabBytes + MiB);
    const ledger = new Ledger(heap, variant.alignment);
    const sizes = [1000, 200_000, 9000, 300, 30_000];
    const alone = new Map<number, number>();
    for (const size of sizes) {
      const fresh = new Ledger(
        await variant.createHeapOf(4 * variant.superSlabBytes + MiB),
        variant.alignment,
      );
      alone.set(size, fill(fresh, [size]).length);
    }
    for (const size of [...sizes, ...sizes]) {
      // Runs may have to make room for an idle slab in their middle; of long ones few fit, and each
      // counts.
      const most = alone.get(size) as number;
      const least = Math.min(Math.floor(most * 0.95), most - 3);
      expect(fill(ledger, [size]).length, `blocks of ${size}`).toBeGreaterThanOrEqual(least);
      ledger.auditAccounts();
      ledger.freeAll();
    }
    ledger.audit();
  });

  test("free neighbours become one run", async () => {
    const heap = await variant.createHeapOf(HEAP_BYTES);
    const ledger = new Ledger(heap, variant.alignment);
    const { headerBytes } = variant.resolved.kernel;
    const blocks = fill(ledger, [variant.superSlabBytes / 16]).sort((one, two) => one.ptr - two.ptr);
    const at = blocks.findIndex(
      ({ ptr, usable }, i) => i > 2 && ptr + usable + headerBytes === blocks[i + 1]?.ptr,
    );
    const [left, right] = [blocks[at], blocks[at + 1]];
    const both = left.usable + headerBytes + right.usable;
    expect(ledger.malloc(both)).toBeUndefined();
    ledger.free(right);
    ledger.free(left);
    expect(ledger.malloc(both)?.ptr).toBe(left.ptr);
    ledger.audit();
  });
});

const oneBlockPerSlab = variantOf("one-block-per-slab");
const reused = [oneBlockPerSlab, twinOf(oneBlockPerSlab)];

test.each(reused)(
  "$name: a slab that went from one class to another through the EMPTY ones is in no list",
  async (variant) => {
    const heap = await variant.createHeap();
    const ledger = new Ledger(heap, variant.alignment);
    const { slabBytes } = variant.resolved.spec.geometry;
    const perSlab = 16;
    const blocks = Array.from({ length: 6 * perSlab }, () => ledger.malloc(slabBytes / perSlab) as LiveBlock);
    const free = (slab: number, from: number, to = perSlab) => {
      for (const block of blocks.slice(slab * perSlab + from, slab * perSlab + to)) ledger.free(block);
    };
    free(0, 0);
    // Three slabs with blocks to offer, linked; then the one in their middle becomes EMPTY too.
    for (const slab of [3, 1, 2]) free(slab, 0, 2);
    free(1, 2);
    ledger.audit();
    // Both EMPTY slabs go to a class of one block per slab; the first comes back.
    const [first, second] = [ledger.malloc(slabBytes), ledger.malloc(slabBytes)];
    expect([first?.ptr, second?.ptr]).toEqual([blocks[perSlab].ptr, blocks[0].ptr]);
    ledger.free(first as LiveBlock);
    ledger.audit();
  },
);
