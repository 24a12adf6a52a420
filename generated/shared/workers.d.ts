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
export declare function reclaimOnExit(heap: {
    reclaim(threadSlot: number): void;
}, handle: Slot, worker: NodeWorker): void;
/**
 * Browsers: reserves a slot for a worker, and reclaims it when the worker that has taken it
 * ended. Should none come to take it, `heap.reclaim(loan.handle.threadSlot)` gives it back.
 */
export declare function lendSlot<Handle extends Slot>(heap: Lender<Handle>): Loan<Handle>;
/** Browsers, in the worker: the handle to attach with, once its slot is sure to be reclaimed. */
export declare function takeSlot<Handle extends Slot>({ handle, lock }: Loan<Handle>): Promise<Handle>;
export {};
