/**
 * `@libmedia/cheap`: a heap in a shared WebAssembly.Memory behind one lock, the only one on npm
 * that threads can share. It brings 18 MB of files along (MIT licence), so it is not installed with
 * the others.
 */
import { createRequire } from "node:module";
import { heapContender, UnfitError } from "../contender.ts";
import type { ThreadHeap } from "../threads/run-script.ts";
import { openTeam } from "../threads/team.ts";
import type { Peer } from "./peer.ts";

/**
 * The part of the package that is used. A process has one heap, made when the package is loaded.
 */
interface Cheap {
  readonly Allocator: {
    malloc(size: number): number;
    calloc(count: number, size: number): number;
    realloc(ptr: number, size: number): number;
    alignedAlloc(alignment: number, size: number): number;
    free(ptr: number): void;
  };
  getHeapU8(): Uint8Array;
  initThread(options: { memory: WebAssembly.Memory; id: number; disableAsm: boolean }): Promise<void>;
}

/** Threads that wait for its lock make a million operations per second, or fewer. */
const MOST_OPERATIONS = 500_000;

const require = createRequire(import.meta.url);
const load = (): Cheap => require("@libmedia/cheap/internal") as Cheap;

export const libmediaCheap: Peer = {
  id: "cheap",
  doc: "@libmedia/cheap, one lock around a heap that threads share, from npm",
  async find() {
    try {
      require.resolve("@libmedia/cheap/internal");
    } catch {
      return { unavailable: "not available: install it with npm install --no-save @libmedia/cheap" };
    }
    return {
      ...heapContender("@libmedia/cheap", () => heapOf(load())),
      async openThreads(workload) {
        const { operations } = workload;
        if (operations > MOST_OPERATIONS) {
          throw new UnfitError(`its threads wait for one lock: ${operations} operations would take too long`);
        }
        load();
        const { Memory } = require("@libmedia/cheap") as { Memory: WebAssembly.Memory };
        return openTeam(workload, { cheapMemory: Memory });
      },
    };
  },
};

/** In another thread than the one that made the memory. */
export async function joinCheap(memory: WebAssembly.Memory, thread: number): Promise<ThreadHeap> {
  const cheap = load();
  await cheap.initThread({ memory, id: thread + 1, disableAsm: false });
  return heapOf(cheap);
}

function heapOf(cheap: Cheap): ThreadHeap {
  const { Allocator } = cheap;
  return {
    malloc: (size) => Allocator.malloc(size),
    calloc: (count, size) => Allocator.calloc(count, size),
    realloc: (ptr, size) => Allocator.realloc(ptr, size),
    memalign: (alignment, size) => Allocator.alignedAlloc(alignment, size),
    free: (ptr) => Allocator.free(ptr),
    get u8() {
      return cheap.getHeapU8();
    },
  };
}
