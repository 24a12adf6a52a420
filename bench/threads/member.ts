/** A thread of a team: joins the heap, then does what its team is told until the team ends. */
import { parentPort } from "node:worker_threads";
import { neverFull, UnfitError } from "../contender.ts";
import { freshCopy } from "../fresh-copy.ts";
import { heapModule } from "../variant.ts";
import { type Mail, scriptLoop, type ThreadHeap } from "./run-script.ts";
import type { Script } from "./script.ts";

/** The heap a thread uses: of a build, its own or shared by handle. */
export interface HeapSource {
  readonly code: string;
  readonly maxBytes?: number;
  readonly handle?: unknown;
}

/** What a member knows; structured-cloneable. */
export interface Seat {
  readonly name: string;
  readonly source: HeapSource;
  readonly script: Script;
  readonly mail: Mail;
  readonly control: Int32Array;
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
  const { control } = seat;
  try {
    const heap = await join(seat.source);
    const { words, slots } = seat.script;
    const addresses = new Uint32Array(slots);
    const { flags, cells } = seat.mail;
    const verify = freshCopy(scriptLoop, withBytes(heap, neverFull(heap, seat.name)));
    const run = freshCopy(scriptLoop, heap);
    say("ready");
    for (let turn = 0; ; turn++) {
      while (Atomics.load(control, Control.turn) === turn) Atomics.wait(control, Control.turn, turn);
      const command = Atomics.load(control, Control.command);
      if (command === Command.run) run(words, addresses, flags, cells);
      else if (command === Command.verify) verify(words, addresses, flags, cells);
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

async function join({ code, maxBytes, handle }: HeapSource): Promise<TeamHeap> {
  const { createHeap, attachHeap } = await heapModule(code);
  if (handle === undefined) return createHeap(maxBytes === undefined ? undefined : { maxBytes });
  if (!attachHeap) throw new UnfitError(ONE_THREAD);
  return attachHeap(handle);
}

export const ONE_THREAD = "its heap is for one thread (no attachHeap)";

interface TeamHeap extends ThreadHeap {
  stats(): { readonly liveBlocks: number };
}

function withBytes(heap: ThreadHeap, calls: Omit<ThreadHeap, "u8">): ThreadHeap {
  return {
    ...calls,
    get u8() {
      return heap.u8;
    },
  };
}

function refuseLeaks(heap: TeamHeap, workload: string): void {
  const { liveBlocks } = heap.stats();
  if (liveBlocks !== 0) {
    throw new Error(`${liveBlocks} blocks are live after ${workload}, although all were freed`);
  }
}
