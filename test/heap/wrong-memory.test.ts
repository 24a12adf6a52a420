/** The wrong memory: the error says what was given, what is needed, and the way out. */
import { describe, expect, test } from "vitest";
import { chosenVariants, type Variant, variantOf } from "../support/variants.ts";

const memory = (initial: number, maximum: number, shared: boolean) =>
  new WebAssembly.Memory({ initial, maximum, shared });
const detached = () => {
  const buffer = new ArrayBuffer(1 << 20);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};
const resizable = () => {
  const Resizable = ArrayBuffer as unknown as new (
    bytes: number,
    how: { maxByteLength: number },
  ) => ArrayBuffer;
  return new Resizable(1 << 20, { maxByteLength: 1 << 21 });
};

const cases: [
  variant: Variant["name"] & Parameters<typeof variantOf>[0],
  given: string,
  options: () => unknown,
  message: string,
][] = [
  [
    "shared",
    "an ArrayBuffer",
    () => ({ memory: new ArrayBuffer(1 << 22) }),
    "memory: an ArrayBuffer is given; other threads would get a copy of it, so give a SharedArrayBuffer",
  ],
  [
    "single",
    "a Buffer of Node",
    () => ({ memory: Buffer.alloc(1 << 20) }),
    "memory: a Uint8Array is a view of a memory; give its .buffer, if nobody else uses that (small Buffers of Node share one)",
  ],
  [
    "wasm",
    "a typed array",
    () => ({ memory: new Float64Array(10) }),
    "memory: a Float64Array is a view of a memory; give its .buffer, if nobody else uses that (small Buffers of Node share one)",
  ],
  [
    "single",
    "a WebAssembly.Memory",
    () => ({ memory: memory(1, 1, false) }),
    "memory: Memory is given; this build takes an ArrayBuffer",
  ],
  ["single", "a number", () => ({ memory: 5 }), "memory: 5 is given; this build takes an ArrayBuffer"],
  [
    "single",
    "a detached buffer",
    () => ({ memory: detached() }),
    "memory: this ArrayBuffer has 0 bytes; it was made so, or it is detached, as after it was transferred",
  ],
  [
    "single",
    "a resizable buffer",
    () => ({ memory: resizable() }),
    "memory: this ArrayBuffer can change its length, and access to such a one is slow; give one of a fixed length",
  ],
  [
    "wasm",
    "an ArrayBuffer",
    () => ({ memory: new ArrayBuffer(1 << 20) }),
    "memory: ArrayBuffer is given; this build takes a WebAssembly.Memory",
  ],
  [
    "wasm",
    "a shared memory",
    () => ({ memory: memory(1, 100, true) }),
    "memory: this WebAssembly.Memory is shared; this build is for one thread and takes one made without shared: true",
  ],
  [
    "shared-wasm",
    "a memory that is not shared",
    () => ({ memory: memory(1, 100, false) }),
    "memory: this WebAssembly.Memory is not shared; several threads need one made with shared: true",
  ],
  [
    "single",
    "maxBytes -1",
    () => ({ maxBytes: -1 }),
    "maxBytes: -1 is no number of bytes; give a number above 0, or leave it out",
  ],
  [
    "single",
    "maxBytes as a string",
    () => ({ maxBytes: "64" }),
    'maxBytes: "64" is no number of bytes; give a number above 0, or leave it out',
  ],
  [
    "single",
    "maxBytes as a bigint",
    () => ({ maxBytes: 64n }),
    "maxBytes: 64n is no number of bytes; give a number above 0, or leave it out",
  ],
  [
    "shared",
    "maxBytes NaN",
    () => ({ maxBytes: Number.NaN }),
    "maxBytes: NaN is no number of bytes; give a number above 0, or leave it out",
  ],
  [
    "wasm",
    "a memory that cannot hold the metadata",
    () => ({ memory: memory(1, 2, false) }),
    "memory: it cannot grow to the",
  ],
];

test.each(cases)("%s refuses %s", async (name, _, options, message) => {
  const { createHeap } = await variantOf(name).module();
  expect(messageOf(() => createHeap(options() as object))).toContain(message);
});

test("what is no handle cannot be attached to", async () => {
  const { attachHeap, createHeap } = await variantOf("shared").module();
  const way = "is no handle of a heap; give heap.handle, or what heap.reserve() returned";
  for (const [value, shown] of [
    [undefined, "undefined"],
    [5, "5"],
    [{}, "Object"],
    [createHeap(), "Object"],
  ] as const) {
    if (value instanceof Object && "handle" in value) continue;
    expect(messageOf(() => attachHeap(value as never))).toBe(`attachHeap: ${shown} ${way}`);
  }
});

test("where SharedArrayBuffer does not exist the error names the headers", async () => {
  const { createHeap } = await variantOf("shared").module();
  const kept = globalThis.SharedArrayBuffer;
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  try {
    expect(messageOf(() => createHeap())).toBe(
      "SharedArrayBuffer does not exist here: a page gets it when it is cross-origin isolated, so serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  } finally {
    globalThis.SharedArrayBuffer = kept;
  }
});

describe.each(chosenVariants.filter(({ resolved }) => resolved.kernel.api.memoryChecks))(
  "$name",
  (variant) => {
    test("a memory that is too small is told, with the least that works", async () => {
      const { createHeap } = await variant.module();
      const start = variant.baseBytes + 10;
      const message = messageOf(() => createHeap({ maxBytes: start }));
      const least = Number(/give at least (\d+)$/.exec(message)?.[1]);
      expect(message).toBe(
        `maxBytes: ${start} bytes are too few for the metadata and one page; give at least ${least}`,
      );
      createHeap({ maxBytes: least }).check();
      expect(messageOf(() => createHeap({ maxBytes: least - variant.pageBytes }))).toContain(
        `give at least ${least}`,
      );
    });
  },
);

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
}
