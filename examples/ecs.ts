/**
 * Particles in `@thi.ng/ecs`, all arrays of which lie in a heap: the adapter makes the heap the
 * memory pool that an ECS asks for. `npx tsx examples/ecs.ts` runs it.
 */
import { fileURLToPath } from "node:url";
import { ECS, type Group, type MemMappedComponent } from "@thi.ng/ecs";
import type { IMemPoolArray } from "@thi.ng/malloc";
import { createHeap } from "../generated/single/allocator.ts";
import { memPool } from "../templates/adapters/thi-ng-malloc.ts";

interface Parts {
  pos: Float32Array;
  vel: Float32Array;
  age: Uint16Array;
}

type Name = keyof Parts;

/** Steps that a particle lives. */
export const LIFE = 60;

export class Particles {
  readonly #ecs: ECS<Parts>;
  readonly #components: readonly MemMappedComponent<Name>[];
  readonly #group: Group<Parts, Name>;
  #spawned = 0;

  constructor(pool: IMemPoolArray, capacity: number) {
    this.#ecs = new ECS({ capacity, pool });
    const component = (id: Name, type: "f32" | "u16", size: number): MemMappedComponent<Name> => {
      // From its pool an ECS takes only the two arrays that lead from an entity to its values and
      // back. The values lie where it is told, and must come from the pool, or they could not grow.
      const values = pool.callocAs(type, capacity * size);
      const buf = values?.buffer as ArrayBuffer | undefined;
      const made = this.#ecs.defComponent({ id, type, size, buf, byteOffset: values?.byteOffset });
      if (values === undefined || made === undefined) throw new RangeError(`no room for ${id}`);
      return made;
    };
    this.#components = [component("pos", "f32", 2), component("vel", "f32", 2), component("age", "u16", 1)];
    this.#group = this.#ecs.defGroup([...this.#components]);
  }

  get count(): number {
    return this.#group.n;
  }

  /** So many more begin in the middle. */
  spawn(count: number): void {
    for (; count > 0; count--) {
      const angle = this.#spawned++;
      const vel = Float32Array.of(Math.cos(angle), Math.sin(angle));
      this.#ecs.defEntity({ pos: new Float32Array(2), vel, age: new Uint16Array(1) });
    }
  }

  /** All move on, and who is old goes. */
  step(): void {
    const old: number[] = [];
    this.#group.forEachRaw(({ pos, vel, age }, id, i) => {
      pos.values[2 * i] += vel.values[2 * i];
      pos.values[2 * i + 1] += vel.values[2 * i + 1];
      age.values[i]++;
      if (age.values[i] === LIFE) old.push(id);
    });
    for (const id of old) this.#ecs.deleteID(id);
  }

  /** Room for more. The arrays move, and the group must be told: it still holds those of before. */
  grow(capacity: number): void {
    this.#ecs.setCapacity(capacity);
    const { info, cache } = this.#group;
    for (const { id, vals } of this.#components) Object.assign(info[id], { values: vals });
    cache.clear();
  }

  /** How many are how far from the middle, in steps. */
  rings(): number[] {
    const rings: number[] = [];
    this.#group.forEachRaw(({ pos }, _, i) => {
      const ring = Math.round(Math.hypot(pos.values[2 * i], pos.values[2 * i + 1]));
      rings[ring] = (rings[ring] ?? 0) + 1;
    });
    return rings;
  }
}

function main(): void {
  const heap = createHeap({ maxBytes: 16 << 20 });
  const pool = memPool(heap);
  const particles = new Particles(pool, 1024);
  for (let step = 1; step <= 300; step++) {
    if (step === 100) particles.grow(4096);
    particles.spawn(step < 100 ? 10 : 50);
    particles.step();
  }
  const rings = particles.rings();
  const { used } = pool.stats();
  console.log(`${particles.count} particles, ${rings.at(-1)} of them ${rings.length - 1} steps away`);
  console.log(`${used.count} blocks of the pool, ${used.size} bytes`);
  pool.release();
  heap.check();
  console.log(`live after release: ${heap.stats().liveBlocks} blocks`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
