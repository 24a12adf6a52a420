/**
 * A replay that believes nothing: every block's place, alignment and usable size are checked
 * against all other live blocks, every payload is filled to its last usable byte with a pattern of
 * its ID and compared before the block is given up, and the heap's own accounts are compared with a
 * second book.
 */
import type { Heap } from "./heap.ts";
import { ShadowMap } from "./shadow-map.ts";
import { describeOperation, KIND_BITS, KIND_MASK, Kind, type Trace } from "./trace.ts";

export class ReplayError extends Error {
  override readonly name = "ReplayError";
}

export interface VerifiedReplay {
  readonly operations: number;
  readonly peakCommittedBytes: number;
  /** Peak committed bytes over the trace's peak of requested live bytes. */
  readonly committedPerLive: number;
}

/** stats() is compared this often; check() walks the heap, so it comes at fewer places. */
const STATS_EVERY = 256;
const CHECK_EVERY = 16_384;

/**
 * `heap` must be new: its peak is the footprint that is reported. `alignment` is the one its spec
 * promises.
 */
export function verifyReplay(trace: Trace, heap: Heap, alignment = 8): VerifiedReplay {
  const addresses = new Float64Array(trace.ids);
  const requested = new Float64Array(trace.ids);
  const usable = new Float64Array(trace.ids);
  const shadow = new ShadowMap();
  let liveBlocks = 0;
  let liveBytes = 0;
  let index = 0;

  const fail = (problem: string): never => {
    const place = index < trace.operations ? describeOperation(trace, index) : "after the last operation";
    throw new ReplayError(`trace ${trace.name}, ${place}: ${problem}`);
  };

  /** Checks a block that was just handed out, and fills it from `from` on. */
  const admit = (id: number, ptr: number, size: number, multiple: number, from: number): void => {
    if (ptr === 0) fail("the heap is full");
    if (ptr % multiple !== 0) fail(`address ${ptr} is not a multiple of ${multiple}`);
    const bytes = heap.usableSize(ptr);
    if (bytes < size) fail(`usableSize(${ptr}) is ${bytes}, less than the ${size} bytes asked for`);
    if (ptr + bytes > heap.u8.length) fail(`block ${ptr}…${ptr + bytes} reaches beyond the memory`);
    const other = shadow.claim(ptr, bytes, id);
    if (other >= 0) {
      fail(`block ${ptr}…${ptr + bytes} overlaps block ${other} at ${addresses[other]}`);
    }
    addresses[id] = ptr;
    requested[id] = size;
    usable[id] = bytes;
    fillPattern(heap.u8, ptr, from, bytes, id);
    liveBytes += size;
    liveBlocks++;
  };

  /** Checks the first `bytes` bytes of a block that still holds its pattern. */
  const compare = (id: number, ptr: number, bytes: number): void => {
    const offset = firstDifference(heap.u8, ptr, bytes, id);
    if (offset >= 0) fail(`byte ${offset} of the block at ${ptr} was overwritten`);
  };

  const retire = (id: number): void => {
    shadow.release(addresses[id] as number, usable[id] as number);
    liveBytes -= requested[id] as number;
    liveBlocks--;
  };

  const compareStats = (): void => {
    const stats = heap.stats();
    if (stats.liveBlocks !== liveBlocks) fail(`stats().liveBlocks is ${stats.liveBlocks}, not ${liveBlocks}`);
    if (stats.liveBytes < liveBytes)
      fail(`stats().liveBytes is ${stats.liveBytes}, but ${liveBytes} were asked for`);
    if (stats.committedBytes < stats.liveBytes) fail("stats() has fewer committed than live bytes");
    if (stats.peakCommittedBytes < stats.committedBytes)
      fail("stats() has more committed bytes than at their peak");
    if (stats.reservedBytes < stats.peakCommittedBytes)
      fail("stats() has more committed than reserved bytes");
  };

  const walkHeap = (): void => {
    try {
      heap.check?.();
    } catch (error) {
      fail(`check() found a broken heap: ${(error as Error).message}`);
    }
  };

  for (; index < trace.operations; index++) {
    const word = trace.words[index * 2] as number;
    const size = trace.words[index * 2 + 1] as number;
    const id = word >>> KIND_BITS;
    switch (word & KIND_MASK) {
      case Kind.malloc:
        admit(id, heap.malloc(size), size, alignment, 0);
        break;
      case Kind.calloc: {
        const ptr = heap.calloc(1, size);
        const dirty = heap.u8.subarray(ptr, ptr + size).findIndex((byte) => byte !== 0);
        if (ptr !== 0 && dirty >= 0) fail(`byte ${dirty} of the block at ${ptr} is not zero`);
        admit(id, ptr, size, alignment, 0);
        break;
      }
      case Kind.memalign: {
        const multiple = trace.alignments[id] as number;
        admit(id, heap.memalign(multiple, size), size, Math.max(multiple, alignment), 0);
        break;
      }
      case Kind.realloc: {
        const old = addresses[id] as number;
        compare(id, old, usable[id] as number);
        retire(id);
        const ptr = heap.realloc(old, size);
        const kept = Math.min(requested[id] as number, size);
        if (ptr !== 0) compare(id, ptr, kept);
        admit(id, ptr, size, alignment, kept);
        break;
      }
      case Kind.free: {
        const ptr = addresses[id] as number;
        if (heap.usableSize(ptr) !== usable[id]) fail(`usableSize(${ptr}) changed while the block was live`);
        compare(id, ptr, usable[id] as number);
        retire(id);
        heap.free(ptr);
        break;
      }
    }
    if (index % STATS_EVERY === 0) compareStats();
    if (index % CHECK_EVERY === 0) walkHeap();
  }

  compareStats();
  walkHeap();
  const { liveBlocks: left, liveBytes: leftBytes, peakCommittedBytes } = heap.stats();
  if (left !== 0 || leftBytes !== 0)
    fail(`${left} blocks and ${leftBytes} bytes are live although all were freed`);
  return {
    operations: trace.operations,
    peakCommittedBytes,
    committedPerLive: peakCommittedBytes / trace.peakLiveBytes,
  };
}

/**
 * Differs between neighbouring IDs and between neighbouring offsets, and repeats at no power of
 * two.
 */
function patternByte(id: number, offset: number): number {
  return (id * 37 + offset * 11 + (offset >>> 8) * 3 + 1) & 0xff;
}

function fillPattern(u8: Uint8Array, ptr: number, from: number, to: number, id: number): void {
  for (let offset = from; offset < to; offset++) u8[ptr + offset] = patternByte(id, offset);
}

function firstDifference(u8: Uint8Array, ptr: number, bytes: number, id: number): number {
  for (let offset = 0; offset < bytes; offset++) {
    if (u8[ptr + offset] !== patternByte(id, offset)) return offset;
  }
  return -1;
}
