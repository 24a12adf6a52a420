/**
 * A heap in the memory of a Wasm module. The module keeps what lies below its heap base and exports
 * its memory; the heap has the rest. JavaScript allocates, the module computes in place, and
 * nothing is copied between the two. The memory grows when the heap needs more.
 */
import { generate } from "slabsmith";
import type * as build from "slabsmith/client";

/**
 * (module (memory (export "memory") 1)
 *   (func (export "sum") (param $first i32) (param $count i32) (result f32) (local $sum f32)
 *     (block (loop
 *       (br_if 1 (i32.eqz (local.get $count)))
 *       (local.set $sum (f32.add (local.get $sum) (f32.load (local.get $first))))
 *       (local.set $first (i32.add (local.get $first) (i32.const 4)))
 *       (local.set $count (i32.sub (local.get $count) (i32.const 1)))
 *       (br 0)))
 *     (local.get $sum)))
 */
const module = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7d],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  ...[0x07, 0x10, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
  ...[0x03, 0x73, 0x75, 0x6d, 0x00, 0x00],
  ...[0x0a, 0x2d, 0x01, 0x2b, 0x01, 0x01, 0x7d],
  ...[0x02, 0x40, 0x03, 0x40, 0x20, 0x01, 0x45, 0x0d, 0x01],
  ...[0x20, 0x02, 0x20, 0x00, 0x2a, 0x02, 0x00, 0x92, 0x21, 0x02],
  ...[0x20, 0x00, 0x41, 0x04, 0x6a, 0x21, 0x00],
  ...[0x20, 0x01, 0x41, 0x01, 0x6b, 0x21, 0x01],
  ...[0x0c, 0x00, 0x0b, 0x0b, 0x20, 0x02, 0x0b],
]);

interface Exports {
  readonly memory: WebAssembly.Memory;
  sum(first: number, count: number): number;
}

/** Where a linker puts `__heap_base`: behind the module's own data and stack. */
const HEAP_BASE = 65536;

// In a project of one's own `npx slabsmith generate` writes this build, and it is imported as a
// file.
const { files } = await generate({
  extends: "single",
  name: "wasm-memory",
  memory: { kind: "WebAssembly.Memory", baseAt: "call", maxBytes: "256 MiB" },
});
const code = encodeURIComponent(files.get("index.js") as string);
const { createHeap }: typeof build = await import(`data:text/javascript,${code}`);

const { instance } = await WebAssembly.instantiate(module);
const { memory, sum } = instance.exports as unknown as Exports;
const heap = createHeap({ memory, baseBytes: HEAP_BASE });

const COUNT = 1_000_000;
const numbers = heap.malloc(COUNT * 4);
if (numbers === 0) throw new Error("the heap is full");
// The views are read after the call that may have made the memory grow.
heap.f32.fill(0.25, numbers >>> 2, (numbers >>> 2) + COUNT);
console.log(`sum ${sum(numbers, COUNT)}, first address at least ${HEAP_BASE}: ${numbers >= HEAP_BASE}`);
console.log(`the memory has grown: ${memory.buffer.byteLength > 4 * COUNT}`);
heap.free(numbers);
