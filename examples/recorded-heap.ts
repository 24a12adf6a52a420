/**
 * A heap that records: what a program allocates goes to a trace, which says how many blocks of
 * which sizes live for how long, and can be replayed by `slabsmith bench --trace`.
 * `npx tsx examples/recorded-heap.ts` runs it.
 */
import { createHeap } from "../generated/single/allocator.ts";
import { recordHeap } from "../templates/record/index.ts";

/** Names, each in a block of its own; a longer one replaces it. */
function work(heap: Pick<ReturnType<typeof createHeap>, "malloc" | "realloc" | "free">): void {
  const names = Array.from({ length: 1000 }, (_, i) => heap.malloc(8 + (i % 40)));
  names.forEach((name, i) => {
    if (i % 2 === 0) names[i] = heap.realloc(name, 100);
  });
  for (const name of names) heap.free(name);
}

/** Gathers text, as a file or a stream would. */
function gather(): { sink: (bytes: Uint8Array) => void; text: () => string } {
  const pieces: string[] = [];
  return {
    sink: (bytes) => pieces.push(new TextDecoder().decode(bytes)),
    text: () => pieces.join(""),
  };
}

const trace = gather();
const heap = recordHeap(createHeap({ maxBytes: 16 << 20 }), trace.sink);
work(heap);
const { operations, blocks } = await heap.recording.end();
console.log(`${operations} calls, ${blocks} blocks`);
console.log(trace.text().split("\n").slice(1, 4).join(", "));

// Sizes and lifetimes only: nobody learns in which order the calls came.
const histogram = gather();
const quiet = recordHeap(createHeap({ maxBytes: 16 << 20 }), histogram.sink, { histogram: true });
work(quiet);
await quiet.recording.end();
const [, size, count, , , lived] = /^h (100) (\d+) (\d+) (\d+) (\d+)/m.exec(histogram.text()) ?? [];
console.log(`${count} blocks of ${size} bytes lived ${Math.round(Number(lived) / Number(count))} calls each`);
