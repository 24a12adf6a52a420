/**
 * The footprint of a trace under a spec, told by a simulation: no build is generated, and no
 * allocator runs.
 */
import { KIND_BITS, KIND_MASK, Kind, type Trace } from "../../../bench/trace.ts";
import { maxBytesFor } from "../../../bench/variant.ts";
import type { ResolvedSpec } from "../../../spec/resolve.ts";
import { layOutMetadata } from "../../explain/metadata.ts";
import { SimulatedHeap } from "./heap.ts";

export interface Footprint {
  readonly peakCommittedBytes: number;
  readonly peakLiveBytes: number;
  /** Peak committed over peak requested bytes. */
  readonly committedPerLive: number;
}

/** Told before each operation, and once behind the last one. */
type Watcher = (operation: number, committedBytes: number, liveBytes: number) => void;

/** The simulator must know the spec (`whyNotSimulated`). Undefined: the heap would be too small. */
export function simulate(trace: Trace, resolved: ResolvedSpec, watch?: Watcher): Footprint | undefined {
  const sized = withRoomFor(trace, resolved);
  const { committed, firstPage } = layOutMetadata(sized);
  const heap = new SimulatedHeap(sized.kernel, { ...committed, firstPage });
  const slabs = new Int32Array(trace.ids);
  const sizes = new Float64Array(trace.ids);
  let live = 0;
  for (let index = 0; index < trace.operations; index++) {
    watch?.(index, heap.pages.committedBytes, live);
    const word = trace.words[index * 2]!;
    const size = trace.words[index * 2 + 1]!;
    const id = word >>> KIND_BITS;
    const kind = word & KIND_MASK;
    if (kind === Kind.free) {
      heap.free(slabs[id]!);
    } else {
      slabs[id] =
        kind === Kind.realloc
          ? heap.realloc(slabs[id]!, size)
          : kind === Kind.memalign
            ? heap.memalign(trace.alignments[id]!, size)
            : heap.malloc(size);
      if (slabs[id] === 0) return undefined;
    }
    live += size - sizes[id]!;
    sizes[id] = size;
  }
  watch?.(trace.operations, heap.pages.committedBytes, live);
  const { peakCommittedBytes } = heap.pages;
  const { peakLiveBytes } = trace;
  return { peakCommittedBytes, peakLiveBytes, committedPerLive: peakCommittedBytes / peakLiveBytes };
}

/** The heap that `createHeapFor` makes: as large as the spec says, or as the trace needs. */
function withRoomFor(trace: Trace, resolved: ResolvedSpec): ResolvedSpec {
  const { kernel } = resolved;
  const bytes = maxBytesFor(trace);
  if (bytes === undefined) return resolved;
  const maxPages = Math.floor(bytes / 2 ** kernel.pageShift);
  return { ...resolved, kernel: { ...kernel, memory: { ...kernel.memory, maxPages } } };
}
