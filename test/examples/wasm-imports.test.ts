/** The example of a Wasm module with imported malloc: its data and the heap's stay apart. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SPEC } from "../../examples/module-heap.ts";
import { WordCounter } from "../../examples/wasm-imports.ts";
import { resolveSpec } from "../../spec/resolve.ts";
import { emit, importText } from "../support/emitted.ts";
import { randomNumbers } from "../support/script.ts";
import { linesOf } from "./program.ts";

/** Where the module keeps the root of its tree, the one word of its data that changes. */
const ROOT = 1280;

async function start(maxBytes?: number): Promise<WordCounter> {
  const files = await emit(resolveSpec(SPEC));
  return WordCounter.start(await importText(String(files.get("index.js"))), maxBytes);
}

/** Texts of words of 1 to 300 letters, few of them often, and how often each has come. */
class Texts {
  readonly counts = new Map<string, number>();
  readonly #random = randomNumbers(3);

  next(words: number): string {
    return Array.from({ length: words }, () => {
      const number = Math.floor(this.#random() ** 3 * 100_000);
      const letters = number.toString(26).replace(/[0-9]/g, (digit) => "qrstuvwxyz".charAt(Number(digit)));
      const word = number % 50 === 0 ? letters.repeat(75) : letters;
      this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
      return number % 3 === 0 ? word.toUpperCase() : word;
    }).join(" ");
  }
}

function expectCounted(counter: WordCounter, counts: ReadonlyMap<string, number>): void {
  for (const [word, count] of counts) expect([word, counter.countOf(word)]).toEqual([word, count]);
  expect(counter.countOf("unheardof")).toBe(0);
  expect(counter.heap.stats().liveBlocks).toBe(counts.size);
  counter.heap.check?.();
}

/** What the module keeps below its heap base, without the root of its tree. */
function ownData(counter: WordCounter): Buffer {
  const bytes = Buffer.from(new Uint8Array(counter.memory.buffer, 0, counter.heapBase));
  bytes.writeUInt32LE(0, ROOT);
  return bytes;
}

test("thousands of words: each is a block of the heap's, above the module's own data", async () => {
  const counter = await start();
  const texts = new Texts();
  const data = ownData(counter);
  const pages = counter.memory.buffer.byteLength / 65536;
  for (let i = 0; i < 20; i++) {
    counter.count(texts.next(2000));
    expect(ownData(counter).equals(data)).toBe(true);
  }
  expectCounted(counter, texts.counts);
  expect(texts.counts.size).toBeGreaterThan(10_000);
  const lowest = Math.min(...[...(counter.heap.blocks?.() ?? [])].map(({ ptr }) => ptr));
  expect(lowest).toBeGreaterThanOrEqual(counter.heapBase);
  // The heap has grown the module's memory.
  expect(counter.memory.buffer.byteLength / 65536).toBeGreaterThan(pages);

  counter.forget();
  expectCounted(counter, new Map());
  const { peakCommittedBytes } = counter.heap.stats();
  const again = new Texts();
  for (let i = 0; i < 20; i++) counter.count(again.next(2000));
  expectCounted(counter, texts.counts);
  expect(counter.heap.stats().peakCommittedBytes).toBeLessThan(peakCommittedBytes * 1.1);
});

test("others grow the memory in the middle of it", async () => {
  const counter = await start();
  const texts = new Texts();
  for (let i = 0; i < 50; i++) {
    counter.count(texts.next(50));
    counter.memory.grow(1);
    if (i % 10 === 0) counter.heap.check?.();
  }
  counter.memory.grow(1);
  expectCounted(counter, texts.counts);
  counter.memory.grow(1);
  counter.forget();
  expectCounted(counter, new Map());
});

test("a full heap: the module is told, keeps what it has, and goes on later", async () => {
  const counter = await start(1 << 20);
  const data = ownData(counter);
  const texts = new Texts();
  const fill = () => {
    for (let i = 0; i < 100; i++) counter.count(texts.next(500));
  };
  expect(fill).toThrow(new RangeError("the heap is full"));
  counter.heap.check?.();
  expect(ownData(counter).equals(data)).toBe(true);
  const { liveBlocks } = counter.heap.stats();
  expect(liveBlocks).toBeGreaterThan(5000);

  counter.forget();
  expectCounted(counter, new Map());
  const others = new Texts();
  counter.count(others.next(2000));
  expectCounted(counter, others.counts);
});

test("the program counts the words of its own module", async () => {
  const source = readFileSync(new URL("../../examples/wasm-imports.wat", import.meta.url), "utf8");
  const words = source.toLowerCase().match(/[a-z]+/g) ?? [];
  const often = (word: string) => words.filter((other) => other === word).length;
  expect(await linesOf("wasm-imports")).toEqual([
    expect.stringMatching(new RegExp(`^${new Set(words).size} words in \\d+ bytes, above 66832$`)),
    `local: ${often("local")}`,
    `malloc: ${often("malloc")}`,
    "emscripten: 0",
    "live in the end: 0 blocks",
  ]);
});
