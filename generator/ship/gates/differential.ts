/**
 * Differential: the same calls on the build and on the flagged one that is given its spec, which
 * must answer the same.
 */
import type { Heap } from "../../../bench/heap.ts";
import { verifyReplay } from "../../../bench/replay-verify.ts";
import { KIND_BITS, KIND_MASK, Kind, parseTrace, type Trace } from "../../../bench/trace.ts";
import { heapModule } from "../../../bench/variant.ts";
import { resolveSpec } from "../../../spec/resolve.ts";
import { generateVariant } from "../../pipeline.ts";
import { type Candidate, demand, type Gate, GateClosed, roomyHeap } from "../gate.ts";

/** Calls, blocks that live at once, largest size: small ones, all sizes, page runs. */
const SCRIPTS = [
  { seed: 1, calls: 20_000, live: 600, largest: 2 << 10 },
  { seed: 2, calls: 8_000, live: 40, largest: 2 << 20 },
  { seed: 3, calls: 3_000, live: 16, largest: 6 << 20 },
];

export const differential: Gate = {
  name: "differential",
  async pass(candidate) {
    const { code, resolved } = candidate;
    const twin = await twinOf(candidate);
    for (const script of SCRIPTS) {
      const trace = randomTrace(script);
      const create = async () => roomyHeap(await heapModule(code), resolved, trace.peakLiveBytes);
      const found = usableSizes(trace, await create());
      const expected = usableSizes(trace, await twin(trace.peakLiveBytes));
      const index = found.findIndex((usable, call) => {
        // How much longer than asked for a page block becomes depends on whether it could grow in
        // place: on addresses.
        const isResized = kindOf(trace, call) === Kind.realloc && usable > resolved.kernel.maxClassBytes;
        return usable !== expected[call] && !isResized;
      });
      demand(
        index < 0,
        `random calls, seed ${script.seed}, call ${index}: a block of ${found[index]} bytes, of ${expected[index]} in the flagged build`,
      );
      try {
        verifyReplay(trace, await create(), resolved.spec.alignment);
      } catch (error) {
        throw new GateClosed(`random calls, seed ${script.seed}: ${(error as Error).message}`);
      }
    }
    const calls = SCRIPTS.reduce((sum, script) => sum + script.calls, 0);
    return `${calls} random calls answered as by the build that reads its choices at run time`;
  },
};

/** A flagged build takes a spec as a second argument. */
type CreateFlagged = (options: { maxBytes: number }, spec: unknown) => Heap;

async function twinOf({ resolved }: Candidate): Promise<(peakLiveBytes: number) => Promise<Heap>> {
  const spec = resolveSpec({ ...resolved.spec, specialise: false, name: `${resolved.name}-flagged` });
  const { files } = await generateVariant(spec);
  const { createHeap } = await heapModule(String(files.get("index.js")));
  const module = {
    createHeap: (options?: { maxBytes?: number }) =>
      (createHeap as CreateFlagged)(options as { maxBytes: number }, spec.kernel),
  };
  return async (peakLiveBytes) => roomyHeap(module, resolved, peakLiveBytes);
}

function usableSizes({ words, alignments, operations, ids }: Trace, heap: Heap): number[] {
  const addresses = new Float64Array(ids);
  return Array.from({ length: operations }, (_, index) => {
    const id = (words[index * 2] as number) >>> KIND_BITS;
    const size = words[index * 2 + 1] as number;
    const old = addresses[id] as number;
    let ptr = 0;
    switch ((words[index * 2] as number) & KIND_MASK) {
      case Kind.malloc:
        ptr = heap.malloc(size);
        break;
      case Kind.calloc:
        ptr = heap.calloc(1, size);
        break;
      case Kind.memalign:
        ptr = heap.memalign(alignments[id] as number, size);
        break;
      case Kind.realloc:
        ptr = heap.realloc(old, size);
        break;
      default:
        heap.free(old);
    }
    addresses[id] = ptr;
    return ptr === 0 ? 0 : heap.usableSize(ptr);
  });
}

const kindOf = ({ words }: Trace, index: number) => (words[index * 2] as number) & KIND_MASK;

/** Sizes of all magnitudes, small ones most of all. */
function randomTrace({ seed, calls, live, largest }: (typeof SCRIPTS)[number]): Trace {
  let state = seed * 0x9e3779b1;
  const below = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const size = () => 1 + below(2 ** (1 + below(Math.floor(Math.log2(largest)))));
  const held: number[] = [];
  const lines: string[] = [];
  let id = 0;
  while (lines.length < calls) {
    const choice = below(100);
    if (held.length === live || (choice < 40 && held.length > 0)) {
      const [freed] = held.splice(below(held.length), 1);
      lines.push(`f ${freed}`);
    } else if (choice < 55 && held.length > 0) {
      lines.push(`r ${held[below(held.length)]} ${size()}`);
    } else {
      const alignment = 2 ** (3 + below(10));
      lines.push(
        choice < 85
          ? `a ${id} ${size()}`
          : choice < 95
            ? `z ${id} ${size()}`
            : `m ${id} ${size()} ${alignment}`,
      );
      held.push(id++);
    }
  }
  return parseTrace("random calls", lines.join("\n"));
}
