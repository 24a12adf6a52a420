/**
 * The checked lowering is the same kernel: alone, it gives out the same addresses as the emitted
 * build.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildChecked } from "../../generator/check/build-checked.ts";
import { Machine } from "../../generator/check/machine.ts";
import { toModule } from "../../generator/kernel-source.ts";
import { lowerChecked } from "../../generator/stages/lower-checked.ts";
import type { Heap } from "../../templates/host/api.ts";
import { type Operation, randomScript } from "../support/script.ts";
import { variantOf } from "../support/variants.ts";

const ROOTS = [
  "initialise",
  "malloc",
  "calloc",
  "realloc",
  "memalign",
  "free",
  "usableSize",
  "releaseCaches",
];
const BYTES = 2 << 20;
const TEMPLATES = new URL("../../templates/", import.meta.url);

type Calls = Pick<Heap, "malloc" | "calloc" | "realloc" | "memalign" | "free" | "usableSize" | "detach">;

/** What every operation answered. */
function play(heap: Calls, script: readonly Operation[]): number[] {
  const slots = new Map<number, number>();
  return script.flatMap((operation) => {
    if (operation.call === "detach") {
      heap.detach();
      return [];
    }
    const old = slots.get(operation.slot) ?? 0;
    const ptr = perform(heap, operation, old);
    slots.set(operation.slot, ptr === 0 && operation.call === "realloc" && operation.size > 0 ? old : ptr);
    return [ptr, heap.usableSize(ptr)];
  });
}

function perform(heap: Calls, operation: Exclude<Operation, { call: "detach" }>, old: number): number {
  if (operation.call === "realloc") return heap.realloc(old, operation.size);
  heap.free(old);
  switch (operation.call) {
    case "malloc":
      return heap.malloc(operation.size);
    case "calloc":
      return heap.calloc(operation.count, operation.size);
    case "memalign":
      return heap.memalign(operation.alignment, operation.size);
    case "free":
      return 0;
  }
}

function checkedHeap(name: Parameters<typeof variantOf>[0]): Calls {
  const { kernel } = variantOf(name).resolved;
  const build = buildChecked(kernel, kernel.threads > 1 ? [...ROOTS, "attach"] : ROOTS);
  const machine = new Machine(1, BYTES / 4, (_, site) => JSON.stringify(build.sites[site]));
  const { call } = build.open(machine.ports[0], BYTES);
  const run = (root: string, ...given: number[]) => {
    machine.ports[0].reset();
    return machine.runAlone(0, call[root](...given));
  };
  machine.runAlone(0, call.initialise(true));
  if (kernel.threads > 1) machine.runAlone(0, call.attach(-1));
  return {
    malloc: (size) => run("malloc", size),
    calloc: (count, size) => run("calloc", count, size),
    realloc: (ptr, size) => run("realloc", ptr, size),
    memalign: (alignment, size) => run("memalign", alignment, size),
    free: (ptr) => void run("free", ptr),
    usableSize: (ptr) => run("usableSize", ptr),
    detach: () => void run("releaseCaches"),
  };
}

describe.each(["single", "tiny", "header", "align-32-caps"] as const)("%s", (name) => {
  test("the same addresses as the emitted build", async () => {
    const emitted = await variantOf(name).createHeap({ maxBytes: BYTES });
    const script = randomScript(1, 3000, 100, 100_000);
    expect(play(checkedHeap(name), script)).toEqual(play(emitted, script));
  });
});

describe.each(["shared", "shared-header"] as const)("%s", (name) => {
  test("the same addresses as the emitted build, while one thread is there", async () => {
    const emitted = await variantOf(name).createHeap({ maxBytes: BYTES });
    // A thread that has left gets no more blocks.
    const script = randomScript(1, 3000, 100, 100_000).filter(({ call }) => call !== "detach");
    expect(play(checkedHeap(name), script)).toEqual(play(emitted, script));
  });
});

test("every site is a line of the kernel's source", () => {
  const { sites } = buildChecked(variantOf("tiny").resolved.kernel, ROOTS);
  const lines = new Map<string, string[]>();
  for (const { file, line, text } of sites) {
    const source = lines.get(file) ?? readFileSync(new URL(file, TEMPLATES), "utf8").split("\n");
    lines.set(file, source);
    expect({ file, line, text }).toEqual({ file, line, text: source[line - 1]?.trim() });
    expect(text).toMatch(/\w/);
  }
  expect(sites.length).toBeGreaterThan(100);
});

describe("what is printed", () => {
  const lowered = (text: string) =>
    lowerChecked({ modules: [toModule("kernel/a.ts", text)], records: new Map() }).program.modules[0]?.text;

  test("functions that reach a step are generators, the others stay what they are", () => {
    const text = `
export function root(w: number): number {
  store32(w, load32(w + 1));
  return twice(taken(w));
}
function taken(w: number): number {
  return atomicExchange(w, atomicLoad(w + 1));
}
function twice(n: number): number {
  return n + n;
}
`;
    expect(lowered(text)).toBe(`
export function *root(w: number): number {
  memory.store32(w, memory.load32(w + 1));
  return twice((yield* taken(w)));
}
function *taken(w: number): number {
  return (yield memory.atomicExchange(w, (yield memory.atomicLoad(w + 1))));
}
function twice(n: number): number {
  return n + n;
}
`);
  });

  test("a function with steps is not handed around", () => {
    expect(() => lowered("function a(w: number) { return atomicLoad(w); }\nconst b = [a];")).toThrow(
      /kernel\/a\.ts:2: "a" has steps in it/,
    );
  });

  test("a step stands in a kernel function", () => {
    expect(() => lowered("const b = () => atomicLoad(1);")).toThrow(/kernel\/a\.ts:1: a step may stand in/);
  });
});
