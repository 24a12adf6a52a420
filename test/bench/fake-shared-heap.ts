/**
 * The simplest heap that several threads can share: one lock around power-of-two classes with a
 * list of free blocks each. A word before each block says its class, or that it is free, so a block
 * that is freed twice is noticed.
 */
interface SharedHeap {
  readonly handle: SharedArrayBuffer;
  readonly u8: Uint8Array;
  malloc(size: number): number;
  calloc(count: number, size: number): number;
  realloc(ptr: number, size: number): number;
  memalign(alignment: number, size: number): number;
  free(ptr: number): void;
  stats(): { readonly liveBlocks: number };
}

export function createHeap({ maxBytes = 64 << 20 }: { maxBytes?: number } = {}): SharedHeap {
  return attachHeap(new SharedArrayBuffer(maxBytes));
}

export function attachHeap(handle: SharedArrayBuffer): SharedHeap {
  const LOCK = 0;
  const TOP = 1;
  const LIVE = 2;
  const LISTS = 4;
  const FIRST_BLOCK = 256;
  const FREE = -1;
  const i32 = new Int32Array(handle);
  const u8 = new Uint8Array(handle);
  const word = (index: number): number => i32[index] as number;

  function locked<Result>(action: () => Result): Result {
    while (Atomics.compareExchange(i32, LOCK, 0, 1) !== 0) Atomics.wait(i32, LOCK, 1, 1);
    try {
      return action();
    } finally {
      Atomics.store(i32, LOCK, 0);
      Atomics.notify(i32, LOCK, 1);
    }
  }

  function malloc(size: number): number {
    const c = Math.max(4, 32 - Math.clz32(size - 1));
    return locked(() => {
      let ptr = word(LISTS + c);
      if (ptr !== 0) {
        i32[LISTS + c] = word(ptr >> 2);
      } else {
        const step = 1 << c;
        ptr = Math.ceil((Math.max(word(TOP), FIRST_BLOCK) + 8) / step) * step;
        if (ptr + step > u8.length) return 0;
        i32[TOP] = ptr + step;
      }
      i32[(ptr >> 2) - 1] = c;
      i32[LIVE] = word(LIVE) + 1;
      return ptr;
    });
  }

  function free(ptr: number): void {
    locked(() => {
      const c = word((ptr >> 2) - 1);
      if (c < 4 || c > 31) throw new Error(`free(${ptr}): ${c === FREE ? "it is free already" : "no block"}`);
      i32[(ptr >> 2) - 1] = FREE;
      i32[ptr >> 2] = word(LISTS + c);
      i32[LISTS + c] = ptr;
      i32[LIVE] = word(LIVE) - 1;
    });
  }

  return {
    handle,
    u8,
    malloc,
    free,
    calloc: (count, size) => {
      const ptr = malloc(count * size);
      u8.fill(0, ptr, ptr + count * size);
      return ptr;
    },
    realloc(ptr, size) {
      free(ptr);
      return malloc(size);
    },
    memalign: (alignment, size) => malloc(Math.max(alignment, size)),
    stats: () => ({ liveBlocks: word(LIVE) }),
  };
}
