/** A thread of a team: joins the heap, then does what its team is told until the team ends. */
import { parentPort } from "node:worker_threads";
import { neverFull, UnfitError } from "../contender.ts";
import { freshCopy } from "../fresh-copy.ts";
import { callsOf } from "../heap.ts";
import { joinCheap } from "../peers/libmedia-cheap.ts";
import { createHeapOf, heapModule } from "../variant.ts";
import { type Mail, scriptLoop, type ThreadHeap } from "./run-script.ts";
import type { Script } from "./script.ts";

/** The heap of the team: of a build, one thread's own or attached by its handle; or the peer's. */
export type HeapSource =
  | { readonly code: string; readonly maxBytes: number | undefined }
  | { readonly code: string; readonly handle: unknown }
  | { readonly cheapMemory: WebAssembly.Memory };

/** What a member knows; structured-cloneable. */
export interface Seat {
  readonly name: string;
  readonly source: HeapSource;
  readonly thread: number;
  readonly script: Script;
  readonly mail: Mail;
  readonly control: Int32Array;
  /** By thread: the calls of its last run that were made in time. */
  readonly calls: Float64Array;
  /** Looks at a flag before the thread sleeps. */
  readonly looks: number;
}

/** Words of `control`. */
export const Control = { turn: 0, command: 1, done: 2, failed: 3, length: 4 } as const;

export const Command = {
  /** As `run`, and proves that no call fails. */
  verify: 0,
  /** One member looks whether all blocks are free; the others have ended their run. */
  count: 1,
  run: 2,
} as const;

/** What a member tells its team, besides an error that it throws. */
export type Answer = "ready" | { readonly unfit: string };

export async function takeSeat(seat: Seat): Promise<void> {
  const { control, calls, thread } = seat;
  try {
    const heap = await join(seat);
    const { words, slots } = seat.script;
    const addresses = new Uint32Array(slots);
    const { flags, cells, over } = seat.mail;
    const verify = freshCopy(scriptLoop, { calls: neverFull(heap, seat.name), heap });
    const run = freshCopy(scriptLoop, { calls: callsOf(heap), heap });
    say("ready");
    for (let turn = 0; ; turn++) {
      while (Atomics.load(control, Control.turn) === turn) Atomics.wait(control, Control.turn, turn);
      const command = Atomics.load(control, Control.command);
      if (command === Command.run) calls[thread] = run(words, addresses, flags, cells, over, seat.looks);
      else if (command === Command.verify) verify(words, addresses, flags, cells, over, seat.looks);
      else refuseLeaks(heap, seat.name);
      Atomics.add(control, Control.done, 1);
      Atomics.notify(control, Control.done);
    }
  } catch (error) {
    Atomics.store(control, Control.failed, 1);
    Atomics.notify(control, Control.done);
    if (!(error instanceof UnfitError)) throw error;
    say({ unfit: error.message });
  }
}

const say = (answer: Answer): void => parentPort?.postMessage(answer);

async function join({ source, thread }: Seat): Promise<TeamHeap> {
  if ("cheapMemory" in source) return joinCheap(source.cheapMemory, thread);
  const build = await heapModule(source.code);
  if (!("handle" in source)) return createHeapOf(build.createHeap, source.maxBytes);
  return (build.attachHeap as NonNullable<typeof build.attachHeap>)(source.handle);
}

interface TeamHeap extends ThreadHeap {
  /** Absent in peers. */
  stats?(): { readonly liveBlocks: number };
}

function refuseLeaks(heap: TeamHeap, workload: string): void {
  const liveBlocks = heap.stats?.().liveBlocks ?? 0;
  if (liveBlocks !== 0) {
    throw new Error(`${liveBlocks} blocks are live after ${workload}, although all were freed`);
  }
}
