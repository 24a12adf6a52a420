/** A build that runs: each instance is a module of its own. */
import { type Contender, heapContender } from "./contender.ts";
import type { LoopFactory } from "./fresh-copy.ts";
import type { CreateHeap, Heap, HeapModule } from "./heap.ts";

export interface CodeBytes {
  readonly raw: number;
  readonly min: number;
  readonly gzip: number;
}

/** Plain data: it travels to the measuring process as JSON. */
export interface Build {
  readonly name: string;
  readonly alignment: number;
  readonly bytes: CodeBytes;
  /** The text of `index.js`. */
  readonly code: string;
}

export interface Variant {
  readonly name: string;
  /** A module of its own each time: what V8 learned about another one's code does not reach it. */
  instantiate(): Promise<CreateHeap>;
}

let instances = 0;

export function variantOf({ name, code }: Build): Variant {
  return {
    name,
    async instantiate() {
      return (await heapModule(code)).createHeap;
    },
  };
}

export async function heapModule(code: string): Promise<HeapModule> {
  const unique = `${code}\n// instance ${instances++}\n`;
  return import(`data:text/javascript;base64,${Buffer.from(unique).toString("base64")}`);
}

/** A heap of the size that the spec reserves, unless the work needs more. */
export function createHeapFor(createHeap: CreateHeap, work: { peakLiveBytes: number }): Heap {
  return createHeapOf(createHeap, maxBytesFor(work));
}

export function createHeapOf(createHeap: CreateHeap, maxBytes: number | undefined): Heap {
  return createHeap(maxBytes === undefined ? undefined : { maxBytes });
}

export function maxBytesFor({ peakLiveBytes }: { peakLiveBytes: number }): number | undefined {
  const enough = 2 ** Math.ceil(Math.log2(4 * peakLiveBytes));
  return enough > 64 * 2 ** 20 ? enough : undefined;
}

export function variantContender(variant: Variant, copy?: LoopFactory): Contender {
  return heapContender(
    variant.name,
    async (workload) => createHeapFor(await variant.instantiate(), workload),
    copy,
  );
}
