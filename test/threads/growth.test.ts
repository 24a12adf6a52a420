/** A memory that another thread grows at the very moment when this one does. */
import { expect, test } from "vitest";
import { variantOf } from "../support/variants.ts";

const MiB = 1 << 20;
const WASM_PAGE = 65536;

/** A memory whose every growth comes second: by as much it has been grown just before, if it could be. */
function contested(bytes: number): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: 0, maximum: bytes / WASM_PAGE, shared: true });
  const grow = (pages: number) => WebAssembly.Memory.prototype.grow.call(memory, pages);
  memory.grow = (pages) => {
    try {
      grow(pages);
    } catch {}
    return grow(pages);
  };
  return memory;
}

test("all of a memory can be used, whoever grows it", async () => {
  const { createHeap } = await variantOf("shared-wasm").module();
  const fill = (memory: WebAssembly.Memory) => {
    const heap = createHeap({ memory, maxBytes: 16 * MiB });
    let bytes = 0;
    for (const size of [5 * MiB, 1 * MiB, 40_000, 1000]) {
      while (heap.malloc(size) !== 0) bytes += size;
    }
    heap.check();
    return bytes;
  };
  const plain = new WebAssembly.Memory({ initial: 0, maximum: (16 * MiB) / WASM_PAGE, shared: true });
  expect(fill(contested(16 * MiB))).toBe(fill(plain));
});
