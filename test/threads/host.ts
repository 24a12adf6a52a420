/** Where workers come from: Node, or a page. */
import type { Heap } from "../../templates/host/api.ts";
import type { Task } from "./work.ts";

export interface Host {
  /** A worker that has attached to the heap and does its task, then detaches and ends. */
  start(heap: Heap, task: Task): Promise<Member>;
}

export interface Member {
  /** When the worker has ended and its slot is reclaimed: how many requests found the heap full. */
  readonly end: Promise<number>;
  /** Ends the worker in the middle of whatever it does; then its `end` has come. */
  kill(): Promise<number>;
}

/** What a worker tells: that it has attached, and how its task went. */
export type Message = "attached" | { readonly refused: number };
