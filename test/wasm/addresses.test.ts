/**
 * Builds of target wasm: every address is that of the JavaScript build of the same spec, and in the
 * end the memory holds the same words.
 */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTrace } from "../../bench/trace.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import { emit, importText } from "../support/emitted.ts";
import { firstDifference } from "../support/pair.ts";
import { type Operation, randomScript, scriptOf } from "../support/script.ts";
import { variants } from "../support/variants.ts";

const MiB = 1 << 20;
/** The first word of a header. */
const MAGIC = 0x62616c73;

/** All that a variant of one thread says, for another target. */
const specs = new Map<string, Spec>(
  variants
    .filter(({ resolved }) => resolved.kernel.threads === 1 && resolved.lowering !== "flagged")
    .filter(({ resolved }) => resolved.target === "typescript" && !resolved.kernel.memory.shared)
    .map(({ name, resolved: { spec } }) => [name, { ...spec, memory: { ...spec.memory, prefault: false } }]),
);

/** Between them they have every system of one thread. */
const OFTEN = ["single", "tiny", "all-tiers"];
const isShort = process.env.ALL_VARIANTS === undefined;
const chosen = isShort ? OFTEN : [...specs.keys()];

const traces = new URL("../../bench/traces/", import.meta.url);
const recorded = readdirSync(traces).map((file): [string, Operation[]] => {
  const trace = readTrace(new URL(file, traces).pathname);
  return [trace.name, scriptOf(trace, Number.POSITIVE_INFINITY)];
});

async function build(spec: Spec, target: Spec["target"]) {
  const kind = target === "wasm" ? "ArrayBuffer" : (spec.memory?.kind ?? "ArrayBuffer");
  const resolved = resolveSpec({ ...spec, target, memory: { ...spec.memory, kind } });
  return importText(String((await emit(resolved)).get("index.js")));
}

async function pair(name: string, options: object = {}) {
  const spec = { ...specs.get(name)!, memory: { ...specs.get(name)!.memory, baseAt: "call" as const } };
  const [js, wasm] = [await build(spec, "typescript"), await build(spec, "wasm")];
  return [js.createHeap(options), wasm.createHeap(options)] as const;
}

/** The words of the heaps that differ, but for the two of the spec's hash where there is a header. */
function differingWords(one: Uint32Array, other: Uint32Array): number[] {
  const found: number[] = [];
  const end = Math.min(one.length, other.length);
  const isHash = (w: number) => one[1] === MAGIC && (w === 3 || w === 4);
  for (let w = 0; w < end; w++) if (one[w] !== other[w] && !isHash(w)) found.push(w);
  return found;
}

describe.each(chosen)("%s", (name) => {
  test.each(recorded)("the trace of %s", async (_, script) => {
    const [js, wasm] = await pair(name, { maxBytes: 256 * MiB });
    const calls = isShort && name !== "single" ? script.slice(0, 4000) : script;
    expect(firstDifference(js, wasm, calls)).toBeUndefined();
    expect(differingWords(js.u32, wasm.u32)).toEqual([]);
    wasm.check?.();
  });

  test.each([1, 2, 3])("random operations, seed %i", async (seed) => {
    const [js, wasm] = await pair(name, { maxBytes: 24 * MiB, baseBytes: (seed - 1) * 320 * 1024 });
    for (const [operations, slots, largest] of [
      [6000, 600, 2048],
      [3000, 60, 2 * MiB],
      [2000, 16, 6 * MiB],
    ] as const) {
      expect(firstDifference(js, wasm, randomScript(seed, operations, slots, largest))).toBeUndefined();
    }
    wasm.check?.();
  });
});
