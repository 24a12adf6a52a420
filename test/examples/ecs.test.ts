/** The example of an ECS, and random worlds: the heap's pool holds what other pools do. */
import { ECS, type MemMappedComponent } from "@thi.ng/ecs";
import { type IMemPool, type IMemPoolArray, MemPool, NativePool } from "@thi.ng/malloc";
import { expect, test } from "vitest";
import { LIFE, Particles } from "../../examples/ecs.ts";
import { createHeap } from "../../generated/single/allocator.ts";
import { memPool } from "../../templates/adapters/thi-ng-malloc.ts";
import { randomNumbers } from "../support/script.ts";
import { linesOf } from "./program.ts";

const ours = () => {
  const heap = createHeap({ maxBytes: 16 << 20 });
  return { heap, pool: memPool(heap) };
};

/** Blocks of somebody else between those of the pool: nobody else may write into them. */
class Neighbours {
  readonly #heap: ReturnType<typeof createHeap>;
  readonly #blocks: { ptr: number; size: number; mark: number }[] = [];

  constructor(heap: ReturnType<typeof createHeap>) {
    this.#heap = heap;
  }

  moveIn(size: number): void {
    const mark = 1 + (this.#blocks.length % 255);
    const ptr = this.#heap.malloc(size);
    this.#heap.u8.fill(mark, ptr, ptr + size);
    this.#blocks.push({ ptr, size, mark });
  }

  moveOut(): void {
    for (const { ptr, size, mark } of this.#blocks.splice(0)) {
      expect(this.#heap.u8.subarray(ptr, ptr + size).every((byte) => byte === mark)).toBe(true);
      this.#heap.free(ptr);
    }
  }
}

test("particles move the same way in every pool", () => {
  const { heap, pool } = ours();
  const neighbours = new Neighbours(heap);
  const pools: IMemPoolArray[] = [pool, new MemPool({ size: 1 << 20 }), new NativePool()];
  const worlds = pools.map((each) => new Particles(each, 512));
  const [first] = worlds as [Particles];
  for (let step = 0; step < 200; step++) {
    if (step === 40) for (const world of worlds) world.grow(2048);
    if (step === 90) for (const world of worlds) world.grow(8192);
    const count = (step * 7) % (step < 40 ? 12 : 30);
    for (const world of worlds) {
      world.spawn(count);
      world.step();
    }
    neighbours.moveIn(1 + ((step * 997) % 9000));
    const [expected, ...rings] = worlds.map((world) => world.rings());
    for (const other of rings) expect(other).toEqual(expected);
    heap.check();
  }
  expect(first.rings().length).toBe(LIFE);
  expect(first.count).toBeGreaterThan(500);
  // Values of 8, 8 and 2 bytes, and three times two numbers of 16 bits that lead there. A block
  // that grows gets up to an eighth more.
  const bytes = 8192 * (8 + 8 + 2 + 3 * 4);
  const { count, size } = pool.stats().used;
  expect(count).toBe(9);
  expect(size).toBeGreaterThanOrEqual(bytes);
  expect(size).toBeLessThanOrEqual(bytes * 1.125);
  neighbours.moveOut();
  expect(heap.stats().liveBlocks).toBe(9);
  pool.release();
  expect(heap.stats().liveBlocks).toBe(0);
  heap.check();
});

test("a pool that is full has no room for a component", () => {
  const heap = createHeap({ maxBytes: 2 << 20 });
  const pool = memPool(heap);
  expect(() => new Particles(pool, 1 << 18)).toThrow(/^no room for (pos|vel|age)$/);
  pool.release();
  expect(heap.stats().liveBlocks).toBe(0);
});

type Names = "u8" | "i16" | "f32" | "f64";
type World = ECS<Record<Names, ArrayLike<number>>>;
const TYPES = ["u8", "i16", "f32", "f64"] as const;

/** A world with a component of each type, whose values come from the pool too. */
function worldIn(pool: IMemPool, capacity: number): World {
  const world: World = new ECS({ capacity, pool });
  TYPES.forEach((type, index) => {
    const stride = 1 + index;
    const values = pool.callocAs(type, capacity * stride);
    if (values === undefined) throw new Error("the pool is full");
    const place = { buf: values.buffer as ArrayBuffer, byteOffset: values.byteOffset };
    world.defComponent({ id: type, type, size: Math.max(1, index), stride, ...place });
  });
  return world;
}

/** Per component which entities have it, in their order, and its values. */
function contents(world: World): unknown[] {
  return [...world.components.values()].map((component) => [
    [...component.keys()].map((id) => [id, [...(component.get(id) as Float64Array)]]),
    [...(component as MemMappedComponent<Names>).packedValues()],
  ]);
}

test("random entities and components: the heap's pool and @thi.ng/malloc's hold the same", () => {
  const { heap, pool } = ours();
  const theirs = new MemPool({ size: 1 << 20 });
  // More than 256, or the arrays that lead to values would be too narrow once there are more.
  let capacity = 512;
  const worlds = [worldIn(pool, capacity), worldIn(theirs, capacity)];
  const neighbours = new Neighbours(heap);
  const random = randomNumbers(5);
  const below = (limit: number) => Math.floor(random() * limit);
  const live: number[] = [];
  const same = <T>(ask: (world: World) => T): T => {
    const [a, b] = worlds.map(ask) as [T, T];
    expect(a).toEqual(b);
    return a;
  };
  for (let call = 0; call < 6000; call++) {
    const choice = below(10);
    const id = live[below(live.length)];
    const type = TYPES[below(TYPES.length)] as Names;
    const value = [below(100), below(100), below(100)].slice(0, Math.max(1, TYPES.indexOf(type)));
    if (choice < 5 || id === undefined) {
      if (live.length === capacity) {
        capacity *= 2;
        for (const world of worlds) world.setCapacity(capacity);
      }
      live.push(same((world) => world.defEntity({ [type]: value })));
    } else if (choice < 7) {
      same((world) => world.components.get(type)?.add(id, value));
    } else if (choice < 8) {
      same((world) => world.components.get(type)?.set(id, value));
    } else if (choice < 9) {
      same((world) => world.components.get(type)?.delete(id));
    } else {
      live.splice(live.indexOf(id), 1);
      expect(same((world) => world.deleteID(id))).toBe(true);
    }
    if (call % 100 === 0) {
      neighbours.moveIn(1 + below(5000));
      same(contents);
      heap.check();
    }
  }
  same(contents);
  expect(capacity).toBe(4096);
  neighbours.moveOut();
  expect(heap.stats().liveBlocks).toBe(3 * TYPES.length);
  pool.release();
  expect(heap.stats().liveBlocks).toBe(0);
});

test("values that are not the pool's cannot grow, in any pool", () => {
  for (const pool of [ours().pool, new MemPool({ size: 1 << 16 })]) {
    const world = new ECS<{ a: ArrayLike<number> }>({ capacity: 16, pool });
    world.defComponent({ id: "a", type: "f32" });
    expect(pool.stats().used.count).toBe(2);
    expect(() => world.setCapacity(32)).toThrow("couldn't resize component: a");
  }
});

test("the program prints what it did", async () => {
  expect(await linesOf("ecs")).toEqual([
    "2950 particles, 50 of them 59 steps away",
    `9 blocks of the pool, ${4096 * 30} bytes`,
    "live after release: 0 blocks",
  ]);
});
