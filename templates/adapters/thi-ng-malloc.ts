/**
 * A heap as a pool of `@thi.ng/malloc`: what its `IMemPool` asks for, so that `@thi.ng/ecs` and
 * others run on the heap.
 *
 * As that interface has it, `free` answers whether there was a block, and sizes of 0 have none:
 * so the pool keeps a book of its blocks. A `realloc` that fails leaves the old block as it was,
 * where their pool gives it up.
 */
import type { IMemPool } from "@thi.ng/malloc";

/** What is asked of a heap here. */
export interface PooledHeap {
  readonly buffer: ArrayBufferLike;
  readonly u8: Uint8Array;
  malloc(size: number): number;
  realloc(ptr: number, size: number): number;
  free(ptr: number): void;
  usableSize(ptr: number): number;
  stats(): { readonly reservedBytes: number; readonly committedBytes: number };
}

/** Arrays by their types' names, as that interface has them. */
interface PoolArrays {
  u8: Uint8Array<ArrayBufferLike>;
  u8c: Uint8ClampedArray<ArrayBufferLike>;
  i8: Int8Array<ArrayBufferLike>;
  u16: Uint16Array<ArrayBufferLike>;
  i16: Int16Array<ArrayBufferLike>;
  u32: Uint32Array<ArrayBufferLike>;
  i32: Int32Array<ArrayBufferLike>;
  f32: Float32Array<ArrayBufferLike>;
  f64: Float64Array<ArrayBufferLike>;
}

type PoolType = keyof PoolArrays;
type PoolArray = PoolArrays[PoolType];

interface ArrayType<T extends PoolArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, ptr: number, length: number): T;
}

const ARRAYS: { readonly [T in PoolType]: ArrayType<PoolArrays[T]> } = {
  u8: Uint8Array,
  u8c: Uint8ClampedArray,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};

interface PoolStats {
  /** Blocks that wait for reuse are the heap's affair: one, of all that is free. */
  readonly free: { readonly count: number; readonly size: number };
  readonly used: { readonly count: number; readonly size: number };
  /** Bytes that the heap has in use or kept. */
  readonly top: number;
  readonly available: number;
  readonly total: number;
}

export function memPool(heap: PooledHeap): IMemPool {
  // TypeScript does not relate two maps of array types that are looked up by one parameter.
  return new HeapPool(heap) as unknown as IMemPool;
}

class HeapPool {
  readonly #heap: PooledHeap;
  readonly #live = new Set<number>();

  constructor(heap: PooledHeap) {
    this.#heap = heap;
  }

  malloc(size: number): number {
    return size > 0 ? this.#note(this.#heap.malloc(Math.ceil(size))) : 0;
  }

  calloc(size: number, fill = 0): number {
    const ptr = this.malloc(size);
    if (ptr !== 0) this.#heap.u8.fill(fill, ptr, ptr + size);
    return ptr;
  }

  /** 0 as well where no block of the pool's is at `ptr`. */
  realloc(ptr: number, size: number): number {
    if (size <= 0 || !this.#live.has(ptr)) return 0;
    const moved = this.#heap.realloc(ptr, Math.ceil(size));
    if (moved !== 0) this.#live.delete(ptr);
    return this.#note(moved);
  }

  mallocAs<T extends PoolType>(type: T, num: number): PoolArrays[T] | undefined {
    const ArrayOfType = ARRAYS[type];
    const ptr = this.malloc(num * ArrayOfType.BYTES_PER_ELEMENT);
    return ptr === 0 ? undefined : new ArrayOfType(this.#heap.buffer, ptr, num);
  }

  callocAs<T extends PoolType>(type: T, num: number, fill = 0): PoolArrays[T] | undefined {
    const array = this.mallocAs(type, num);
    array?.fill(fill);
    return array;
  }

  /**
   * The array with another length, perhaps elsewhere; undefined where it is none of the pool's,
   * or the heap is full.
   */
  reallocArray<T extends PoolArray>(array: T, num: number): T | undefined {
    if (array.buffer !== this.#heap.buffer) return undefined;
    const ptr = this.realloc(array.byteOffset, num * array.BYTES_PER_ELEMENT);
    if (ptr === 0) return undefined;
    return new (array.constructor as ArrayType<T>)(this.#heap.buffer, ptr, num);
  }

  /** Whether there was a block. */
  free(block: number | PoolArray): boolean {
    if (typeof block !== "number" && block.buffer !== this.#heap.buffer) return false;
    const ptr = typeof block === "number" ? block : block.byteOffset;
    if (!this.#live.delete(ptr)) return false;
    this.#heap.free(ptr);
    return true;
  }

  /** The blocks of this pool; what others hold in the heap stays. */
  freeAll(): void {
    for (const ptr of this.#live) this.#heap.free(ptr);
    this.#live.clear();
  }

  stats(): PoolStats {
    const { reservedBytes, committedBytes } = this.#heap.stats();
    let size = 0;
    for (const ptr of this.#live) size += this.#heap.usableSize(ptr);
    const available = reservedBytes - size;
    return {
      free: { count: committedBytes > size ? 1 : 0, size: committedBytes - size },
      used: { count: this.#live.size, size },
      top: committedBytes,
      available,
      total: reservedBytes,
    };
  }

  release(): boolean {
    this.freeAll();
    return true;
  }

  #note(ptr: number): number {
    if (ptr !== 0) this.#live.add(ptr);
    return ptr;
  }
}
