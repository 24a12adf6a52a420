/**
 * What the published tests of `@thi.ng/malloc` ask of a pool (version 6.1.150, `main.test.ts`),
 * said anew without its addresses: each case runs on their pool and on a heap's. What their tests
 * state and a heap's pool does not hold is listed below.
 */
import { type IMemPool, MemPool } from "@thi.ng/malloc";
import { describe, expect, test } from "vitest";
import { createHeap } from "../../generated/single/allocator.ts";
import { memPool } from "../../templates/adapters/thi-ng-malloc.ts";

interface Tried {
  readonly pool: IMemPool;
  /** All bytes of the pool's memory. */
  readonly u8: Uint8Array;
}

/** As in their tests: 256 bytes, which no case needs more of. */
function theirs(align: 8 | 16 = 8): Tried {
  const buf = new ArrayBuffer(0x100);
  return { pool: new MemPool({ buf, align }), u8: new Uint8Array(buf) };
}

function ours(): Tried {
  const heap = createHeap({ maxBytes: 2 << 20 });
  return { pool: memPool(heap), u8: heap.u8 };
}

/** So many bytes at each address are in no other block of these. */
function expectApart(blocks: readonly (readonly [ptr: number, size: number])[]): void {
  const sorted = [...blocks].sort(([a], [b]) => a - b);
  sorted.forEach(([ptr, size], index) => {
    expect(ptr).toBeGreaterThan(0);
    expect(ptr + size).toBeLessThanOrEqual(sorted[index + 1]?.[0] ?? Number.POSITIVE_INFINITY);
  });
}

describe.each([
  ["@thi.ng/malloc's pool", theirs],
  ["a heap's pool", ours],
] as const)("%s", (_, make) => {
  test("malloc: no block of all bytes, of none, or of fewer", () => {
    const { pool, u8 } = make();
    expect([u8.length, 0, -1].map((size) => pool.malloc(size))).toEqual([0, 0, 0]);
    expect(pool.stats().used).toEqual({ count: 0, size: 0 });
  });

  test("malloc and free: blocks are apart and counted, and each is freed once", () => {
    const { pool } = make();
    const sizes = [12, 31, 24];
    const blocks = sizes.map((size) => [pool.malloc(size), size] as const);
    expectApart(blocks);
    expect(pool.stats().used.count).toBe(3);
    expect(pool.stats().used.size).toBeGreaterThanOrEqual(12 + 31 + 24);
    const [[a], [b], [c]] = blocks as unknown as [[number], [number], [number]];
    expect([a, c, b, b].map((ptr) => pool.free(ptr))).toEqual([true, true, true, false]);
    expect(pool.stats().used).toEqual({ count: 0, size: 0 });
  });

  test("free memory serves again: blocks of other sizes fit where others were", () => {
    const { pool, u8 } = make();
    const before = pool.stats();
    const a = pool.malloc(32);
    const b = pool.malloc(12);
    pool.free(a);
    const c = pool.malloc(8);
    expectApart([
      [b, 12],
      [c, 8],
    ]);
    pool.free(b);
    const d = pool.malloc(64);
    pool.free(pool.malloc(1));
    expectApart([
      [c, 8],
      [d, 64],
    ]);
    pool.free(c);
    expect(pool.stats().used.count).toBe(1);
    const e = pool.malloc(27);
    expectApart([
      [d, 64],
      [e, 27],
    ]);
    expect([pool.free(d), pool.free(e)]).toEqual([true, true]);
    const { used, available, total } = pool.stats();
    expect(used).toEqual({ count: 0, size: 0 });
    expect(available).toBe(before.available);
    expect([total, before.total]).toEqual([u8.length, u8.length]);
  });

  test("a pool that was filled to its end and emptied takes as much again", () => {
    const { pool } = make();
    const fill = (size: number) => {
      const blocks: number[] = [];
      for (let ptr = pool.malloc(size); ptr !== 0; ptr = pool.malloc(size)) blocks.push(ptr);
      return blocks;
    };
    const first = fill(40);
    expect(first.length).toBeGreaterThan(2);
    for (const ptr of first) expect(pool.free(ptr)).toBe(true);
    expect(fill(40).length).toBe(first.length);
    pool.freeAll();
    expect(fill(40).length).toBe(first.length);
  });

  test("freeAll: all is available, and nothing in use", () => {
    const { pool } = make();
    const { available, total } = pool.stats();
    for (const size of [15, 11, 70]) pool.calloc(size);
    pool.freeAll();
    expect(pool.stats()).toMatchObject({ used: { count: 0, size: 0 }, available, total });
    expect(pool.release()).toBe(true);
  });

  test("mallocAs: arrays of their types and lengths, with contents of their own", () => {
    const { pool, u8 } = make();
    for (const [type, bytes] of [["u8", 1] as const, ["u16", 2] as const, ["u32", 4] as const]) {
      expect(pool.mallocAs(type, u8.length / bytes + 1)).toBeUndefined();
    }
    expect(pool.mallocAs("f64", u8.length / 8 + 1)).toBeUndefined();
    expect(pool.mallocAs("u8", -1)).toBeUndefined();
    const a = pool.mallocAs("f32", 3) as Float32Array;
    const b = pool.mallocAs("f64", 3) as Float64Array;
    expect([a.constructor, b.constructor]).toEqual([Float32Array, Float64Array]);
    expect([a.length, b.length, a.byteLength, b.byteLength]).toEqual([3, 3, 12, 24]);
    expect([a.buffer, b.buffer]).toEqual([u8.buffer, u8.buffer]);
    a.set([1, 2, 3]);
    b.set([10, 20, 30]);
    expect([[...a], [...b]]).toEqual([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    const freed = [a, b, a, b, new Uint16Array(1)].map((array) => pool.free(array));
    expect(freed).toEqual([true, true, false, false, false]);
  });

  test("calloc: zeros as long as the block, and nothing beyond", () => {
    const { pool, u8 } = make();
    const dirty = [pool.malloc(16), pool.malloc(16), pool.malloc(16)] as [number, number, number];
    for (const ptr of dirty) u8.fill(0xff, ptr, ptr + 16);
    pool.free(dirty[1]);
    const ptr = pool.calloc(6);
    expect([...u8.subarray(ptr, ptr + 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    for (const other of [dirty[0], dirty[2]]) {
      expect(u8.subarray(other, other + 16).every((byte) => byte === 0xff)).toBe(true);
    }
    const filled = pool.calloc(5, 7);
    expect([...u8.subarray(filled, filled + 5)]).toEqual([7, 7, 7, 7, 7]);
  });

  test("callocAs: zeros or what is asked for, wherever others have been", () => {
    const { pool } = make();
    const dirty = (["u32", "f64"] as const).map((type) => pool.callocAs(type, 3, 0xaa55aa55));
    for (const array of dirty) {
      expect([...(array as Uint32Array)]).toEqual([0xaa55aa55, 0xaa55aa55, 0xaa55aa55]);
      pool.free(array as Uint32Array);
    }
    for (const type of ["f32", "f64", "u32"] as const) {
      expect([...(pool.callocAs(type, 3) as Float32Array)]).toEqual([0, 0, 0]);
    }
  });

  test("a request that is too long is refused with free blocks here and there", () => {
    const { pool, u8 } = make();
    const [a, b, c, d] = [8, 8, 8, 8].map((size) => pool.malloc(size)) as [number, number, number, number];
    for (const ptr of [a, b, d]) pool.free(ptr);
    const tooLong = u8.length - Math.min(a, b, c, d) + 1;
    expect(pool.malloc(tooLong)).toBe(0);
    expect(pool.mallocAs("u8", tooLong)).toBeUndefined();
    expect(pool.free(c)).toBe(true);
  });

  test("realloc: what fits of the contents stays, in place or not", () => {
    const { pool, u8 } = make();
    let a = pool.malloc(8);
    u8.fill(0xff, a, a + 8);
    const isKept = () => u8.subarray(a, a + 8).every((byte) => byte === 0xff);
    expect(pool.realloc(a, 0)).toBe(0);
    expect([pool.stats().used.count, isKept()]).toEqual([1, true]);
    a = pool.realloc(a, 65);
    expect(pool.stats().used.size).toBeGreaterThanOrEqual(65);
    expect(isKept()).toBe(true);
    a = pool.realloc(a, 31);
    expect(isKept()).toBe(true);
    const b = pool.malloc(8);
    a = pool.realloc(a, 65);
    expect(isKept()).toBe(true);
    expectApart([
      [a, 65],
      [b, 8],
    ]);
    // Their pool keeps the block that was left, too.
    expect(pool.stats().used.count).toBe(pool instanceof MemPool ? 3 : 2);
  });

  test("reallocArray: elements stay, and what is too long or not the pool's is refused", () => {
    const { pool, u8 } = make();
    const a = pool.callocAs("f32", 4, 1) as Float32Array;
    const longer = pool.reallocArray(a, 8) as Float32Array;
    expect(longer.length).toBe(8);
    expect([...longer.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
    expect(pool.reallocArray(longer, u8.length)).toBeUndefined();
    expect(pool.reallocArray(new Float32Array(4), 8)).toBeUndefined();
  });

  test("blocks at multiples of 16, freed in any order", () => {
    const { pool } = make(16);
    const sizes = [15, 11, 7, 3, 1];
    const arrays = sizes.map((size) => pool.callocAs("u8", size) as Uint8Array);
    expectApart(arrays.map(({ byteOffset, length }) => [byteOffset, length]));
    expect(arrays.map(({ byteOffset }) => byteOffset % 16)).toEqual([0, 0, 0, 0, 0]);
    for (const index of [3, 1, 2, 0, 4]) expect(pool.free(arrays[index] as Uint8Array)).toBe(true);
    expect(pool.stats().used).toEqual({ count: 0, size: 0 });
  });
});

describe("stated by their tests, and not so in a heap's pool", () => {
  const has = (member: string) => (pool: IMemPool) => member in pool;
  test.each<[what: string, why: string, (pool: IMemPool) => boolean]>([
    ["ctor: start, end and top", "where a heap lies is told to createHeap", has("top")],
    [
      "no compact: an option",
      "free blocks next to each other are one by themselves, or a slab's",
      has("doCompact"),
    ],
    ["no split: an option", "a block is as long as its class", has("doSplit")],
    [
      "malloc: addresses follow each other, with 8 bytes between",
      "a slab has blocks of one length, and none has a header",
      (pool) => pool.malloc(12) + 16 + 8 === pool.malloc(31),
    ],
    [
      "malloc: used.size counts 8 bytes more per block",
      "a heap's blocks have no header",
      (pool) => pool.malloc(32) > 0 && pool.stats().used.size === 32 + 8,
    ],
    [
      "malloc: a smaller block begins where a freed one did",
      "it comes from another slab",
      (pool) => {
        const a = pool.malloc(32);
        pool.malloc(12);
        pool.free(a);
        return pool.malloc(8) === a;
      },
    ],
    [
      "malloc: top is the end of the last block, and moves with it",
      "top is what the heap has in use or kept, whole slabs at a time",
      (pool) => {
        const a = pool.malloc(24);
        const { top } = pool.stats();
        pool.malloc(24);
        return top === a + 24 && pool.stats().top > top;
      },
    ],
    [
      "free: free.count and free.size are 0 once all is freed",
      "free is what the heap keeps for later",
      (pool) => {
        pool.free(pool.malloc(24));
        return pool.stats().free.count === 0 && pool.stats().free.size === 0;
      },
    ],
    [
      "realloc: the last block grows and shrinks where it is",
      "a block of another class lies in another slab",
      (pool) => {
        const a = pool.malloc(8);
        return pool.realloc(a, 65) === a && pool.realloc(a, 31) === a;
      },
    ],
  ])("%s (%s)", (_what, _why, isSo) => {
    expect([isSo(theirs().pool), isSo(ours().pool)]).toEqual([true, false]);
  });
});
