/** `recordImports`: the allocator's functions that a Wasm module imports. */
import { expect, test } from "vitest";
import wabt from "wabt";
import { createHeap } from "../../generated/single/allocator.ts";
import { recordImports } from "../../templates/record/index.ts";
import { Gathered } from "./sinks.ts";

/** Calls each import once, with sizes as Wasm passes them. */
const MODULE = `(module
  (import "env" "malloc" (func $malloc (param i32) (result i32)))
  (import "env" "calloc" (func $calloc (param i32 i32) (result i32)))
  (import "env" "realloc" (func $realloc (param i32 i32) (result i32)))
  (import "env" "aligned_alloc" (func $aligned_alloc (param i32 i32) (result i32)))
  (import "env" "free" (func $free (param i32)))
  (func (export "run") (local $a i32) (local $b i32)
    (local.set $a (call $malloc (i32.const 24)))
    (local.set $b (call $calloc (i32.const 3) (i32.const 7)))
    (local.set $a (call $realloc (local.get $a) (i32.const 500)))
    (call $free (local.get $b))
    (drop (call $malloc (i32.const -5)))
    (call $free (call $aligned_alloc (i32.const 64) (i32.const 128)))
    (call $free (local.get $a))))`;

test("a module's calls are recorded, and its other imports are left alone", async () => {
  const { malloc, calloc, realloc, memalign, free, stats } = createHeap({ maxBytes: 1 << 20 });
  const gathered = new Gathered();
  const given = { malloc, calloc, realloc, aligned_alloc: memalign, free, abort: () => {}, limit: 7 };
  const { imports, recording } = recordImports(given, gathered.sink);
  expect([imports.abort, imports.limit]).toEqual([given.abort, 7]);
  const { parseWat } = await wabt();
  const { buffer } = parseWat("calls.wat", MODULE).toBinary({});
  const { instance } = await WebAssembly.instantiate(new Uint8Array(buffer), { env: imports });
  (instance.exports as { run(): void }).run();
  await recording.end();
  const lines = gathered.text.split("\n").filter((line) => !line.startsWith("#"));
  expect(lines.join("; ")).toBe("a 0 24; z 1 21; r 0 500; f 1; m 2 128 64; f 2; f 0; ");
  expect(stats().liveBlocks).toBe(0);
});

test("what the imports lack is not added, and without a sink nothing is changed", async () => {
  const given = { malloc: () => 8, free: () => {} };
  expect(Object.keys(recordImports(given, () => {}).imports)).toEqual(["malloc", "free"]);
  expect(recordImports(given)).toEqual({ imports: given });
});

test("addresses above 2 GiB come as negative numbers", async () => {
  const gathered = new Gathered();
  const addresses = [2 ** 31 + 64, 2 ** 32 - 64];
  const given = { malloc: (_size: number) => (addresses.pop() as number) | 0, free: (_ptr: number) => {} };
  const { imports, recording } = recordImports(given, gathered.sink);
  const first = imports.malloc(8);
  imports.free(imports.malloc(9));
  imports.free(first >>> 0);
  expect(await recording.end()).toMatchObject({ operations: 4, unknownFrees: 0 });
});
