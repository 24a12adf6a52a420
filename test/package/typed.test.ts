/** `slabsmith/typed`: arrays and structs in a heap's memory. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { createHeap } from "../../generated/single/allocator.ts";
import { arrayAt, type Kind, mallocAs, struct } from "../../templates/typed.ts";

const KINDS: readonly Kind[] = ["i8", "u8", "i16", "u16", "i32", "u32", "f32", "f64", "i64", "u64"];

describe("arrays", () => {
  test.each(KINDS)("of %s lie in a block of their own", (kind) => {
    const heap = createHeap({ maxBytes: 1 << 20 });
    const array = mallocAs(heap, kind, 5);
    if (array === undefined) throw new Error("the heap is full");
    expect(array.constructor).toBe(heap[kind].constructor);
    expect(array.length).toBe(5);
    expect(heap.usableSize(array.byteOffset)).toBeGreaterThanOrEqual(array.byteLength);
    const one = typeof array[0] === "bigint" ? 1n : 1;
    (array as { fill(value: unknown): void }).fill(one);
    expect(heap.u8[array.byteOffset + array.byteLength - array.BYTES_PER_ELEMENT]).toBeDefined();
    expect(arrayAt(heap, kind, array.byteOffset, 5)).toEqual(array);
    heap.free(array.byteOffset);
    expect(heap.stats().liveBlocks).toBe(0);
  });

  test("of a full heap are undefined", () => {
    expect(mallocAs(createHeap({ maxBytes: 1 << 20 }), "f64", 1 << 20)).toBeUndefined();
  });

  test("have the type of the heap's view", () => {
    const heap = createHeap({ maxBytes: 1 << 20 });
    expectTypeOf(mallocAs(heap, "f32", 1)).toEqualTypeOf<(typeof heap)["f32"] | undefined>();
  });
});

describe("structs", () => {
  const Particle = struct({ alive: "u8", x: "f32", id: "u64", y: "f64", tag: "u16" });

  test("are laid out as in C", () => {
    expect(Particle).toMatchObject({
      bytes: 32,
      alignment: 8,
      offsets: { alive: 0, x: 4, id: 8, y: 16, tag: 24 },
    });
  });

  test("are read and written through a cursor, which can go on to the next", () => {
    const heap = createHeap({ maxBytes: 1 << 20 });
    const first = heap.malloc(2 * Particle.bytes);
    const cursor = Particle.at(heap, first);
    Object.assign(cursor, { alive: 1, x: 0.5, id: 2n ** 63n, y: -1.25, tag: 65_535 });
    cursor.ptr += Particle.bytes;
    Object.assign(cursor, { alive: 2, x: 1.5, id: 7n, y: 2.5, tag: 3 });
    cursor.ptr = first;
    expect([cursor.alive, cursor.x, cursor.id, cursor.y, cursor.tag]).toEqual([
      1,
      0.5,
      2n ** 63n,
      -1.25,
      65_535,
    ]);
    expect(heap.f64[(first + Particle.bytes + 16) >>> 3]).toBe(2.5);
    expectTypeOf(cursor.id).toEqualTypeOf<bigint>();
    expectTypeOf(cursor.x).toEqualTypeOf<number>();
  });

  test("come from the heap, or not where it is full", () => {
    const heap = createHeap({ maxBytes: 1 << 20 });
    const made = Particle.malloc(heap);
    expect(heap.usableSize(made?.ptr ?? 0)).toBeGreaterThanOrEqual(Particle.bytes);
    while (heap.malloc(4096) !== 0);
    while (heap.malloc(Particle.bytes) !== 0);
    expect(Particle.malloc(heap)).toBeUndefined();
  });

  test("have no field of a name that the cursor needs", () => {
    expect(() => struct({ ptr: "u32" })).toThrow("a struct's field cannot be named ptr");
  });
});
