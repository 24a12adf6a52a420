/** Gate: something that a build must pass before it becomes a package. */
import type { Heap, HeapModule } from "../../bench/heap.ts";
import type { ResolvedSpec } from "../../spec/resolve.ts";
import type { GeneratedVariant } from "../pipeline.ts";

export interface Candidate {
  readonly resolved: ResolvedSpec;
  readonly variant: GeneratedVariant;
  /** Text of `index.js`, and of `index.min.js`, which must not answer otherwise. */
  readonly code: string;
  readonly minified: string;
  /** A heap of the minified build with room for so many live bytes. */
  readonly createHeap: (peakLiveBytes: number) => Promise<Heap>;
}

/** What a gate has seen to hold: the same words for the same input. */
export interface Evidence {
  readonly gate: string;
  readonly shown: string;
}

export interface Gate {
  readonly name: string;
  /** Answers what was seen to hold; throws a `GateClosed` otherwise. */
  readonly pass: (candidate: Candidate) => Promise<string>;
}

export class GateClosed extends Error {
  override readonly name = "GateClosed";
}

export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new GateClosed(message);
}

/** A heap of any build, with room for a work's live bytes and what fragmentation takes. */
export function roomyHeap({ createHeap }: HeapModule, { spec }: ResolvedSpec, peakLiveBytes: number): Heap {
  const { baseBytes, maxBytes } = spec.memory;
  const enough = baseBytes + Math.max(64 * 2 ** 20, 2 ** Math.ceil(Math.log2(4 * peakLiveBytes)));
  return createHeap({ maxBytes: Math.max(enough, maxBytes) });
}
