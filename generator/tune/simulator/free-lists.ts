/**
 * The front tiers of a simulated heap: freed blocks by class, each known by its slab. The rules are
 * those of `templates/kernel/tiers/fast.ts` and `tls-sll.ts`.
 */
import type { KernelSpec } from "../../../spec/kernel-spec.ts";
import type { SlabPage } from "./heap.ts";

export class FreeLists {
  /** Per class, in the order in which the blocks were freed: F1, and F2. */
  readonly #fast: SlabPage[][];
  readonly #listed: SlabPage[][];
  /** The class behind which the next drain goes on. */
  #drained = 0;
  #untilDrain: number;

  constructor(
    private readonly kernel: KernelSpec,
    private readonly freeToSlab: (slab: SlabPage) => void,
  ) {
    const perClass = () => Array.from({ length: kernel.classCount + 1 }, () => [] as SlabPage[]);
    this.#fast = perClass();
    this.#listed = perClass();
    this.#untilDrain = kernel.tlsSll.drainEvery;
  }

  /** The block freed last, or 0. */
  take(c: number): SlabPage {
    return this.#fast[c]!.pop() ?? this.#listed[c]!.pop() ?? 0;
  }

  /** Keeps a freed block, unless it goes home. */
  keep(c: number, slab: SlabPage): boolean {
    const { fast, tlsSll } = this.kernel;
    if (c !== 0 && this.#fast[c]!.length < fast.caps[c]!) {
      this.#fast[c]!.push(slab);
      return true;
    }
    const isListed = c >= tlsSll.first && c <= tlsSll.last && this.#listed[c]!.length < tlsSll.caps[c]!;
    if (!isListed) return false;
    this.#listed[c]!.push(slab);
    if (tlsSll.drainEvery > 0) this.#countFree();
    return true;
  }

  /** A refill puts `blocks` blocks of a slab on an empty list. */
  fill(c: number, slab: SlabPage, blocks: number): void {
    for (let i = 0; i < blocks; i++) this.#listed[c]!.push(slab);
  }

  /** Gives all of F1 and up to `most` blocks of F2 back to their slabs, the next ones each time. */
  drain(most: number): void {
    for (const list of this.#fast) {
      for (let slab = list.pop(); slab !== undefined; slab = list.pop()) this.freeToSlab(slab);
    }
    const { classCount, tlsSll } = this.kernel;
    if (!tlsSll.on) return;
    let left = most;
    let c = this.#drained;
    for (let i = 1; i <= classCount; i++) {
      c = c < classCount ? c + 1 : 1;
      left -= this.#drainSome(c, left);
      if (left <= 0) {
        this.#drained = c - 1;
        return;
      }
    }
  }

  #drainSome(c: number, most: number): number {
    const list = this.#listed[c]!;
    const blocks = Math.min(list.length, most);
    for (let i = 0; i < blocks; i++) this.freeToSlab(list.pop()!);
    return blocks;
  }

  #countFree(): void {
    if (--this.#untilDrain > 0) return;
    for (let c = 1; c <= this.kernel.classCount; c++) this.#drainSome(c, Number.POSITIVE_INFINITY);
    this.#untilDrain = this.kernel.tlsSll.drainEvery;
  }
}
