/**
 * A crowd: several attachments to one heap in one thread, which take turns by calls. Blocks pass
 * between them, they leave and come, and some vanish without a word and are reclaimed. It shows no
 * races, and everything else, at no cost.
 */
import type { Heap } from "../../templates/host/api.ts";
import type { HeapModule } from "./emitted.ts";
import { Ledger } from "./ledger.ts";
import { type Operation, play, randomNumbers } from "./script.ts";
import type { Variant } from "./variants.ts";

export class Crowd {
  readonly ledger: Ledger;
  /** Attachments; the first one stays to the end. */
  readonly #heaps: Heap[];
  #current: Heap;

  constructor(
    private readonly module: HeapModule,
    private readonly variant: Variant,
    bytes: number,
  ) {
    const first = module.createHeap({ maxBytes: variant.baseBytes + bytes });
    this.#heaps = [first];
    this.#current = first;
    this.ledger = new Ledger(this.#facade(first), variant.alignment);
  }

  get first(): Heap {
    return this.#heaps[0];
  }

  /** Plays the operations, each by any of `size` attachments. */
  play(script: readonly Operation[], size: number, seed: number): void {
    const random = randomNumbers(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    const chosen = script.filter(({ call }) => call !== "detach");
    const each = Math.ceil(chosen.length / 60);
    while (this.#heaps.length < size) this.#heaps.push(this.module.attachHeap(this.first.handle));
    for (let at = 0; at < chosen.length; at += each) {
      // Slots of the script are its own: what a part leaves alive the next parts do not name.
      this.#turn(chosen.slice(at, at + each), below);
      if (below(4) === 0) this.#replace(1 + below(size - 1), below(2) === 0);
      if (below(5) === 0) this.#audit();
    }
  }

  #turn(script: readonly Operation[], below: (limit: number) => number): void {
    for (const operation of script) {
      this.#current = this.#heaps[below(this.#heaps.length)];
      if (operation.call !== "free") play(this.ledger, [operation]);
      else {
        const live = [...this.ledger.live];
        const victim = live[below(live.length)];
        if (victim !== undefined) this.ledger.free(victim);
      }
    }
  }

  /** One attachment ends, in order or dead, and another one takes its place. */
  #replace(which: number, dies: boolean): void {
    const heap = this.#heaps[which];
    if (heap === undefined) return;
    if (dies && this.variant.resolved.kernel.reclaim) this.first.reclaim(heap.threadSlot);
    else heap.detach();
    this.#heaps[which] = this.module.attachHeap(this.first.handle);
  }

  #audit(): void {
    this.#current = this.first;
    this.ledger.audit();
    for (const heap of this.#heaps) heap.check?.();
  }

  /** Frees all, each block by any attachment; all but the first one leave. */
  end(seed: number): void {
    const random = randomNumbers(seed);
    for (const block of this.ledger.live) {
      this.#current = this.#heaps[Math.floor(random() * this.#heaps.length)];
      this.ledger.free(block);
    }
    for (const heap of this.#heaps.slice(1)) heap.detach();
    this.#audit();
  }

  /** A heap whose calls go to whichever attachment has its turn. */
  #facade(first: Heap): Heap {
    const current = (): Heap => this.#current;
    return new Proxy(first, {
      get(_, name) {
        const heap = current();
        const value = Reflect.get(heap, name) as unknown;
        return typeof value === "function" ? value.bind(heap) : value;
      },
    });
  }
}
