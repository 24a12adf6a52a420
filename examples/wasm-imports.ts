/**
 * A Wasm module that imports `malloc` and `free`, as a C program does that is linked without them
 * (Emscripten: `-sMALLOC=none`, wasm-ld: `--allow-undefined`). They are the heap's, which lies in
 * the module's memory, above the module's own data. `npx tsx examples/wasm-imports.ts` runs it.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import wabt from "wabt";
import type { Heap } from "../generator/plugin/client.ts";
import { generateHeap, type HeapModule, heapBaseAbove } from "./module-heap.ts";

const SOURCE = new URL("./wasm-imports.wat", import.meta.url);

/** What `wasm-imports.wat` exports. */
interface Exports {
  readonly __heap_base: WebAssembly.Global<"i32">;
  count_words(text: number, length: number): number;
  count_of(word: number, length: number): number;
  forget_words(): void;
}

export class WordCounter {
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  /** The module's own data end here. */
  readonly heapBase: number;
  readonly #exports: Exports;

  private constructor(memory: WebAssembly.Memory, heap: Heap, exports: Exports) {
    this.memory = memory;
    this.heap = heap;
    this.heapBase = exports.__heap_base.value;
    this.#exports = exports;
  }

  static async start({ createHeap }: HeapModule, maxBytes = 64 << 20): Promise<WordCounter> {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: maxBytes / 65536 });
    // Made last: the module says where the heap may begin. Until then nothing may allocate.
    let heap: Heap;
    // A module hands over its addresses as signed numbers.
    const malloc = (size: number) => heap.malloc(size >>> 0);
    const free = (ptr: number) => heap.free(ptr >>> 0);
    const { instance } = await WebAssembly.instantiate(await assemble(), { env: { memory, malloc, free } });
    const exports = instance.exports as unknown as Exports;
    heap = createHeap({ memory, baseBytes: heapBaseAbove(exports.__heap_base.value), maxBytes });
    return new WordCounter(memory, heap, exports);
  }

  /** Counts the words of a text. Throws a RangeError at the word for which the heap is too full. */
  count(text: string): void {
    const isDone = this.#lend(text, (ptr, length) => this.#exports.count_words(ptr, length));
    if (isDone === 0) throw new RangeError("the heap is full");
  }

  /** How often a word was counted. */
  countOf(word: string): number {
    return this.#lend(word.toLowerCase(), (ptr, length) => this.#exports.count_of(ptr, length));
  }

  forget(): void {
    this.#exports.forget_words();
  }

  /** JavaScript and the module have one heap, so each can be handed blocks of the other's. */
  #lend(text: string, use: (ptr: number, length: number) => number): number {
    const bytes = new TextEncoder().encode(text);
    const ptr = this.heap.malloc(bytes.length);
    if (ptr === 0) throw new RangeError("the heap is full");
    this.heap.u8.set(bytes, ptr);
    const result = use(ptr, bytes.length);
    this.heap.free(ptr);
    return result;
  }
}

async function assemble(): Promise<Uint8Array<ArrayBuffer>> {
  const { parseWat } = await wabt();
  const parsed = parseWat(SOURCE.pathname, readFileSync(SOURCE));
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  return new Uint8Array(buffer);
}

async function main(): Promise<void> {
  const counter = await WordCounter.start(await generateHeap());
  const { heap, heapBase } = counter;
  counter.count(readFileSync(SOURCE, "utf8"));
  const { liveBlocks, liveBytes } = heap.stats();
  console.log(`${liveBlocks} words in ${liveBytes} bytes, above ${heapBase}`);
  for (const word of ["local", "malloc", "emscripten"]) console.log(`${word}: ${counter.countOf(word)}`);
  counter.forget();
  heap.check?.();
  console.log(`live in the end: ${heap.stats().liveBlocks} blocks`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
