/**
 * Builds of target c: compiled without a warning by the compilers that are there, they give the
 * addresses of the JavaScript build, and sanitizers find nothing.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readTrace } from "../../bench/trace.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import type { Spec } from "../../spec/schema.ts";
import { emit, importText } from "../support/emitted.ts";
import { type Operation, randomScript, scriptOf } from "../support/script.ts";

const MiB = 1 << 20;

const WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
const SANITIZERS = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

const compilers = ["gcc", "clang"].filter((name) => spawnSync(name, ["--version"]).status === 0);
if (compilers.length === 0) console.log("neither gcc nor clang is there: the tests of target c are skipped");

const specs: Record<string, Spec> = {
  single: { extends: "single" },
  tiny: { extends: "tiny" },
  "all tiers": {
    header: true,
    tiers: {
      fast: { cap: 20 },
      tlsSll: { cap: 8, drainEvery: 100 },
      unifiedCache: { cap: 5 },
      magazine: { rounds: 7 },
      tlsList: { cap: 9 },
    },
    activeTracking: true,
    refill: { sticky: true, hotSlot: true },
  },
};

function hasSanitizers(compiler: string): boolean {
  const input = "int main(void) { return 0; }";
  const options = [...SANITIZERS, "-x", "c", "-", "-o", join(folder, "none")];
  return spawnSync(compiler, options, { input }).status === 0;
}

const folder = mkdtempSync(join(tmpdir(), "slabsmith-c-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the build, and compiles it with the driver. */
async function compile(name: string, compiler: string, options: readonly string[]): Promise<string> {
  const resolved = resolveSpec({ ...specs[name], target: "c", c: { prefix: "tested_" } }, "tested");
  const files = await emit(resolved);
  const own = mkdtempSync(join(folder, "build-"));
  for (const [file, text] of files) writeFileSync(join(own, file), text);
  const program = join(own, "program");
  const driver = fileURLToPath(new URL("driver.c", import.meta.url));
  const sources = [join(own, "allocator.c"), driver];
  execFileSync(compiler, [...WARNINGS, ...options, "-I", own, "-o", program, ...sources], { stdio: "pipe" });
  return program;
}

const KINDS = { malloc: 0, calloc: 1, memalign: 2, realloc: 3, free: 4, detach: 5 } as const;

/** A script as the driver reads it. A detach has a slot that no block uses. */
function asWords(script: readonly Operation[]): Buffer {
  const words = script.flatMap((operation) => {
    switch (operation.call) {
      case "calloc":
        return [KINDS.calloc, operation.slot, operation.count, operation.size];
      case "memalign":
        return [KINDS.memalign, operation.slot, operation.size, operation.alignment];
      case "detach":
        return [KINDS.detach, 999_999, 0, 0];
      default:
        return [KINDS[operation.call], operation.slot, "size" in operation ? operation.size : 0, 0];
    }
  });
  return Buffer.from(Uint32Array.from(words).buffer);
}

function played(program: string, maxBytes: number, script: readonly Operation[]): Uint32Array {
  const input = asWords(script);
  const { status, stdout, stderr } = spawnSync(program, [String(maxBytes)], { input, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`the driver ended with ${status}: ${String(stderr).slice(0, 2000)}`);
  return new Uint32Array(Uint8Array.from(stdout).buffer);
}

/** The same in JavaScript. */
async function expected(name: string, maxBytes: number, script: readonly Operation[]): Promise<Uint32Array> {
  const files = await emit(resolveSpec({ ...specs[name] }, "tested"));
  const heap = (await importText(String(files.get("index.js")))).createHeap({ maxBytes });
  const blocks = new Map<number, number>();
  return Uint32Array.from(script, (operation) => {
    if (operation.call === "detach") {
      heap.detach();
      return 0;
    }
    const old = blocks.get(operation.slot) ?? 0;
    if (operation.call !== "realloc") heap.free(old);
    let block = 0;
    if (operation.call === "malloc") block = heap.malloc(operation.size);
    if (operation.call === "calloc") block = heap.calloc(operation.count, operation.size);
    if (operation.call === "memalign") block = heap.memalign(operation.alignment, operation.size);
    if (operation.call === "realloc") {
      block = heap.realloc(old, operation.size);
      if (block === 0 && operation.size > 0) block = old;
    }
    blocks.set(operation.slot, block);
    return block;
  });
}

const traces = new URL("../../bench/traces/", import.meta.url);
const isLong = process.env.ALL_VARIANTS !== undefined;
const recorded = readdirSync(traces).map((file): [string, Operation[]] => {
  const trace = readTrace(new URL(file, traces).pathname);
  return [trace.name, scriptOf(trace, isLong ? Number.POSITIVE_INFINITY : 20_000)];
});

describe.skipIf(compilers.length === 0).each(Object.keys(specs))("%s", (name) => {
  test("every compiler takes it without a warning; addresses are those of JavaScript", async () => {
    for (const compiler of compilers) {
      const program = await compile(name, compiler, ["-O2"]);
      for (const [trace, script] of recorded) {
        const found = played(program, 256 * MiB, script);
        expect(firstDifference(found, await expected(name, 256 * MiB, script)), `${compiler} ${trace}`).toBe(
          -1,
        );
      }
    }
  });

  test("sanitizers find nothing in random operations, a full heap included", async (context) => {
    const compiler = compilers.find(hasSanitizers);
    if (compiler === undefined) {
      context.skip("no compiler that is there has the sanitizers' libraries");
      return;
    }
    const program = await compile(name, compiler, SANITIZERS);
    for (const [seed, operations, slots, largest] of [
      [1, 6000, 600, 2048],
      [2, 2000, 60, 2 * MiB],
      [3, 1500, 16, 6 * MiB],
    ] as const) {
      const script = randomScript(seed, operations, slots, largest);
      const found = played(program, 24 * MiB, script);
      expect(firstDifference(found, await expected(name, 24 * MiB, script)), `seed ${seed}`).toBe(-1);
    }
  });
});

function firstDifference(one: Uint32Array, other: Uint32Array): number {
  if (one.length !== other.length) return Math.min(one.length, other.length);
  return one.findIndex((word, index) => word !== other[index]);
}
