import type { Contender, OpenContender } from "../contender.ts";
import type { ThreadedWorkload } from "../threads/threaded-workload.ts";

/** An allocator of somebody else's. */
export interface Peer {
  readonly id: string;
  readonly doc: string;
  /** What it takes to measure it, or why it cannot be had here and how to get it. */
  find(): Promise<PeerContender | { readonly unavailable: string }>;
}

export interface PeerContender extends Contender {
  /** Absent where the peer knows one thread only. */
  openThreads?(workload: ThreadedWorkload): Promise<OpenContender>;
}
