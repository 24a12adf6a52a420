import type { Contender } from "../contender.ts";

/** An allocator of somebody else's. */
export interface Peer {
  readonly id: string;
  readonly doc: string;
  /** What it takes to measure it, or why it cannot be had here and how to get it. */
  find(): Promise<Contender | { readonly unavailable: string }>;
}
