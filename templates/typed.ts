/**
 * Typed helpers over a heap: arrays and structs in its memory. They keep nothing of their own,
 * and a program that does not import them carries none of it.
 */

/** A byte offset into a heap's buffer, as `malloc` answers it; 0 is no block. */
export type Ptr = number;

/** Views of a heap, by what their elements are. */
export interface Views {
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
}

export type Kind = keyof Views;

/** What is asked of a heap here. */
export interface TypedHeap extends Views {
  malloc(size: number): Ptr;
}

/** An element of a view: bigint of 64-bit integers, number of the others. */
export type Element<K extends Kind> = Views[K] extends { [index: number]: infer E } ? E : never;

const SHIFT: Readonly<Record<Kind, number>> = {
  i8: 0,
  u8: 0,
  i16: 1,
  u16: 1,
  i32: 2,
  u32: 2,
  f32: 2,
  f64: 3,
  i64: 3,
  u64: 3,
};

/**
 * An array of `length` elements in a block of its own, not cleared; undefined when the heap is
 * full. Its `byteOffset` is the address to free. Of a heap that grows it is good until the memory
 * grew: make it anew with `arrayAt`.
 */
export function mallocAs<H extends TypedHeap, K extends Kind>(
  heap: H,
  kind: K,
  length: number,
): H[K] | undefined {
  const ptr = heap.malloc(length * 2 ** SHIFT[kind]);
  return ptr === 0 ? undefined : arrayAt(heap, kind, ptr, length);
}

/** The array of so many elements at an address. */
export function arrayAt<H extends Views, K extends Kind>(heap: H, kind: K, ptr: Ptr, length: number): H[K] {
  const first = ptr / 2 ** SHIFT[kind];
  return heap[kind].subarray(first, first + length) as H[K];
}

export type Shape = Readonly<Record<string, Kind>>;

/** Fields that read and write a struct's memory. */
export type Fields<S extends Shape> = { -readonly [Name in keyof S]: Element<S[Name]> };

/** A struct at an address. Set `ptr` to go on to another one without making an object. */
export type Cursor<S extends Shape> = Fields<S> & { ptr: Ptr };

export interface Struct<S extends Shape> {
  /** Of one, rounded up so that they can stand in a row. */
  readonly bytes: number;
  readonly alignment: number;
  readonly offsets: { readonly [Name in keyof S]: number };
  at(heap: Views, ptr: Ptr): Cursor<S>;
  /** A new one, not cleared; undefined when the heap is full. */
  malloc(heap: TypedHeap): Cursor<S> | undefined;
}

/** A struct's layout: fields in their order, each at a multiple of its size, as in C. */
export function struct<const S extends Shape>(shape: S): Struct<S> {
  class Fields {
    constructor(
      readonly heap: Views,
      public ptr: Ptr,
    ) {}
  }
  const offsets: Record<string, number> = {};
  let end = 0;
  let alignment = 1;
  for (const [name, kind] of Object.entries(shape)) {
    if (name === "ptr" || name === "heap") throw new RangeError(`a struct's field cannot be named ${name}`);
    const shift = SHIFT[kind];
    const size = 2 ** shift;
    const offset = Math.ceil(end / size) * size;
    offsets[name] = offset;
    end = offset + size;
    alignment = Math.max(alignment, size);
    Object.defineProperty(Fields.prototype, name, {
      enumerable: true,
      get(this: Fields) {
        return this.heap[kind][(this.ptr + offset) >>> shift];
      },
      set(this: Fields, value: never) {
        this.heap[kind][(this.ptr + offset) >>> shift] = value;
      },
    });
  }
  const bytes = Math.ceil(end / alignment) * alignment;
  const at = (heap: Views, ptr: Ptr) => new Fields(heap, ptr) as unknown as Cursor<S>;
  return {
    bytes,
    alignment,
    offsets: offsets as Struct<S>["offsets"],
    at,
    malloc(heap) {
      const ptr = heap.malloc(bytes);
      return ptr === 0 ? undefined : at(heap, ptr);
    },
  };
}
