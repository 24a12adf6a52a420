/** Bad arguments: a call answers 0 or does nothing, and the heap is as it was. */
import { demand, type Gate } from "../gate.ts";

const NO_SIZES = [
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 31,
  2 ** 32,
  2 ** 53,
];
const NO_ALIGNMENTS = [0, -16, 3, 24, Number.NaN];

export const misuse: Gate = {
  name: "bad arguments",
  async pass({ createHeap, resolved }) {
    const heap = await createHeap(0);
    const { alignment } = resolved.spec;
    const kept = heap.malloc(100);
    heap.u8.fill(0xa5, kept, kept + 100);
    const before = JSON.stringify(heap.stats());
    let calls = 0;
    const refused = (call: string, answer: number) => {
      demand(answer === 0, `${call} answers ${answer}, not 0`);
      calls++;
    };
    for (const size of NO_SIZES) {
      refused(`malloc(${size})`, heap.malloc(size));
      refused(`calloc(1, ${size})`, heap.calloc(1, size));
      refused(`calloc(${size}, 2)`, heap.calloc(size, 2));
      refused(`realloc(ptr, ${size})`, heap.realloc(kept, size));
      refused(`memalign(${alignment}, ${size})`, heap.memalign(alignment, size));
    }
    refused("calloc(65536, 65536)", heap.calloc(65536, 65536));
    for (const multiple of NO_ALIGNMENTS) refused(`memalign(${multiple}, 16)`, heap.memalign(multiple, 16));
    heap.free(0);
    demand(JSON.stringify(heap.stats()) === before, "calls that were refused have changed stats()");
    const isIntact = heap.u8.subarray(kept, kept + 100).every((byte) => byte === 0xa5);
    demand(isIntact, "calls that were refused have changed a block");

    const [one, two] = [heap.malloc(0), heap.malloc(0)];
    demand(one !== 0 && two !== 0 && one !== two, "malloc(0) is no block of its own");
    const fresh = heap.realloc(0, 10);
    demand(fresh !== 0, "realloc(0, 10) answers 0");
    demand(heap.realloc(fresh, 0) === 0, "realloc(ptr, 0) does not answer 0");
    for (const ptr of [kept, one, two]) heap.free(ptr);
    demand(heap.stats().liveBlocks === 0, "blocks are live after all were freed");
    heap.check?.();
    return `${calls} calls with bad arguments refused, nothing changed`;
  },
};
