/**
 * Workers and their thread slots: a slot is reclaimed when its worker has ended, however that
 * came about.
 *
 * Not sooner: a worker that was told to terminate still runs for a while, in Chromium for as long
 * as two seconds, and to reclaim the slot of a running thread damages the heap. Node says when a
 * worker has ended; browsers do not, but they release its locks then.
 */

/** Of a heap: what is asked of it here. */
interface Lender<Handle extends Slot> {
  reserve(): Handle;
  reclaim(threadSlot: number): void;
}

/** Of a handle. */
interface Slot {
  readonly threadSlot: number;
}

/** Of a worker of `node:worker_threads`. */
interface NodeWorker {
  once(event: "exit", listener: () => void): unknown;
}

/** A thread slot on loan to a worker of a page. It can be posted. */
export interface Loan<Handle extends Slot> {
  readonly handle: Handle;
  /** Name of the lock that the worker holds while it lives. */
  readonly lock: string;
}

/** Node: reclaims the slot that `heap.reserve()` gave for a worker when that worker has ended. */
export function reclaimOnExit(
  heap: { reclaim(threadSlot: number): void },
  handle: Slot,
  worker: NodeWorker,
): void {
  worker.once("exit", () => heap.reclaim(handle.threadSlot));
}

/**
 * Browsers: reserves a slot for a worker, and reclaims it when the worker that has taken it
 * ended. Should none come to take it, `heap.reclaim(loan.handle.threadSlot)` gives it back.
 */
export function lendSlot<Handle extends Slot>(heap: Lender<Handle>): Loan<Handle> {
  const handle = heap.reserve();
  const lock = `thread slot ${crypto.randomUUID()}`;
  const taken = new BroadcastChannel(lock);
  taken.onmessage = () => {
    taken.close();
    navigator.locks.request(lock, () => heap.reclaim(handle.threadSlot));
  };
  return { handle, lock };
}

/** Browsers, in the worker: the handle to attach with, once its slot is sure to be reclaimed. */
export async function takeSlot<Handle extends Slot>({ handle, lock }: Loan<Handle>): Promise<Handle> {
  await new Promise<void>((held) => {
    navigator.locks.request(lock, () => {
      held();
      return new Promise(() => {});
    });
  });
  const taken = new BroadcastChannel(lock);
  taken.postMessage("taken");
  taken.close();
  return handle;
}
