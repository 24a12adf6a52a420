/**
 * Entities of a game or a simulation, each a struct in linear memory. Entities come and go in any
 * order, and no object is made for one of them: a system walks the addresses with a single cursor.
 */
import { type Ptr, struct, type TypedHeap } from "slabsmith/typed";
import { createHeap } from "../generated/single/allocator.ts";

const Body = struct({ x: "f32", y: "f32", dx: "f32", dy: "f32", born: "u32" });

/** What the store needs of a heap. */
interface StoreHeap extends TypedHeap {
  free(ptr: Ptr): void;
}

export class Bodies {
  readonly #heap: StoreHeap;
  /** Addresses of the entities, without gaps: a removed one is replaced by the last. */
  readonly #addresses: Ptr[] = [];

  constructor(heap: StoreHeap) {
    this.#heap = heap;
  }

  get size(): number {
    return this.#addresses.length;
  }

  add(x: number, y: number, dx: number, dy: number, born: number): void {
    const body = Body.malloc(this.#heap);
    if (body === undefined) throw new Error("the heap is full");
    Object.assign(body, { x, y, dx, dy, born });
    this.#addresses.push(body.ptr);
  }

  /** Moves every body, and removes those that were born before `oldest`. */
  step(seconds: number, oldest: number): void {
    const body = Body.at(this.#heap, 0);
    for (let index = this.#addresses.length - 1; index >= 0; index--) {
      body.ptr = this.#addresses[index] as Ptr;
      if (body.born < oldest) {
        this.#heap.free(body.ptr);
        const last = this.#addresses.pop() as Ptr;
        if (index < this.#addresses.length) this.#addresses[index] = last;
      } else {
        body.x += body.dx * seconds;
        body.y += body.dy * seconds;
      }
    }
  }

  /** Sum of all places, as a sample of what a system computes. */
  sum(): { x: number; y: number } {
    const body = Body.at(this.#heap, 0);
    let [x, y] = [0, 0];
    for (body.ptr of this.#addresses) {
      x += body.x;
      y += body.y;
    }
    return { x, y };
  }
}

const heap = createHeap({ maxBytes: 16 << 20 });
const bodies = new Bodies(heap);
const FRAMES = 200;
const LIFETIME = 50;
for (let frame = 0; frame < FRAMES; frame++) {
  for (let count = 0; count < 100; count++) bodies.add(count, frame, 1, 0.5, frame);
  bodies.step(0.5, frame - LIFETIME + 1);
}
const { liveBlocks, committedBytes } = heap.stats();
heap.check();
console.log(`bodies ${bodies.size}, blocks ${liveBlocks}, sum of x ${bodies.sum().x}`);
console.log(`less than 300 KiB for 20,000 bodies: ${committedBytes < 300 * 1024}`);
