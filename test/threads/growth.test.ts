/** A memory that another thread grows at the very moment when this one does. */
import { expect, test } from "vitest";
import { variantOf } from "../support/variants.ts";

const MiB = 1 << 20;
const WASM_PAGE = 65536;

/**
 * A memory whose every growth comes second: by as much it has been grown just before, if it could
 * be.
 */
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

const growing = ["shared-wasm", "shared-wasm-class-form"] as const;

test.each(growing)("%s: a refusal is none when it comes of another's growth", async (name) => {
  const { createHeap } = await variantOf(name).module();
  const heap = createHeap({ memory: contested(16 * MiB), maxBytes: 16 * MiB });
  expect(heap.malloc(9 * MiB)).not.toBe(0);
  expect(heap.malloc(9 * MiB)).toBe(0);
  expect(heap.malloc(3 * MiB)).not.toBe(0);
  heap.check();
});
