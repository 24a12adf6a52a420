/** `slabsmith link`: programs in WebAssembly text and in C, and what cannot be linked. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import binaryen from "binaryen";
import { afterAll, describe, expect, test } from "vitest";
import { link } from "../../generator/link/link.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { slabsmith } from "../cli/slabsmith.ts";
import { emit, importText } from "../support/emitted.ts";
import { randomNumbers } from "../support/script.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

const { kernel } = resolveSpec({ extends: "single", target: "wasm" });

/** A program that hands out the allocator's functions, with its own words at 8. */
const PLAIN = `(module
  (import "env" "malloc" (func $malloc (param i32) (result i32)))
  (import "env" "free" (func $free (param i32)))
  (import "env" "realloc" (func $realloc (param i32 i32) (result i32)))
  (import "host" "told" (func $told (param i32)))
  (memory (export "memory") 3)
  (data (i32.const 8) "own data")
  (func (export "take") (param $size i32) (result i32) (call $malloc (local.get $size)))
  (func (export "resize") (param $p i32) (param $size i32) (result i32)
    (call $realloc (local.get $p) (local.get $size)))
  (func (export "give") (param $p i32) (call $free (local.get $p)) (call $told (local.get $p))))`;

function assembled(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  const { Features } = binaryen;
  module.setFeatures(Features.MutableGlobals | Features.MultiMemory | Features.Atomics);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

async function start(text: string, imports: Record<string, Record<string, unknown>> = {}) {
  const linked = await link(kernel, "program.wasm", assembled(text));
  const module = new WebAssembly.Module(linked.binary as BufferSource);
  const { exports } = new WebAssembly.Instance(module, imports as WebAssembly.Imports);
  const calls = exports as Record<string, (...words: number[]) => number> & { memory: WebAssembly.Memory };
  return { ...linked, module, calls };
}

test("a program has the heap behind its memory, its own data as they were, and other imports", async () => {
  const told: number[] = [];
  const { calls, module, base } = await start(PLAIN, { host: { told: (ptr: number) => told.push(ptr) } });
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: "host", name: "told", kind: "function" }]);
  expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual([
    "memory",
    "take",
    "resize",
    "give",
  ]);
  expect(base).toBe(3 * 64 * KiB);
  const block = calls.take!(100);
  expect(block).toBeGreaterThan(base);
  new Uint8Array(calls.memory.buffer, block, 100).fill(7);
  const moved = calls.resize!(block, 1 * MiB);
  expect(new Uint8Array(calls.memory.buffer, moved, 100).every((byte) => byte === 7)).toBe(true);
  calls.give!(moved);
  expect(told).toEqual([moved]);
  expect(Buffer.from(calls.memory.buffer, 8, 8).toString()).toBe("own data");
});

test("its addresses are those of the JavaScript build that begins at the same place", async () => {
  const { calls, base, end } = await start(PLAIN, { host: { told() {} } });
  const files = await emit(
    resolveSpec({ extends: "single", memory: { kind: "WebAssembly.Memory", baseAt: "call" } }),
  );
  const { createHeap } = await importText(String(files.get("index.js")));
  const memory = new WebAssembly.Memory({ initial: 3, maximum: 1024 });
  const heap = createHeap({ memory, baseBytes: base, maxBytes: end });
  const random = randomNumbers(9);
  const blocks: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    if (blocks.length > 0 && random() < 0.48) {
      const [block] = blocks.splice(Math.floor(random() * blocks.length), 1);
      calls.give!(block!);
      heap.free(block!);
    } else {
      const size = Math.floor(2 ** (random() * 14));
      const block = calls.take!(size) >>> 0;
      if (block !== heap.malloc(size)) throw new Error(`call ${i}: ${size} bytes at ${block}`);
      blocks.push(block);
    }
  }
});

test("a memory that is given, a start function that allocates, and an end that the memory sets", async () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 40 });
  new Uint8Array(memory.buffer).fill(0xaa);
  const { calls, base, end } = await start(
    `(module
      (import "env" "memory" (memory 2 40))
      (import "libc" "calloc" (func $calloc (param i32 i32) (result i32)))
      (global $first (mut i32) (i32.const 0))
      (func $begin (global.set $first (call $calloc (i32.const 10) (i32.const 100))))
      (func (export "first") (result i32) (global.get $first))
      (func (export "again") (result i32) (call $calloc (i32.const 10) (i32.const 100)))
      (start $begin))`,
    { env: { memory } },
  );
  expect([base, end]).toEqual([2 * 64 * KiB, 40 * 64 * KiB]);
  const first = calls.first!();
  expect(first).toBeGreaterThan(base);
  expect(new Uint8Array(memory.buffer, first, 1000).every((byte) => byte === 0)).toBe(true);
  let blocks = 1;
  while (calls.again!() !== 0) blocks++;
  expect(blocks).toBeGreaterThan(2000);
  expect(new Uint8Array(memory.buffer, 0, base).every((byte) => byte === 0xaa)).toBe(true);
});

test("a heap begins at __heap_base where a program exports it, and names of its own do not clash", async () => {
  const { calls, base } = await start(`(module
    (import "env" "malloc" (func $refill (param i32) (result i32)))
    (memory (export "memory") 4)
    (global (export "__heap_base") i32 (i32.const 70000))
    (global $slabOrigin (mut i32) (i32.const 5))
    (func $takeVirgin (result i32) (global.get $slabOrigin))
    (func (export "malloc") (param i32) (result i32) (call $refill (local.get 0)))
    (func (export "own") (result i32) (call $takeVirgin)))`);
  expect(base).toBe(73_728);
  expect(calls.malloc!(10)).toBeGreaterThan(base);
  expect(calls.own!()).toBe(5);
});

describe("what cannot be linked is refused with a sentence", () => {
  const module = (text: string) => assembled(`(module ${text})`);
  const imports = '(import "env" "malloc" (func (param i32) (result i32)))';
  test.each<[what: string, bytes: Uint8Array, sentence: string]>([
    [
      "no module",
      Buffer.from("int main() {}"),
      "this is no WebAssembly module; give the .wasm file of a program",
    ],
    [
      "a damaged one",
      module(`${imports} (memory 1)`).slice(0, 30),
      "the module is damaged, or uses what binaryen cannot read",
    ],
    ["no memory", module(imports), "it has no memory, and a heap needs one; export or import a memory"],
    [
      "two memories",
      module(`${imports} (memory 1) (memory 1)`),
      "it has 2 memories, and the heap could lie in one only",
    ],
    [
      "a shared memory",
      module(`${imports} (memory 1 2 shared)`),
      "its memory is shared by threads, and this allocator is for one; link without --shared-memory",
    ],
    [
      "no allocator wanted",
      module("(memory 1)"),
      "it imports none of malloc, calloc, realloc, aligned_alloc, memalign, free, malloc_usable_size",
    ],
    [
      "other parameters",
      module('(import "env" "malloc" (func (param i64) (result i32))) (memory 1)'),
      "it imports env.malloc with other parameters than the allocator's malloc: 1 of i32, and an i32",
    ],
    [
      "malloc twice",
      module(`${imports} (import "libc" "malloc" (func (param i32) (result i32))) (memory 1)`),
      "it imports malloc from two modules; one must go",
    ],
    [
      "too much data",
      module(`${imports} (memory 2000)`),
      "its data end at 131072000, and the heap would have to end at 67108864: raise memory.maxBytes",
    ],
  ])("%s", async (_, bytes, sentence) => {
    await expect(link(kernel, "p.wasm", bytes)).rejects.toThrow(`p.wasm: ${sentence}`);
  });
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "slabsmith-link-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("writes the module, and says where the heap lies", async () => {
    const file = join(folder, "plain.wasm");
    writeFileSync(file, assembled(PLAIN));
    const { code, out } = await slabsmith(["link", "tiny", file, "--json"]);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.functions).toEqual(["malloc", "free", "realloc"]);
    expect(result.heap).toEqual({ base: 196_608, end: 64 * MiB });
    expect(readFileSync(join(folder, "plain.linked.wasm")).length).toBe(result.bytes.linked);
  });

  test("refuses a spec for threads and a file that is not there", async () => {
    const shared = await slabsmith(["link", "shared", join(folder, "plain.wasm")]);
    expect([shared.code, shared.err]).toEqual([
      2,
      expect.stringContaining("target wasm is built for one thread"),
    ]);
    const missing = await slabsmith(["link", "single", join(folder, "none.wasm")]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("cannot be read (ENOENT)")]);
  });

  const C = `typedef unsigned long size_t;
    void *malloc(size_t); void free(void *); void *realloc(void *, size_t); void *calloc(size_t, size_t);
    struct node { struct node *left, *right; int key; };
    static struct node *insert(struct node *tree, int key) {
      if (!tree) { tree = calloc(1, sizeof *tree); tree->key = key; return tree; }
      if (key < tree->key) tree->left = insert(tree->left, key);
      else if (key > tree->key) tree->right = insert(tree->right, key);
      return tree;
    }
    static int clear(struct node *tree) {
      if (!tree) return 0;
      int nodes = clear(tree->left) + clear(tree->right) + 1;
      free(tree);
      return nodes;
    }
    __attribute__((export_name("distinct"))) int distinct(int count) {
      struct node *tree = 0;
      int *keys = malloc(sizeof *keys);
      unsigned state = 1;
      for (int i = 0; i < count; i++) {
        keys = realloc(keys, (unsigned)(i + 1) * sizeof *keys);
        keys[i] = (int)((state = state * 1664525u + 1013904223u) >> 20);
      }
      for (int i = 0; i < count; i++) tree = insert(tree, keys[i]);
      free(keys);
      return clear(tree);
    }`;

  test("a program in C", async (context) => {
    const [source, object] = [join(folder, "tree.c"), join(folder, "tree.wasm")];
    writeFileSync(source, C);
    try {
      const options = [
        "--target=wasm32",
        "-O2",
        "-nostdlib",
        "-Wl,--no-entry,--allow-undefined,--export=__heap_base",
      ];
      execFileSync("clang", [...options, "-o", object, source], { stdio: "pipe" });
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: Buffer };
      context.skip(`no clang with wasm-ld: ${String(stderr ?? message).split("\n")[0]}`);
    }
    const linked = await link(kernel, object, readFileSync(object));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(linked.binary as BufferSource));
    const { distinct } = exports as { distinct(count: number): number };
    let state = 1;
    const keys = Array.from({ length: 3000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 20;
    });
    for (let i = 0; i < 3; i++) expect(distinct(3000)).toBe(new Set(keys).size);
  });
});
