/** Scenarios of threads on one heap. They run with workers of Node and with those of a page. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import type { Heap } from "../../templates/host/api.ts";
import type { HeapModule } from "../support/emitted.ts";
import { growthScenarios } from "./growth-scenarios.ts";
import type { Host } from "./host.ts";
import { between, equal, refuses } from "./require.ts";
import { mostWhenUnused, Team } from "./team.ts";

const MiB = 1 << 20;

/** A build for many threads, and who can run it. */
export interface Subject {
  readonly module: HeapModule;
  readonly kernel: KernelSpec;
  readonly host: Host;
}

export interface Effort {
  /** Operations of all workers together. */
  readonly operations: number;
  /** Workers besides the thread that made the heap, at most; and how many of them are killed. */
  readonly workers: number;
  readonly kills: number;
}

export interface Scenario {
  readonly title: string;
  /** Somebody dies, or might: a heap without `reclaim` is none for this. */
  readonly mortal?: boolean;
  /** It asks where blocks lie: guards keep freed blocks from reuse, and move what grows. */
  readonly placed?: boolean;
  run(subject: Subject, effort: Effort): Promise<void>;
}

export const scenarios: readonly Scenario[] = [
  {
    title: "blocks pass between workers, and all of them come home",
    async run({ module, kernel, host }, { operations, workers }) {
      const heap = module.createHeap();
      const team = new Team(heap, host);
      const fresh = heap.stats().committedBytes;
      const threads = Math.min(workers, kernel.threads - 1);
      await team.run(threads, operations / threads);
      heap.check();
      equal("blocks alive", heap.stats().liveBlocks, team.live);
      team.freeAll();
      heap.detach();
      heap.check();
      const { liveBlocks, committedBytes } = heap.stats();
      equal("blocks alive when all were freed", liveBlocks, 0);
      between("committed bytes of an unused heap", committedBytes, 0, mostWhenUnused(kernel, fresh));
    },
  },
  {
    title: "a full heap answers 0 to all, and recovers",
    async run({ module, kernel, host }, { workers }) {
      const heap = module.createHeap({ maxBytes: 6 * MiB });
      const team = new Team(heap, host);
      const threads = Math.min(workers, kernel.threads - 1);
      let all = 0;
      for (let ptr = heap.malloc(256); ptr !== 0; ptr = heap.malloc(256)) {
        heap.u32[ptr >>> 2] = all;
        all = ptr;
      }
      equal("requests refused", await team.run(threads, 2000), threads * 1000);
      for (let ptr = all; ptr !== 0; ) {
        const following = heap.u32[ptr >>> 2];
        heap.free(ptr);
        ptr = following;
      }
      heap.detach();
      await team.run(threads, 20_000);
      heap.check();
      equal("blocks alive", heap.stats().liveBlocks, team.live);
    },
  },
  {
    title: "workers killed anywhere lose at most a block each, and block nobody",
    mortal: true,
    async run({ module, kernel, host }, { workers, kills }) {
      const heap = module.createHeap({ maxBytes: 64 * MiB });
      const team = new Team(heap, host);
      const startMortal = () => team.start(Number.MAX_SAFE_INTEGER);
      const count = Math.min(workers, 3, kernel.threads - 1);
      const mortals = await Promise.all(Array.from({ length: count }, startMortal));
      for (let i = 0; i < kills; i++) {
        await pause((i * 7) % 10);
        await mortals[i % count].kill();
        mortals[i % count] = await startMortal();
        const ptr = heap.malloc(100);
        equal("the heap is full", ptr === 0, false);
        heap.free(ptr);
      }
      await Promise.all(mortals.map((mortal) => mortal.kill()));
      heap.check();
      const lost = heap.stats().liveBlocks - team.live;
      // One by the call that was interrupted, or one that its user held: in `realloc` it may be
      // both.
      between("blocks lost", lost, 0, kills + count + team.killedMoving);

      // Everything else can be allocated: with what was lost, the blocks fill the heap as well as
      // in a new one.
      team.freeAll();
      const lostBytes = heap.stats().liveBytes;
      const slabBytes = 1 << kernel.pageShift;
      const wholeSlab = slabBytes - kernel.headerBytes - kernel.guards.redZone;
      const room = fill(heap, wholeSlab);
      const fresh = module.createHeap({ maxBytes: 64 * MiB });
      // A free that was interrupted has a block in hand that no figure shows: guards look at it,
      // and fill it, before it goes home.
      if (kernel.guards.states) return;
      // A lost block keeps its slab, or the slabs of its run.
      const kept = lost * slabBytes + lostBytes + lost * slabBytes;
      between("blocks that fit", room, fill(fresh, wholeSlab) - kept / slabBytes, room);
    },
  },
  {
    title: "large blocks, in a memory that grows where it can: nothing of it is lost",
    async run({ module, kernel, host }, { workers }) {
      const maxBytes = 48 * MiB;
      for (let round = 0; round < 3; round++) {
        const heap = module.createHeap({ maxBytes });
        const team = new Team(heap, host);
        await team.run(Math.min(workers, kernel.threads - 1), 2000, 32);
        heap.check();
        equal("blocks alive", heap.stats().liveBlocks, team.live);
        team.freeAll();
        heap.detach();
        const again = module.attachHeap(heap.handle);
        const bytes = 1 << kernel.pageShift;
        const fresh = module.createHeap({ maxBytes });
        equal("blocks that fit", fill(again, bytes), fill(fresh, bytes));
        between("bytes of the memory", again.buffer.byteLength, 0, maxBytes);
      }
    },
  },
  {
    title: "attaching and detaching 10,000 times leaks no slot",
    async run({ module: { createHeap, attachHeap } }) {
      const heap = createHeap({ maxBytes: 8 * MiB });
      for (let i = 0; i < 10_000; i++) {
        const other = attachHeap(heap.handle);
        other.free(other.malloc(40));
        other.detach();
      }
      heap.check();
      equal("blocks alive", heap.stats().liveBlocks, 0);
    },
  },
  {
    title: "all slots taken, a slot reserved, a slot given back",
    mortal: true,
    async run({ module: { createHeap, attachHeap }, kernel: { threads } }) {
      const heap = createHeap({ maxBytes: 8 * MiB });
      const others = Array.from({ length: threads - 1 }, () => attachHeap(heap.handle));
      equal("slots", new Set([heap, ...others].map(({ threadSlot }) => threadSlot)).size, threads);
      refuses(() => attachHeap(heap.handle), `all ${threads} thread slots are taken`);
      refuses(() => heap.reserve(), `all ${threads} thread slots are taken`);
      others[0].detach();
      const reserved = heap.reserve();
      const { threadSlot } = reserved;
      refuses(() => attachHeap(heap.handle), "slots are taken");
      equal("the slot attached to", attachHeap(reserved).threadSlot, threadSlot);
      refuses(() => attachHeap(reserved), `thread slot ${threadSlot} is not reserved`);
    },
  },
  {
    title: "a reserved slot is kept for its worker until it is reclaimed",
    mortal: true,
    async run({ module: { createHeap, attachHeap }, kernel: { threads } }) {
      const heap = createHeap({ maxBytes: 8 * MiB });
      const handle = heap.reserve();
      attachHeap(handle).detach();
      for (let others = 2; others < threads; others++) attachHeap(heap.handle);
      refuses(() => attachHeap(heap.handle), `all ${threads} thread slots are taken`);
      heap.reclaim(handle.threadSlot);
      equal("the slot reserved next", heap.reserve().threadSlot, handle.threadSlot);
    },
  },
  {
    title: "a slab that its owner has left is adopted with what was freed meanwhile",
    placed: true,
    async run({ module: { createHeap, attachHeap }, kernel: { refill } }) {
      const heap = createHeap({ maxBytes: 8 * MiB });
      const other = attachHeap(heap.handle);
      const blocks = Array.from({ length: 100 }, () => other.malloc(1000));
      for (const ptr of blocks.slice(0, 50)) heap.free(ptr);
      other.detach();
      for (const ptr of blocks.slice(50)) heap.free(ptr);
      heap.check();
      equal("blocks alive", heap.stats().liveBlocks, 0);
      const again = new Set(Array.from({ length: 100 }, () => heap.malloc(1000)));
      const adopted = blocks.filter((ptr) => again.has(ptr)).length;
      // Where adoption is not chosen, a slab is adopted when the heap seems full; this one is not.
      between("blocks of the adopted slabs", adopted, refill.adopt ? 1 : 0, blocks.length);
    },
  },
  ...growthScenarios,
];

/** Those that a build can play. */
export function scenariosFor({ reclaim, guards }: KernelSpec): Scenario[] {
  return scenarios.filter(({ mortal, placed }) => (reclaim || !mortal) && !(guards.states && placed));
}

/** B1 showed in this matrix: caps by lists by threads. `cap: 0` is a heap without the tier. */
export async function seedMatrix({ module, kernel, host }: Subject, threads: number): Promise<void> {
  const team = new Team(module.createHeap({ maxBytes: 64 * MiB }), host);
  await team.run(Math.min(threads, kernel.threads - 1), 100_000);
  team.heap.check();
  equal("blocks alive", team.heap.stats().liveBlocks, team.live);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** How many blocks of so many bytes there is room for. */
function fill(heap: Heap, size: number): number {
  let blocks = 0;
  while (heap.malloc(size) !== 0) blocks++;
  return blocks;
}
