/**
 * A second book beside a heap. Every call goes through it, is made, and what came back is held
 * against the contract: the block's place among all others, its alignment, its length, its bytes.
 * `audit` compares the heap's own account with it.
 */
import type { Heap } from "../../templates/host/api.ts";
import { Intervals } from "./intervals.ts";

/** The heap did not do what its contract says. */
export class ContractError extends Error {
  override readonly name = "ContractError";
}

export interface LiveBlock {
  readonly ptr: number;
  readonly size: number;
  readonly usable: number;
  /** What its bytes are made from. */
  readonly seed: number;
}

export class Ledger {
  readonly live = new Set<LiveBlock>();
  private readonly intervals = new Intervals();
  private liveBytes = 0;
  private seed = 0;

  constructor(
    readonly heap: Heap,
    private readonly alignment: number,
  ) {}

  /** Undefined: the heap said that it is full. */
  malloc(size: number): LiveBlock | undefined {
    return this.admit(`malloc(${size})`, this.heap.malloc(size), size, this.alignment);
  }

  calloc(count: number, size: number): LiveBlock | undefined {
    const call = `calloc(${count}, ${size})`;
    const ptr = this.heap.calloc(count, size);
    if (ptr !== 0) {
      const dirty = firstNonZero(this.heap, ptr, count * size);
      if (dirty >= 0) throw new ContractError(`${call}: byte ${dirty} is not zero`);
    }
    return this.admit(call, ptr, count * size, this.alignment);
  }

  memalign(alignment: number, size: number): LiveBlock | undefined {
    const call = `memalign(${alignment}, ${size})`;
    return this.admit(call, this.heap.memalign(alignment, size), size, Math.max(alignment, this.alignment));
  }

  /** `size` above 0. Undefined: the heap is full, and the block is what it was. */
  realloc(block: LiveBlock, size: number): LiveBlock | undefined {
    const call = `realloc(${block.ptr}, ${size})`;
    this.compare(call, block);
    const ptr = this.heap.realloc(block.ptr, size);
    if (ptr === 0) {
      this.compare(call, block);
      return undefined;
    }
    this.compare(call, { ...block, ptr }, Math.min(block.usable, size));
    this.remove(block);
    return this.admit(call, ptr, size, this.alignment);
  }

  free(block: LiveBlock): void {
    this.compare(`free(${block.ptr})`, block);
    this.remove(block);
    this.heap.free(block.ptr);
  }

  freeAll(): void {
    for (const block of this.live) this.free(block);
  }

  /** Every payload, the heap's statistics, its walk over its blocks, and its own check. */
  audit(): void {
    for (const block of this.live) this.compare("audit", block);
    this.auditAccounts();
  }

  /** The same without the payloads. */
  auditAccounts(): void {
    // A build may come without the walk that this needs.
    this.heap.check?.();
    const stats = this.heap.stats();
    this.equal("stats().liveBlocks", stats.liveBlocks, this.live.size);
    this.equal("stats().liveBytes", stats.liveBytes, this.liveBytes);
    const ordered =
      stats.liveBytes <= stats.committedBytes &&
      stats.committedBytes <= stats.peakCommittedBytes &&
      stats.peakCommittedBytes <= stats.reservedBytes;
    if (!ordered) throw new ContractError(`stats() contradict each other: ${JSON.stringify(stats)}`);
  }

  private equal(what: string, found: number, expected: number): void {
    if (found !== expected) throw new ContractError(`${what} is ${found}, not ${expected}`);
  }

  private admit(call: string, ptr: number, size: number, alignment: number): LiveBlock | undefined {
    if (ptr === 0) return undefined;
    if (!Number.isInteger(ptr) || ptr < 0) throw new ContractError(`${call}: ${ptr} is no address`);
    if (ptr % alignment !== 0) throw new ContractError(`${call}: ${ptr} is not a multiple of ${alignment}`);
    const usable = this.heap.usableSize(ptr);
    if (usable < size) throw new ContractError(`${call}: only ${usable} bytes of ${ptr} are usable`);
    const end = ptr + usable;
    if (end > this.heap.buffer.byteLength)
      throw new ContractError(`${call}: ${ptr} … ${end} leaves the memory`);
    // A block of no bytes still has an address of its own.
    const other = this.intervals.add(ptr, ptr + Math.max(usable, 1));
    if (other >= 0) throw new ContractError(`${call}: ${ptr} … ${end} overlaps the live block at ${other}`);
    const block = { ptr, size, usable, seed: ++this.seed };
    this.live.add(block);
    this.liveBytes += usable;
    this.fill(block);
    return block;
  }

  private remove(block: LiveBlock): void {
    this.intervals.remove(block.ptr);
    this.live.delete(block);
    this.liveBytes -= block.usable;
  }

  private fill({ ptr, usable, seed }: LiveBlock): void {
    const { u32 } = this.heap;
    const words = usable >>> 2;
    for (let w = 0; w < words; w = following(w, words)) u32[ptr / 4 + w] = wordOf(seed, w);
  }

  /** Whether a block still holds what was written into its first `bytes` bytes, and its length. */
  private compare(call: string, block: LiveBlock, bytes?: number): void {
    const { ptr, usable, seed } = block;
    if (bytes === undefined) this.equal(`${call}: usableSize(${ptr})`, this.heap.usableSize(ptr), usable);
    const { u32 } = this.heap;
    const limit = (bytes ?? usable) >>> 2;
    const words = usable >>> 2;
    for (let w = 0; w < limit; w = following(w, words)) {
      if (u32[ptr / 4 + w] !== wordOf(seed, w)) {
        throw new ContractError(`${call}: byte ${4 * w} of the block at ${ptr} was overwritten`);
      }
    }
  }
}

/** Every word of a short block; of a long one its ends, and several words of each page. */
function following(w: number, words: number): number {
  return w < 4096 || w >= words - 1024 ? w + 1 : Math.min(w + 251, words - 1024);
}

/** Differs between neighbouring blocks and between neighbouring words. */
function wordOf(seed: number, w: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(w + 1, 0x85ebca6b)) >>> 0;
}

export function firstNonZero({ u8, u32 }: Heap, ptr: number, bytes: number): number {
  let offset = 0;
  while (offset + 4 <= bytes && u32[(ptr + offset) / 4] === 0) offset += 4;
  while (offset < bytes && u8[ptr + offset] === 0) offset++;
  return offset < bytes ? offset : -1;
}
