/**
 * `slabsmith/adapters/thi-ng-malloc`: the pool behaves as `@thi.ng/malloc`'s own does, addresses
 * apart.
 */
import { type IMemPool, MemPool } from "@thi.ng/malloc";
import { expect, test } from "vitest";
import { createHeap } from "../../generated/single/allocator.ts";
import { memPool } from "../../templates/adapters/thi-ng-malloc.ts";
import { randomNumbers } from "../support/script.ts";

const TYPES = ["u8", "u8c", "i8", "u16", "i16", "u32", "i32", "f32", "f64"] as const;
type PoolArray = Float64Array<ArrayBufferLike>;

const ours = () => {
  const heap = createHeap({ maxBytes: 16 << 20 });
  const pool = memPool(heap);
  return { heap, pool };
};

test("random calls: both pools answer the same", () => {
  const { heap, pool } = ours();
  const theirs = new MemPool({ size: 16 << 20 });
  const random = randomNumbers(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const held: [PoolArray, PoolArray][] = [];
  const same = ([a, b]: [PoolArray, PoolArray]) => {
    expect(a.constructor).toBe(b.constructor);
    expect([...a]).toEqual([...b]);
  };
  for (let call = 0; call < 4000; call++) {
    const choice = below(10);
    const index = below(held.length);
    const pair = held[index];
    if (choice < 4 || pair === undefined) {
      const [type, num, fill] = [TYPES[below(TYPES.length)] as "f64", 1 + below(40), below(100)];
      const made = [pool.callocAs(type, num, fill), theirs.callocAs(type, num, fill)] as [
        PoolArray,
        PoolArray,
      ];
      same(made);
      held.push(made);
    } else if (choice < 6) {
      const num = Math.max(1, below(pair[0].length * 2));
      const kept = Math.min(num, pair[0].length);
      const before = [...pair[0].subarray(0, kept)];
      const [a, b] = [pool.reallocArray(pair[0], num), theirs.reallocArray(pair[1], num)];
      expect([...(a as PoolArray).subarray(0, kept)]).toEqual(before);
      // What is behind the old elements is anything.
      for (const array of [a, b]) array?.fill(5, kept);
      held[index] = [a, b] as [PoolArray, PoolArray];
      same(held[index]);
    } else {
      same(pair);
      held.splice(index, 1);
      expect([pool.free(pair[0]), theirs.free(pair[1])]).toEqual([true, true]);
      expect([pool.free(pair[0]), theirs.free(pair[1])]).toEqual([false, false]);
    }
    expect(pool.stats().used.count).toBe(held.length);
  }
  pool.freeAll();
  expect([pool.stats().used, heap.stats().liveBlocks]).toEqual([{ count: 0, size: 0 }, 0]);
});

test("what is no block, and what is no size", () => {
  const { heap, pool } = ours();
  const theirs = new MemPool({ size: 1 << 16 });
  const foreign = new Float32Array(4);
  const ask = (each: IMemPool) => [
    each.malloc(0),
    each.malloc(-1),
    each.calloc(0),
    each.mallocAs("f32", 0),
    each.realloc(12345, 8),
    each.realloc(each.malloc(8), 0),
    each.free(12345),
    each.free(foreign),
    each.reallocArray(foreign, 8),
  ];
  expect(ask(pool)).toEqual(ask(theirs));
  expect(heap.stats().liveBlocks).toBe(1);
});

test("a full heap: no block, and the old one stays", () => {
  const { pool } = ours();
  const block = pool.callocAs("u8", 100, 3) as Uint8Array;
  expect(pool.mallocAs("u8", 32 << 20)).toBeUndefined();
  expect(pool.reallocArray(block, 32 << 20)).toBeUndefined();
  expect(block.every((byte) => byte === 3)).toBe(true);
  expect(pool.free(block)).toBe(true);
});

test("freeAll and release leave what others hold", () => {
  const { heap, pool } = ours();
  const foreign = heap.malloc(8);
  pool.malloc(8);
  expect(pool.release()).toBe(true);
  expect(heap.stats().liveBlocks).toBe(1);
  expect(pool.free(foreign)).toBe(false);
});
